"""Callers that keep a server waiting, or let it keep them waiting, for as long as they can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.support.calling.wire import Wire, request

_DOOR = "/api/account/1/getEngagement"
_LARGE = 64 << 10


def _without_body(**headers: str) -> bytes:
    return request("POST", _DOOR, None, Content_Type="application/json", **headers)


#: By what they do, what each sends.
WAYS = {
    "late reply": request("POST", _DOOR, b"{}", Prefer="delay-ms=600000"),
    "expectation without a body": _without_body(Content_Length="2", Expect="100-continue"),
    "large body that stalls": _without_body(Content_Length=str(_LARGE + 1)) + b" " * _LARGE,
    "unfinished chunks": _without_body(Transfer_Encoding="gzip, chunked"),
    "chunks that stall": _without_body(Transfer_Encoding="chunked") + b"%x\r\n" % _LARGE + b" " * (_LARGE - 1),
}


@contextmanager
def kept_waiting(url: str, sent: bytes, count: int) -> Iterator[None]:
    """Let *count* callers send so much, and wait, while the block runs."""
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(Wire(url)).send(sent)
        yield
