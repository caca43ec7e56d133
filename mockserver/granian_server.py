"""Serves by Granian, whose HTTP is written in Rust: an extra, for more calls a second with few threads.

What it does not tell or let us do stands in `docs/reference/http-servers.md`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
from copy import deepcopy
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LOGGING_CONFIG, LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]  # from its compiled part
from granian.server import MPServer

from mockserver import signals
from mockserver.logs import Logged, OneLine
from mockserver.open_files import connections
from mockserver.settings import BACKLOG, DRAIN_S, KEEP_ALIVE_S, Settings
from mockserver.starting import Start

_MS = 1000
#: A worker is told so often to stop, with so many seconds between, because Granian's misses a signal while it begins.
_STOP_SIGNALS, _STOP_SIGNAL_S = 10, 0.5
#: Bytes of a request's head that are read; Granian takes no smaller bound.
_LONGEST_HEAD = 8192


def run(app: Any, settings: Settings, taken: socket.socket, start: Start) -> None:
    """Serve *app* on the socket *taken* until a signal ends it."""
    # What the workers share was made before, and cannot be sent to them in any other way.
    multiprocessing.set_start_method("fork", force=True)
    logged = Logged(app) if settings.access_log else app  # Granian itself would log the path that was sent
    Server(settings, taken).serve(target_loader=Loader(logged, start), wrap_loader=False)


class Loader:
    """What each worker calls for its application, before its first request."""

    def __init__(self, app: Any, start: Start) -> None:
        self._app = app
        self._start = start
        self._server_pid = os.getpid()
        self._announced = multiprocessing.Lock()  # taken by the worker that announces the server, for ever

    def __call__(self) -> Any:
        """Return the application."""
        os.environ.clear()  # Granian adds them to every request, where HTTP_PROXY would be taken for a header
        signals.ignore_in_worker()
        self._start.worker(first=self._announced.acquire(block=False), server_pid=self._server_pid)
        return self._app


class Server(MPServer):
    """Our settings as Granian's."""

    def __init__(self, settings: Settings, taken: socket.socket) -> None:
        self._descriptor = taken.detach()
        self._outlives_terminals = signals.outlives_terminals()
        signal.signal(signal.SIGQUIT, self.signal_handler_interrupt)  # Granian sets the others
        super().__init__(
            "",
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=settings.threads,
            backpressure=connections(settings.threads),
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=KEEP_ALIVE_S * _MS, max_buffer_size=_LONGEST_HEAD),
            websockets=False,
            log_level=LogLevels.error,
            log_dictconfig=_logging_to_standard_error(),
            respawn_failed_workers=True,
            workers_kill_timeout=DRAIN_S,
        )

    def signal_handler_reload(self, *arguments: Any, **keywords: Any) -> None:
        """Stop by SIGHUP; Granian would start new workers, with a memory of their own."""
        stop: Any = self.signal_handler_interrupt
        if not self._outlives_terminals:
            stop(*arguments, **keywords)

    def _drop_shared_socket(self) -> None:
        os.close(self._descriptor)  # before the workers are stopped, so that nobody waits to be accepted

    def _stop_workers(self) -> None:
        workers: list[Any] = self.wrks  # Granian says little of its types
        for _ in range(_STOP_SIGNALS):
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.join(_STOP_SIGNAL_S)
        stop_the_rest: Any = super()._stop_workers
        stop_the_rest()

    def _init_shared_socket(self) -> None:
        # Granian's own would be shared with any other server on the port, and would not know what 0 stands for.
        shared: Any = SocketHolder
        self._shd, self._ssp, self._sso = shared(self._descriptor, False, BACKLOG), None, None


def _logging_to_standard_error() -> dict[str, Any]:
    formatters: Any = deepcopy(LOGGING_CONFIG["formatters"])
    for formatter in formatters.values():
        formatter["()"] = OneLine
    handlers: Any = deepcopy(LOGGING_CONFIG["handlers"])
    for handler in handlers.values():
        handler["stream"] = "ext://sys.stderr"
    return {"formatters": formatters, "handlers": handlers}
