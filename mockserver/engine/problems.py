"""Turns errors into replies: the contract's error entity, and why it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mockserver.contract.error_shape import ErrorShape
from mockserver.errors import CallError
from mockserver.model import Json, Reply, Unlisted, Violation

#: Response headers are kept below what common clients read; the journal has the whole.
MOST_HEADER_BYTES = 4096


def problem(error: CallError, shape: ErrorShape, now_ms: int) -> Reply:
    """Turn *error* into an error entity of that *shape*; why it was made travels in headers (law of purity)."""
    headers = [("Content-Type", shape.media_type), *error.headers]
    if error.violations:
        headers.append(("Mock-Clause", ", ".join(dict.fromkeys(v.clause for v in error.violations))))
        headers.append(("Mock-Violations", _violations_header(error.violations)))
    code = shape.code(error.status) if error.code is None else error.code
    return Reply(error.status, shape.entity(error.status, now_ms, code, error.message), tuple(headers))


def noted(reply: Reply, notes: Sequence[Unlisted]) -> Reply:
    """Return *reply* with *notes* in a header: what is allowed, and yet perhaps not meant."""
    if not notes:
        return reply
    entries = [{"where": note.where, "what": note.what, "nearest": note.nearest} for note in notes]
    return reply.with_headers(("Mock-Notes", _listed(entries, {"nearest": None})))


def _violations_header(violations: Sequence[Violation]) -> str:
    entries = [{"where": v.where, "what": v.what, "clause": v.clause} for v in violations]
    return _listed(entries, {"clause": violations[0].clause})


def _listed(entries: Sequence[Mapping[str, Json]], rest: Mapping[str, Json]) -> str:
    """Write as many of *entries* as fit in a header; one more that ends with *rest* says how many did not."""
    listed: list[str] = []
    size = 0
    for entry in map(_ascii_json, entries):
        size += len(entry) + 1
        if size > MOST_HEADER_BYTES - 200:
            what = f"{len(entries) - len(listed)} more, see the journal"
            listed.append(_ascii_json({"where": "", "what": what, **rest}))
            break
        listed.append(entry)
    return f"[{','.join(listed)}]"


def _ascii_json(value: Json) -> str:
    """Write *value* in ASCII, because header values are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
