"""Serves by Granian, whose HTTP is written in Rust: an extra, for more calls a second.

What it does not tell or let us do stands in `docs/http-servers.md`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from copy import deepcopy
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LOGGING_CONFIG, LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]  # from its compiled part
from granian.server import MPServer

from mockserver.open_files import connections
from mockserver.settings import BACKLOG, DRAIN_S, KEEP_ALIVE_S, Settings
from mockserver.starting import Start

_MS = 1000
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
#: Bytes of a request's head that are read; Granian takes no smaller bound.
_LONGEST_HEAD = 8192


def run(app: Any, settings: Settings, taken: socket.socket, start: Start) -> None:
    """Serve *app* on the socket *taken* until a signal ends it."""
    # What the workers share was made before, and cannot be sent to them in any other way.
    multiprocessing.set_start_method("fork", force=True)
    os.register_at_fork(before=_hold_signals, after_in_parent=_take_signals, after_in_child=_die_by_signals)
    Server(settings, taken).serve(target_loader=Loader(app, start), wrap_loader=False)


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
        threading.Thread(target=_follow_the_server, daemon=True, name="follower").start()
        self._start.worker(first=self._announced.acquire(block=False), server_pid=self._server_pid)
        return self._app


class Server(MPServer):
    """Our settings as Granian's."""

    def __init__(self, settings: Settings, taken: socket.socket) -> None:
        self._descriptor = taken.detach()
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
            log_access=settings.access_log,
            log_access_format='%(addr)s "%(method)s %(path)s" %(status)d - %(dt_ms)dms',  # no query: ids are personal
            respawn_failed_workers=True,
            workers_kill_timeout=DRAIN_S,
        )

    def _drop_shared_socket(self) -> None:
        os.close(self._descriptor)  # before the workers are stopped, so that nobody waits to be accepted

    def _init_shared_socket(self) -> None:
        # Granian's own would be shared with any other server on the port, and would not know what 0 stands for.
        shared: Any = SocketHolder
        self._shd, self._ssp, self._sso = shared(self._descriptor, False, BACKLOG), None, None


def _hold_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def _take_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _die_by_signals() -> None:
    """Let signals end a worker that has not begun; the handlers that it inherits would only take note of them."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    _take_signals()


def _logging_to_standard_error() -> dict[str, Any]:
    handlers: Any = deepcopy(LOGGING_CONFIG["handlers"])
    for handler in handlers.values():
        handler["stream"] = "ext://sys.stderr"
    return {"handlers": handlers}


def _follow_the_server() -> None:
    """Stop this worker once the server's own process has died, which else would stop it."""
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os.kill(os.getpid(), signal.SIGTERM)
