"""Runs the application under gunicorn, and says where it answers."""

from __future__ import annotations

import errno
import gc
import importlib.util
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType
from typing import Any, TextIO

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from mockserver.app import create_edge, limits
from mockserver.errors import StartupError
from mockserver.http_connection import connections
from mockserver.http_worker import PatientWorker
from mockserver.settings import Settings
from mockserver.stores.base import Limits, Store

#: How long a stopping worker may finish the calls that it is answering, in seconds.
DRAIN_S = 30
#: How long a kept-alive connection may be idle, in seconds: longer than clients' pools wait between tests.
KEEP_ALIVE_S = 75
#: Bytes of a request line; gunicorn answers a longer one with a 414 of its own. More it cannot do.
LONGEST_REQUEST_LINE = 8190
_SWEEPS = 10
#: Connections that may wait to be accepted; gunicorn's own default.
_BACKLOG = 2048


def serve(settings: Settings, out: TextIO = sys.stdout) -> None:
    """Serve until a signal stops the server. Raises `StartupError` before anything listens."""
    signal.signal(signal.SIGTERM, _leave)  # until gunicorn takes over, and so that nothing is left behind
    new_token = "" if settings.loopback or settings.admin_token else secrets.token_urlsafe(24)
    settings = replace(settings, admin_token=settings.admin_token or new_token)
    with store_for_workers(settings) as store:
        app = create_edge(settings, store=store, wire=True)
        if settings.workers > 1:
            app.load()  # once, for all of them
        _collect_seldom()
        with listener(settings.host, settings.port) as taken:
            Server(app, settings, taken, new_token, out).run()


@contextmanager
def store_for_workers(settings: Settings) -> Iterator[Store | None]:
    """Make a store that all workers share, in a private temporary file; None where they need none, or have one.

    It is LMDB's where that is installed, else SQLite's.
    """
    if settings.store or settings.workers == 1:
        yield None
        return
    folder = tempfile.mkdtemp(prefix="mockserver-")
    master = os.getpid()
    try:
        yield _private_store(f"{folder}/state", limits(settings))
    finally:
        if os.getpid() == master:  # a worker that ends must not take the others' state with it
            shutil.rmtree(folder, ignore_errors=True)


def _private_store(path: str, bounds: Limits) -> Store:
    # Only on Linux does LMDB go on when a process dies that was writing.
    if sys.platform == "linux" and importlib.util.find_spec("lmdb"):
        from mockserver.stores.lmdb import LmdbStore

        return LmdbStore(path, bounds)
    from mockserver.stores.sqlite import SqliteStore

    return SqliteStore(path, bounds, lasting=False)


def listener(host: str, port: int) -> socket.socket:
    """Take the address, at once or not at all; gunicorn alone would try for seconds. Raises `StartupError`."""
    taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(_BACKLOG)
    except OSError as error:
        taken.close()
        way_out = "; stop the other server, or choose another port (0 finds a free one)"
        raise StartupError(
            f"cannot listen on {_address(host, port)}: {error.strerror}{way_out * (error.errno == errno.EADDRINUSE)}"
        ) from error
    return taken


class Server(BaseApplication):
    """Our settings as gunicorn's, with the hooks that announce the server and keep it tidy."""

    def __init__(self, app: Any, settings: Settings, taken: socket.socket, new_token: str, out: TextIO) -> None:
        self._app = app
        self._settings = settings
        self._new_token = new_token
        self._url = _url(settings.host, taken.getsockname()[1])
        self._descriptor = taken.detach()  # gunicorn closes it
        self._out = out
        super().__init__()

    def load_config(self) -> None:
        """Translate the settings."""
        options = {
            "bind": f"fd://{self._descriptor}",
            "workers": self._settings.workers,
            "worker_class": PatientWorker,
            "worker_connections": connections(self._settings.threads),
            "threads": self._settings.threads,
            "keepalive": KEEP_ALIVE_S,
            "graceful_timeout": DRAIN_S,
            "forwarded_allow_ips": "*",  # nobody is asked, because
            "secure_scheme_headers": {},  # nothing that a proxy may say is believed,
            "forwarder_headers": "",  # and this is cheaper than to look at each address
            "timeout": 0,  # a delay of a scenario is no hung worker
            "preload_app": True,
            "limit_request_line": LONGEST_REQUEST_LINE,
            "logger_class": ErrorStreamLogger,
            "accesslog": "-" if self._settings.access_log else None,
            "access_log_format": '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms',  # no query: ids are personal
            "loglevel": "warning",
            "control_socket_disable": True,
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 gunicorn's heartbeat
            "post_worker_init": self._announce,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application, built before the workers were forked."""
        return self._app

    def _announce(self, worker: Any) -> None:
        _sweep_for_ever(self._app.engine.spaces.sweep, self._settings.space_idle_s / _SWEEPS)
        if worker.age > 1:
            return
        print(self._announcement(self._url, worker.ppid), file=self._out, flush=True)
        if self._new_token and self._settings.ready == "text":
            sys.stderr.write(f"Admin token: {self._new_token}\n")

    def _announcement(self, url: str, pid: int) -> str:
        if self._settings.ready == "text":
            return f"Serving LivePerson's engagement API at {url} (admin API: {url}/__admin/health). Ctrl-C stops it."
        told: dict[str, Any] = {"ready": True, "url": url, "pid": pid, "scenario": self._settings.scenario}
        if self._new_token:
            told["admin_token"] = self._new_token
        return json.dumps(told)


class ErrorStreamLogger(Logger):
    """Writes the access log where all other messages go; standard output has one line, the announcement."""

    def setup(self, cfg: Config) -> None:
        """Set the handlers up."""
        super().setup(cfg)
        for handler in self.access_log.handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(sys.stderr)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _collect_seldom() -> None:
    """Look for cyclic garbage less often, and never among what was there at the start.

    A call leaves next to none, and each full look walks over every session that the memory store holds. Done before
    the workers are forked, so that they go on sharing what was there.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()


def _sweep_for_ever(sweep: Callable[[], Any], pause_s: float) -> None:
    def run() -> None:
        while not threading.Event().wait(max(pause_s, 1)):
            try:
                sweep()
            except Exception as error:  # noqa: BLE001 the next round may find the store alive again
                sys.stderr.write(f"idle spaces could not be removed: {error}\n")

    threading.Thread(target=run, daemon=True, name="sweeper").start()


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _url(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 a comparison
    return f"http://{_address(reachable, port)}"
