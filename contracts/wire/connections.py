"""Connections that survive a server which closes an idle one without announcing it.

HTTP allows that at any time, so a call on a connection that was used before may meet its end; such a call is sent once
more, on a new one. A call on a new connection never is: what ends there without a reply is the server's fault.
They also keep what comes after the end of a reply, which `http.client` throws away.
"""

from __future__ import annotations

import http.client
import io
import socket
from http.client import RemoteDisconnected
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

#: What the system says of a connection whose other end is closed.
_ENDED: Final = (BrokenPipeError, ConnectionResetError)
#: How long the end of a connection is waited for that the server said it would close.
_LONGEST_S: Final = 1.0


class _WholeResponse(http.client.HTTPResponse):
    """A reply that keeps the bytes which came after it, such as the body of a reply to HEAD."""

    surplus: bytes = b""

    def __init__(self, sock: socket.socket, *words: Any, **settings: Any) -> None:
        super().__init__(sock, *words, **settings)
        self._socket = sock

    def _close_conn(self) -> None:
        self.surplus = self.surplus or self._left()
        super()._close_conn()  # type: ignore[misc] # called when the last byte that belongs to the reply is read

    def _left(self) -> bytes:
        """Return what is left to read; waits for it only where the server closes the connection behind it."""
        if not isinstance(self.fp, io.BufferedReader):
            return b""
        patience = self._socket.gettimeout()
        try:
            self._socket.settimeout(_LONGEST_S if self.will_close else 0)
            return self.fp.peek(1)
        except (OSError, ValueError):
            return b""  # nothing, or nothing in time, or no connection any more
        finally:
            self._socket.settimeout(patience)


class _Resending(HTTPConnection):
    """Sends a call again when the connection was used before, and ended before any byte of the reply."""

    response_class = _WholeResponse

    _again: tuple[tuple[Any, ...], dict[str, Any]] | None = None

    def request(self, *words: Any, **settings: Any) -> None:
        """Send a call."""
        # The tunnel through a proxy is made by the pool, which knows nothing of a second time.
        reused = self.sock is not None and not self._tunnel_host
        self._again = (words, settings) if reused else None
        try:
            super().request(*words, **settings)
        except _ENDED:
            if self._again is None:
                raise
            # It may have answered before it closed, so getresponse decides.

    def getresponse(self) -> HTTPResponse:  # type: ignore[override] # as urllib3 has it
        """Return the reply; raises what `http.client` raises when there is none."""
        if self._again is None:
            return super().getresponse()
        words, settings = self._again
        if self._has_ended():
            return self._answer_again(words, settings)
        try:
            return super().getresponse()
        except RemoteDisconnected:
            return self._answer_again(words, settings)

    def _answer_again(self, words: tuple[Any, ...], settings: dict[str, Any]) -> HTTPResponse:
        self._again = None
        self.close()
        super().request(*words, **settings)
        return super().getresponse()

    def _has_ended(self) -> bool:
        """Wait, and say whether the connection ends in place of the reply; over TLS only the reader of it can."""
        if not isinstance(self.sock, socket.socket) or isinstance(self, HTTPSConnection):
            return False
        try:
            return not self.sock.recv(1, socket.MSG_PEEK)
        except _ENDED:
            return True


class _ResendingTls(_Resending, HTTPSConnection):
    """Sends a call again, as `_Resending` does, over TLS."""


def resend_everywhere() -> None:
    """Make every connection of this process one of this kind, for a program that makes its own sessions."""
    HTTPConnectionPool.ConnectionCls = _Resending
    HTTPSConnectionPool.ConnectionCls = _ResendingTls


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Resending


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _ResendingTls


class ResendingAdapter(HTTPAdapter):
    """Makes connections of this kind for `requests`."""

    def init_poolmanager(self, *words: Any, **settings: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*words, **settings)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, *words: Any, **settings: Any) -> Any:
        """Return the pools of connections through a proxy."""
        manager = super().proxy_manager_for(*words, **settings)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager
