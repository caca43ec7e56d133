"""Performs distorted replies: late, in pieces, in part or not at all, and tells what became of each.

What gunicorn would not write, a wrong length or half a head, is written to its socket behind its back. The reply is
performed while gunicorn iterates over it, and ends in the error by which gunicorn knows that a client has gone: it
writes nothing of its own, logs the access, lets go of the connection, and the thread is free.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, Literal

from mockserver.model import Delivery
from mockserver.web.outgoing import Outgoing

#: How long a reset waits for the client's machine to take what was sent before it, in seconds.
_MOST_FLUSH_S = 10.0
Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sending:
    """One distorted reply on its way out."""

    outgoing: Outgoing
    head: bytes
    connection: socket.socket

    def __iter__(self) -> Iterator[bytes]:
        """Perform the reply, and yield those pieces of the body that the server is to send."""
        began_ns = time.monotonic_ns()

        def tell(bytes_sent: int, ending: Literal["kept", "fin", "rst", "client"]) -> None:
            self.outgoing.delivered(Delivery(bytes_sent, ending, (time.monotonic_ns() - began_ns) // 1_000_000))

        wire, own = self.outgoing.wire, self.connection if self.outgoing.wire.ending != "kept" else None
        head, body = self._parts()
        size = wire.piece_bytes or max(len(body), 1)
        sent = 0
        try:
            pause(self.outgoing.delay_ms, self.connection)
            for start in range(0, max(len(body), 1), size):
                if start:
                    pause(wire.pause_ms, self.connection)
                piece = body[start : start + size]
                if start + size >= len(body):
                    # Told before the last bytes leave, so that a client that has them finds the receipt.
                    tell(len(head) + len(body), wire.ending)
                if own:
                    own.sendall(piece if start else head + piece)
                else:
                    yield piece  # the server sends the head with the first one, be it empty
                sent = len(head) + start + len(piece)
            if own:
                _ENDINGS[wire.ending](own)
        except (OSError, GeneratorExit):
            tell(sent, "client")
            raise
        if own:
            raise _gone("the reply has ended the connection")

    def _parts(self) -> tuple[bytes, bytes]:
        """Return what is sent of the head, and of the body."""
        wire = self.outgoing.wire
        if wire.head == "whole":
            return self.head, self.outgoing.body[: wire.body_bytes]
        return self.head[: len(self.head) // 2 if wire.head == "half" else 0], b""


def head_of(environ: dict[str, Any], status: str, headers: Headers) -> bytes:
    """Write status line and headers as gunicorn does, so that a broken reply looks like any other."""
    wish = environ.get("HTTP_CONNECTION", "").strip(" \t").lower()
    protocol = environ["SERVER_PROTOCOL"]
    kept = wish == "keep-alive" or (wish != "close" and protocol == "HTTP/1.1")
    lines = (
        f"{protocol} {status}",
        "Server: gunicorn",
        f"Date: {formatdate(usegmt=True)}",
        f"Connection: {'keep-alive' if kept else 'close'}",
        *(f"{name}: {value}" for name, value in headers),
    )
    return "\r\n".join((*lines, "\r\n")).encode("latin-1")


def pause(ms: int, connection: socket.socket | None = None) -> None:
    """Wait for *ms*. Raises `OSError` as soon as the client closes its side of *connection*."""
    if not ms:
        return
    if connection is None:
        time.sleep(ms / 1000)
        return
    until = time.monotonic() + ms / 1000
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    if not poll.poll(ms):
        return
    if not connection.recv(1, socket.MSG_PEEK):
        raise _gone("the client closed the connection")
    # The next request is there already; whether the client stays cannot be seen behind it.
    time.sleep(max(until - time.monotonic(), 0))


def _close(connection: socket.socket) -> None:
    # In both directions: otherwise gunicorn's main thread would wait for the client to close its side.
    connection.shutdown(socket.SHUT_RDWR)


def _reset(connection: socket.socket) -> None:
    _flush(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # Only closing sends RST, and only gunicorn may close its descriptor: another socket takes the place behind it.
    with socket.socket(connection.family, connection.type) as other:
        os.dup2(other.fileno(), connection.fileno(), inheritable=False)


_ENDINGS: dict[str, Callable[[socket.socket], None]] = {"fin": _close, "rst": _reset}


def _flush(connection: socket.socket) -> None:
    """Wait until the client's machine has what was sent, because a reset drops what is still under way."""
    import fcntl  # not on every system, but wherever gunicorn runs
    import termios

    until = time.monotonic() + _MOST_FLUSH_S
    while time.monotonic() < until:
        unsent = fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4))
        if not any(unsent):
            return
        time.sleep(0.001)


def _gone(what: str) -> OSError:
    return BrokenPipeError(errno.EPIPE, what)
