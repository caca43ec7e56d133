"""Serves by gunicorn, the default, with a worker class of our own."""

from __future__ import annotations

import os
import signal
import socket
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from mockserver.serving.logs import OneLine
from mockserver.serving.loop.threads import most_threads
from mockserver.serving.process import signals
from mockserver.serving.process.open_files import connections
from mockserver.serving.process.starting import Start
from mockserver.serving.worker import PatientWorker
from mockserver.settings import DRAIN_S, KEEP_ALIVE_S, Settings

#: Bytes of a request line; gunicorn answers a longer one with a 414 of its own. More it cannot do.
LONGEST_REQUEST_LINE = 8190


def run(app: Any, settings: Settings, taken: socket.socket, start: Start) -> None:
    """Serve *app* on the socket *taken* until a signal ends it."""
    os.environ.pop("SCRIPT_NAME", None)  # gunicorn would want every path to begin with what somebody has left there
    Server(app, settings, taken, start).run()


class Server(BaseApplication):
    """Our settings as gunicorn's."""

    def __init__(self, app: Any, settings: Settings, taken: socket.socket, start: Start) -> None:
        self._app = app
        self._settings = settings
        self._descriptor = taken.detach()  # gunicorn closes it
        self._start = start
        super().__init__()

    def load_config(self) -> None:
        """Translate the settings."""
        hooks = {"bind": f"fd://{self._descriptor}", "post_worker_init": self._start_worker}
        for name, value in {**options(self._settings), **hooks}.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application, built before the workers were forked."""
        return self._app

    def run(self) -> None:
        """Serve."""
        Main(self).run()

    def _start_worker(self, worker: Any) -> None:
        self._start.worker(first=worker.age == 1, server_pid=worker.ppid)


class Main(Arbiter):
    """gunicorn's main process, in which every signal stops the server or does nothing."""

    def init_signals(self) -> None:
        """Take note of the signals that stop the server, and of no other."""
        ignored = [signal.SIGHUP] if signals.outlives_terminals() else []
        vars(self)["SIGNALS"] = [number for number in signals.STOPPING if number not in ignored]
        super().init_signals()

    def handle_hup(self) -> None:
        """Stop, as by SIGTERM; gunicorn would start new workers, with a memory of their own."""
        self.handle_term()


def options(settings: Settings) -> dict[str, Any]:
    """Return *settings* as gunicorn's, and what does not depend on them."""
    return {
        "workers": settings.workers,
        "worker_class": PatientWorker,
        "worker_connections": connections(most_threads(settings.threads)),
        "threads": settings.threads,
        "keepalive": KEEP_ALIVE_S,
        "graceful_timeout": DRAIN_S,
        "forwarded_allow_ips": "*",  # nobody is asked, because
        "secure_scheme_headers": {},  # nothing that a proxy may say is believed,
        "forwarder_headers": "",  # and this is cheaper than to look at each address
        "timeout": 0,  # a delay of a scenario is no hung worker
        "preload_app": True,
        "limit_request_line": LONGEST_REQUEST_LINE,
        "logger_class": OneLineLogger,
        "accesslog": "-" if settings.access_log else None,
        "loglevel": "warning",
        "control_socket_disable": True,
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 gunicorn's heartbeat
    }


class OneLineLogger(Logger):
    """Writes each message of gunicorn's on one line, whatever a client has put into it."""

    def setup(self, cfg: Config) -> None:
        """Set the handlers up."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(OneLine(self.error_fmt, self.datefmt))
