"""Sends replies through any WSGI server: late and in pieces where they say so."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from mockserver.model import Delivery
from mockserver.web.outgoing import Outgoing
from mockserver.web.wire import steps_of


def perform(outgoing: Outgoing, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer as a WSGI application.

    It waits in the thread of the call: a WSGI server may ask for the first piece when it likes, and the reply is late
    all the same. Raises `RuntimeError` for a fault that needs the connection: `create_app(wire=True)` promised one.
    """
    if outgoing.is_plain:
        start_response(outgoing.status_line, outgoing.headers)
        return [outgoing.body]
    return _distorted(outgoing, start_response)


def _distorted(outgoing: Outgoing, start_response: Callable[..., Any]) -> Iterator[bytes]:
    wire, began_ns = outgoing.wire, time.monotonic_ns()
    if wire.ending != "kept" or wire.head != "whole" or wire.body_bytes is not None:
        raise RuntimeError("this WSGI server has no connection to perform the fault on, and create_app was told so")

    def note(bytes_sent: int, ending: Literal["kept", "client"]) -> None:
        outgoing.delivered(Delivery(bytes_sent, ending, (time.monotonic_ns() - began_ns) // 1_000_000))

    head_bytes = len(outgoing.status_line) + sum(len(name) + len(value) for name, value in outgoing.headers)
    sent = planned = 0
    try:
        for step in steps_of(outgoing, b""):
            time.sleep(step.pause_ms / 1000)
            if not planned:
                planned = head_bytes
                start_response(outgoing.status_line, outgoing.headers)
            planned += len(step.data)
            if step.is_last:
                # Noted before the last bytes leave, so that a client that has them finds the receipt.
                note(planned, wire.ending)
            yield step.data
            sent = planned
    except (OSError, GeneratorExit):
        note(sent, "client")
        raise
