"""Runs the application under gunicorn, and says where it answers."""

from __future__ import annotations

import errno
import gc
import importlib.util
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TextIO

from mockserver.app import create_app, limits
from mockserver.errors import StartupError
from mockserver.serving.logs import log_to_standard_error
from mockserver.serving.process.addresses import joined, url_of
from mockserver.serving.process.forking import end_new_workers_by_signals
from mockserver.serving.process.private_folder import private_folder
from mockserver.serving.process.signals import obey_while_starting
from mockserver.serving.process.starter import Starter
from mockserver.serving.process.starting import Start
from mockserver.settings import BACKLOG, Settings
from mockserver.stores.base import Limits, Store

#: What to do about an address that the system does not give.
_WAYS_OUT = {
    errno.EADDRINUSE: "; stop the other server, or choose another port (0 finds a free one)",
    errno.EACCES: "; ports below 1024 are for privileged users: choose a higher one (0 finds a free one)",
    errno.EADDRNOTAVAIL: "; choose an address that this machine has: 127.0.0.1, or 0.0.0.0 for all of them",
    errno.EAFNOSUPPORT: "; this machine has no addresses of that kind",
}


def serve(settings: Settings, out: TextIO = sys.stdout) -> None:
    """Serve until a signal stops the server. Raises `StartupError` before anything listens."""
    from mockserver.serving import gunicorn_server  # takes a while to load, and only who serves needs it

    obey_while_starting()
    starter = Starter() if settings.stop_with_stdin else None
    new_token = "" if settings.loopback or settings.admin_token else secrets.token_urlsafe(24)
    settings = replace(settings, admin_token=settings.admin_token or new_token)
    log_to_standard_error(access=settings.access_log)
    with store_for_workers(settings) as store:
        app = create_app(settings, store=store, wire=True)
        _collect_seldom()
        end_new_workers_by_signals()
        with listener(settings.host, settings.port) as taken:
            url = url_of(settings.host, taken.getsockname()[1])
            gunicorn_server.run(app, settings, taken, Start(app.engine, settings, url, new_token, out, starter))


@contextmanager
def store_for_workers(settings: Settings) -> Iterator[Store | None]:
    """Make a store that all workers share, in a private temporary file; None where they need none, or have one.

    It is LMDB's where that is installed, else SQLite's.
    """
    if settings.store or settings.workers == 1:
        yield None
        return
    with private_folder() as folder:
        yield _private_store(f"{folder}/state", limits(settings))


def _private_store(path: str, bounds: Limits) -> Store:
    # Only on Linux does LMDB go on when a process dies that was writing.
    if sys.platform == "linux" and importlib.util.find_spec("lmdb"):
        from mockserver.stores.files.lmdb import LmdbStore

        return LmdbStore(path, bounds)
    from mockserver.stores.files.sqlite import SqliteStore

    return SqliteStore(path, bounds, lasting=False)


def listener(host: str, port: int) -> socket.socket:
    """Take the address, at once or not at all. Raises `StartupError`.

    gunicorn by itself would try for seconds.
    """
    with ExitStack() as on_failure:
        try:
            taken = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
            on_failure.callback(taken.close)
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Its connections inherit it: no body waits for an ACK.
            taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            taken.bind((host, port))
            taken.listen(BACKLOG)
        except (OSError, ValueError, TypeError) as error:  # the last two: a host that can be no name
            raise StartupError(f"cannot listen on {joined(host, port)}: {_reason(error)}") from error
        on_failure.pop_all()
    return taken


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and not isinstance(error, socket.gaierror):
        return f"{error.strerror}{_WAYS_OUT.get(error.errno or 0, '')}"
    said = error.strerror if isinstance(error, OSError) else error
    return f"{said}; --host takes an address of this machine, or a name of one"


def _collect_seldom() -> None:
    """Look for cyclic garbage less often, and never among what was there at the start.

    A call leaves next to none, and each full look walks over every session that the memory store holds. Done before
    the workers are forked, so that they go on sharing what was there.
    """
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()
