"""A call that nobody has answered yet, as the rules about calls read it."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import unquote

from ...contract.routes import Routes
from ...wire.messages import Call
from ..attempts import Attempt, attempts


def as_attempt(call: Call, routes: Routes) -> Attempt:
    """Return *call* as a journal would tell of it."""
    record = {
        "method": call.method,
        "path": unquote(call.path),
        "query": call.query,
        "headers": call.headers,
        "body": {"base64": b64encode(call.body).decode("ascii")},
    }
    (attempt,) = attempts([{"number": 0, "arrived_ms": 0, "call": record, "reply": {"status": 0}}], routes)
    return attempt
