"""The connection of one client: what it has sent so far, whether that is a whole request, and what goes back to it."""

from __future__ import annotations

import os
import re
import socket
import time
from contextlib import suppress
from typing import Any, Literal

from gunicorn.http.parser import RequestParser

#: So many bytes of a request are gathered without a thread; the rest of a larger one is read by its thread.
MOST_GATHERED = 64 << 10

_FRAMING = re.compile(rb"\r\n(content-length|transfer-encoding|expect):[ \t]*([^\r]*?)[ \t]*(?=\r\n)", re.IGNORECASE)
#: How long the rest of a body that nobody has read may take to come, in seconds.
_LEFT_OVER_S = 5.0
_LONGEST_LENGTH = 9
_LONGEST_SIZE_LINE = 64

#: Some of a request; all of it; or what a parser should refuse, or go on reading by itself.
Arrival = Literal["part", "whole", "odd"]


class Connection:
    """A connection on the loop; its socket never blocks there, and blocks while a thread has it."""

    def __init__(self, cfg: Any, sock: socket.socket, client: Any, server: Any) -> None:
        self.sock = sock
        self.client = client
        self.server = server
        self.parser: Any = RequestParser(cfg, sock, client)
        #: When it is closed if nothing more was answered on it, on the monotonic clock.
        self.deadline = 0.0
        #: How much there was of the request that was looked for last.
        self.arrived: Arrival = "part"
        #: Whether nothing more is answered on it, and the client is to hang up.
        self.is_parting = False
        #: What is still to be sent of the last reply.
        self.outbox = Outbox(sock)
        self._unreader: Any = self.parser.unreader

    @property
    def gathered(self) -> bytes:
        """What the client has sent and no parser has taken."""
        sent: bytes = self._unreader.buf.getvalue()
        return sent

    @property
    def is_idle(self) -> bool:
        """Whether no request has begun, and no reply is on its way to the client."""
        return not (self.gathered or self.is_parting) and self.outbox.is_empty

    def look(self) -> Arrival:
        """Say how much of the next request there is."""
        self.arrived = arrival(self.gathered)
        return self.arrived

    def gather(self) -> bool:
        """Read some of what has come, unless enough waits already. Returns False at the end of the connection."""
        gathered = self._unreader.buf
        if gathered.seek(0, os.SEEK_END) >= MOST_GATHERED:
            return True
        try:
            more = self.sock.recv(MOST_GATHERED)
        except BlockingIOError:
            return True
        except OSError:
            return False
        gathered.write(more)
        return bool(more)

    def is_read_up(self) -> bool:
        """Read what the application left of its request. Returns False when that is too much, or does not come."""
        if self.arrived == "whole" and not self.gathered:  # all of it was here, and nothing is left
            return True
        return bool(self.parser.finish_body(deadline=time.monotonic() + _LEFT_OVER_S))

    def close(self) -> None:
        """Close it."""
        with suppress(OSError):
            self.sock.close()


class Outbox:
    """Stands in for the socket while gunicorn writes a reply, so that head and body leave in one piece."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._waiting: list[bytes | memoryview] = []
        #: Whether anything has left.
        self.used = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    def sendall(self, data: bytes) -> None:
        """Keep *data* until `flush`."""
        self._waiting.append(data)

    def send(self, data: bytes) -> None:
        """Send at once what the client waits for before it goes on: the permission to send its body."""
        self._sock.sendall(data)

    def replace(self, data: bytes) -> None:
        """Send *data* instead of what waits."""
        self._waiting = [data]

    def flush_at_once(self) -> None:
        """Send as much as the system takes without waiting; the rest stays."""
        if not self._waiting:
            return
        data = self._waiting[0] if len(self._waiting) == 1 else b"".join(self._waiting)
        try:
            sent = self._sock.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            sent = 0
        self.used = self.used or sent > 0
        # A view, so that a large reply is not copied each time that a slow client takes some of it.
        self._waiting = [memoryview(data)[sent:]] if sent < len(data) else []

    def flush(self) -> None:
        """Send everything, however long the client takes to read it."""
        if self._waiting:
            self.used = True
            data, self._waiting = b"".join(self._waiting), []
            self._sock.sendall(data)

    def forget(self) -> None:
        """Send nothing more."""
        self._waiting = []


def arrival(sent: bytes) -> Arrival:
    """Say how much of a request *sent* holds."""
    end = sent.find(b"\r\n\r\n")
    if len(sent) >= MOST_GATHERED:
        return "odd"
    if end < 0:
        return "odd" if sent.count(b"\n") != sent.count(b"\r\n") else "part"
    match _FRAMING.findall(sent, 0, end + 2):
        case []:
            return "whole"
        case [(name, length)] if name.lower() == b"content-length" and length.isdigit():
            if len(length) <= _LONGEST_LENGTH:
                return "whole" if len(sent) >= end + 4 + int(length) else "part"
        case [(name, coding)] if name.lower() == b"transfer-encoding" and coding.lower() == b"chunked":
            return "odd" if _chunks_are_whole(sent, end + 4) else "part"
    return "odd"  # permission to send a body is asked for; or the headers contradict one another


def _chunks_are_whole(sent: bytes, at: int) -> bool:
    while (line := sent.find(b"\r\n", at)) >= 0:
        try:
            size = int(sent[at:line].partition(b";")[0], 16)
        except ValueError:
            return True
        if size <= 0:
            return size < 0 or b"\r\n\r\n" in sent[line:]
        at = line + 2 + size + 2
        if not b"\r\n".startswith(sent[at - 2 : at]):
            return True
    return len(sent) - at > _LONGEST_SIZE_LINE or b"\n" in sent[at:]
