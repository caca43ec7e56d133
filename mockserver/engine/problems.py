"""Turns errors into replies: the contract's error entity, and why it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mockserver.engine.api import JSON_TYPE
from mockserver.error_entity import error_entity
from mockserver.errors import CallError
from mockserver.model import Json, Reply, Unlisted, Violation

#: Response headers are kept below what common clients read; the journal has the whole.
MOST_HEADER_BYTES = 4096


def problem(error: CallError, now_ms: int) -> Reply:
    """Turn *error* into the contract's error entity; why it was made travels in headers (law of purity)."""
    headers = [JSON_TYPE]
    if error.violations:
        headers.append(("Mock-Clause", ", ".join(dict.fromkeys(v.clause for v in error.violations))))
        headers.append(("Mock-Violations", _violations_header(error.violations)))
    return Reply(error.status, error_entity(now_ms, error.code, error.message), tuple(headers))


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
    told: list[str] = []
    size = 0
    for entry in map(_ascii_json, entries):
        size += len(entry) + 1
        if size > MOST_HEADER_BYTES - 200:
            what = f"{len(entries) - len(told)} more, see the journal"
            told.append(_ascii_json({"where": "", "what": what, **rest}))
            break
        told.append(entry)
    return f"[{','.join(told)}]"


def _ascii_json(value: Json) -> str:
    """Write *value* in ASCII, because header values are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
