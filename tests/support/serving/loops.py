"""Loops of a worker without its process: a test runs them step by step, and has the clients at hand."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from mockserver.serving.gunicorn_server import options
from mockserver.serving.loop.bounds import Bounds
from mockserver.serving.loop.loop import Loop
from mockserver.settings import Settings

#: Longer than anything takes that a test waits for, in seconds.
PATIENCE_S = 30
#: So little does the system keep of what a client does not read, in bytes.
_BUFFER = 64 << 10
BOUNDS = Bounds(connections=100, threads=2, idle_s=60, drain_s=5, body_bytes=lambda _: 1 << 20, held_bytes=64 << 20)


@dataclass
class Client:
    """One client, and how much it has read so far."""

    sock: socket.socket
    read: bytes = b""
    #: How its connection has ended: "fin" or "rst".
    end: str = ""

    def look(self) -> None:
        """Read what has come."""
        while not self.end:
            try:
                more = self.sock.recv(1 << 20)
            except BlockingIOError:
                return
            except ConnectionResetError:
                self.end = "rst"
                return
            self.read += more
            self.end = "" if more else "fin"


class SteppedLoop:
    """A loop that serves *app* whenever it is stepped."""

    def __init__(self, app: Any, **bounds: Any) -> None:
        cfg = Config()
        for name, value in options(Settings()).items():
            cfg.set(name, value)
        self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.loop = Loop(app, [self.listener], replace(BOUNDS, **bounds), cfg=cfg, log=Logger(cfg), pipe=self._pipe)
        self.clients: list[Client] = []

    def connect(self, *, accepted: bool = True) -> Client:
        """Return a new client; one that is not *accepted* yet waits for the loop to do so."""
        client = Client(socket.socket())
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        client.sock.connect(self.listener.getsockname())
        client.sock.setblocking(False)
        if accepted:
            sock, address = self.listener.accept()
            sock.setblocking(False)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            self.loop.take(sock, address)
        self.clients.append(client)
        return client

    def run_once(self, patience_s: float = 0) -> None:
        """Run it once."""
        self.loop.run_once(patience_s)

    def run_until(self, wanted: Callable[[], object]) -> None:
        """Run it until something is as *wanted*; clients read meanwhile."""
        deadline = time.monotonic() + PATIENCE_S
        while not wanted():
            assert time.monotonic() < deadline, [(len(client.read), client.end) for client in self.clients]
            self.run_once(0.01)
            for client in self.clients:
                client.look()

    def close(self) -> None:
        """Let go of all that it has."""
        self.loop.close(wait=True)  # a thread that ends later would write into another file of this number
        for sock in [self.listener, *(client.sock for client in self.clients)]:
            sock.close()
        for conn in self.loop._crowd:
            conn.close()
        for end in self._pipe:
            os.close(end)
