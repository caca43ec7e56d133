"""Performs a reply that is late, comes in pieces, in part or not at all: by timers, and without a thread."""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Literal

from mockserver.model import Delivery
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.events import Action, Events
from mockserver.serving.loop.timers import Timer
from mockserver.web.outgoing import Outgoing
from mockserver.web.wire import Step, steps_of

#: How long a reset waits for the client's machine to take what was sent before it, and between two looks whether it
#: has; in seconds.
_MOST_FLUSH_S = 10.0
_LOOK_S = 0.002

#: Records what becomes of a reply, and then does what is to follow.
Report = Callable[[Delivery, Action], None]


class Performance:
    """One reply on its way out; its connection calls `drained` when all that was put in its outbox has left."""

    def __init__(  # noqa: PLR0913 what a reply is made of, and who is concerned by it
        self,
        events: Events,
        conn: Connection,
        *,
        outgoing: Outgoing,
        head: bytes,
        report: Report,
        flush: Action,
        over: Callable[..., None],
    ) -> None:
        self._events = events
        self._conn = conn
        self._wire = outgoing.wire
        self._steps = steps_of(outgoing, head)
        self._report = report
        self._flush = flush
        #: Called with whether the connection `goes_on`.
        self._over = over
        self._began_s = time.monotonic()
        #: Bytes of the connection that belong to earlier replies.
        self._earlier = conn.outbox.sent + conn.outbox.size
        self._planned = 0
        self._timer: Timer | None = None
        self._step: Step | None = None
        self._is_reporting = False
        self._is_ending = False
        self._client_left = False
        self.held_bytes = len(head) + len(outgoing.body)

    @property
    def bytes_sent(self) -> int:
        """How many bytes of the reply have left."""
        return max(self._conn.outbox.sent - self._earlier, 0)

    def go_on(self) -> None:
        """Take the next step when its pause is over, or end after the last one."""
        if self._step and self._step.is_last:
            self._end()
            return
        first = self._step is None
        self._step = next(self._steps)
        if first and not self._step.pause_ms:
            self._take()
        elif self._conn.is_gone:  # nobody would see what comes after the pause
            self.left()
        else:
            self._timer = self._events.after(self._step.pause_ms / 1000, self._take)

    def drained(self) -> None:
        """Go on: the last step has left as a whole."""
        if not (self._timer or self._is_reporting or self._client_left):
            self.go_on()

    def client_ended(self) -> None:
        """Stop if the client would have to wait for more; what it is being sent, it may still read."""
        if self._timer:
            self.left()

    def left(self) -> None:
        """Stop: the client is gone, or is to be."""
        if self._client_left or self._is_ending:
            return
        self._client_left = True
        if self._timer:
            self._events.cancel(self._timer)
        if not self._is_reporting:  # else it is recorded after what is being recorded
            self._record("client", self.bytes_sent, partial(self._over, goes_on=False))

    def _take(self) -> None:
        self._timer = None
        step = self._step
        assert step is not None  # noqa: S101 it is due
        self._planned += len(step.data)
        if step.is_last:  # recorded before the last bytes leave, so that a client that has them finds the receipt
            self._record(self._wire.ending, self._planned, self._send)
        else:
            self._send()

    def _send(self) -> None:
        assert self._step is not None  # noqa: S101 it is due
        self._conn.outbox.put(self._step.data)
        self._flush()

    def _record(self, ending: Literal["kept", "fin", "rst", "client"], sent: int, then: Action) -> None:
        def recorded() -> None:
            self._is_reporting = False
            if self._client_left and ending != "client":
                self._record("client", self.bytes_sent, partial(self._over, goes_on=False))
            else:
                then()

        self._is_reporting = True
        self._report(Delivery(sent, ending, round((time.monotonic() - self._began_s) * 1000)), recorded)

    def _end(self) -> None:
        self._is_ending = True
        if self._wire.ending == "kept":
            self._over(goes_on=True)
        elif self._wire.ending == "fin":
            with suppress(OSError):
                self._conn.sock.shutdown(socket.SHUT_RDWR)
            self._over(goes_on=False)
        else:
            self._reset(time.monotonic() + _MOST_FLUSH_S)

    def _reset(self, until_s: float) -> None:
        """Reset the connection when the client's machine has what was sent: a reset drops what is under way."""
        self._timer = None
        if time.monotonic() < until_s and _unacknowledged(self._conn.sock):
            self._timer = self._events.after(_LOOK_S, partial(self._reset, until_s))
            return
        with suppress(OSError):
            self._conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._over(goes_on=False)


def _unacknowledged(sock: socket.socket) -> bool:
    try:
        return any(fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))
    except OSError:
        return False
