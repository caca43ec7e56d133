"""Turns errors into replies: the contract's error entity, and why it was made."""

from __future__ import annotations

import json

from mockserver.error_entity import error_entity
from mockserver.errors import CallError
from mockserver.model import Json, Reply, Violation
from mockserver.operations.base import JSON_TYPE

#: Response headers are kept below what common clients read; the journal has the whole.
MOST_HEADER_BYTES = 4096


def problem(error: CallError, now_ms: int) -> Reply:
    """Turn *error* into the contract's error entity; why it was made travels in headers (law of purity)."""
    headers = [JSON_TYPE]
    if error.violations:
        headers.append(("Mock-Clause", ", ".join(dict.fromkeys(v.clause for v in error.violations))))
        headers.append(("Mock-Violations", _violations_header(error.violations)))
    return Reply(error.status, error_entity(now_ms, error.code, error.message), tuple(headers))


def _violations_header(violations: tuple[Violation, ...]) -> str:
    told: list[str] = []
    size = 0
    for violation in violations:
        entry = _ascii_json({"where": violation.where, "what": violation.what, "clause": violation.clause})
        size += len(entry) + 1
        if size > MOST_HEADER_BYTES - 200:
            rest = f"{len(violations) - len(told)} more, see the journal"
            told.append(_ascii_json({"where": "", "what": rest, "clause": violation.clause}))
            break
        told.append(entry)
    return f"[{','.join(told)}]"


def _ascii_json(value: Json) -> str:
    """Write *value* in ASCII, because header values are."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)
