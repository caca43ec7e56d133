"""Reads the reply of a WSGI application in a thread, bit by bit: no more of it than the client takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

#: So much of a reply is read at once, if the application has so much.
_STEP = 256 << 10

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WsgiReply:
    """A reply as far as it was read; it is made and read on by threads, one after the other."""

    def __init__(self, app: App, environ: Environ) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        #: What was read last.
        self.data = b""
        #: Whether there is no more.
        self.is_over = False
        self._reply = app(environ, self._start)
        self._pieces = iter(self._reply)
        self.read_on()

    def read_on(self) -> None:
        """Read some more of the body. Raises what the application raises."""
        read: list[bytes] = []
        size = 0
        try:
            for piece in self._pieces:
                read.append(piece)
                size += len(piece)
                if size >= _STEP:
                    break
            else:
                self.close()
        except BaseException:
            self.close()
            raise
        self.data = b"".join(read)

    def close(self) -> None:
        """Let the application know that no more is read."""
        if not self.is_over:
            self.is_over = True
            close = getattr(self._reply, "close", None)
            if close:
                close()

    def _start(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return self._refuse_write

    @staticmethod
    def _refuse_write(_data: bytes) -> None:
        raise RuntimeError("the application returns its body; to write it is the old way of WSGI")
