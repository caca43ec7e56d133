"""Conditions on exchanges: which of the journal's records somebody asks for, and what keeps the others out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from mockserver.model import Json

#: How much of a value is quoted in a difference.
_QUOTED = 120
#: What stands for a body that is no JSON.
NO_JSON = object()


@dataclass(frozen=True, slots=True)
class Query:
    """Conditions on exchanges; one that is None or empty matches every exchange."""

    operation: str | None = None
    status: int | None = None
    visitor: str | None = None
    session: str | None = None
    clause: str | None = None
    stub: str | None = None
    path: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    #: Header fields by name, in any case: the value sent, True for any value, None for a field that was not sent.
    header: Mapping[str, Json] = field(default_factory=dict)
    #: Query parameters by name: the value sent, True for any value, None for a parameter that was not sent.
    query: Mapping[str, Json] = field(default_factory=dict)
    #: The JSON that the body contains; one item, or none for any body.
    body: tuple[Json, ...] = ()

    def differences(self, record: Mapping[str, Json]) -> list[str]:
        """Say what keeps an exchange from matching; nothing means that it matches."""
        call = record["call"]
        plain = [
            ("operation", self.operation, record["operation"]),
            ("status", self.status, record["reply"]["status"]),
            ("visitor", self.visitor, record["visitor_id"]),
            ("session", self.session, record["session_id"]),
            ("stub", self.stub, record["stub"]),
            ("path", self.path, call["path"]),
        ]
        found = [f"{name}: wanted {want!r}, got {got!r}" for name, want, got in plain if want not in (None, got)]
        clauses = [violation["clause"] for violation in record["violations"]]
        if self.clause is not None and self.clause not in clauses:
            found.append(f"clause: wanted {self.clause!r} among them, got {clauses}")
        if self.since_ms is not None and record["at_ms"] < self.since_ms:
            found.append(f"at_ms: wanted {self.since_ms} or later, got {record['at_ms']}")
        if self.until_ms is not None and record["at_ms"] > self.until_ms:
            found.append(f"at_ms: wanted {self.until_ms} or earlier, got {record['at_ms']}")
        found += _named("header", self.header, lambda name: _values(call["headers"].items(), name.lower()))
        found += _named("query", self.query, lambda name: _values(call["query"], name))
        for wanted in self.body:
            found += _missing(wanted, read_json(call["body"]))
        return found


def read_json(body: Json) -> Json:
    """Read the JSON of a recorded body, or return `NO_JSON`."""
    try:
        return orjson.loads(body) if isinstance(body, str) else NO_JSON
    except orjson.JSONDecodeError:
        return NO_JSON


def can_be_written(value: Json) -> bool:
    """Say whether *value* can be part of a reply: what can be read may be nested more deeply than what is written."""
    try:
        orjson.dumps(value)
    except orjson.JSONEncodeError:
        return False
    return True


def _values(pairs: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for known, value in pairs if known == name]


def _named(part: str, wanted: Mapping[str, Json], sent: Callable[[str], list[str]]) -> Iterator[str]:
    for name, value in wanted.items():
        got = sent(name)
        if value is None and got:
            yield f"{part}.{name}: wanted it not to be sent, got {_quoted(got[0])}"
        elif value is not None and not got:
            yield f"{part}.{name}: wanted {'any value' if value is True else _quoted(value)}, it was not sent"
        elif value not in (None, True) and value not in got:
            yield f"{part}.{name}: wanted {_quoted(value)}, got {', '.join(map(_quoted, got))}"


def _missing(wanted: Json, got: Json) -> Iterator[str]:
    """Say what of *wanted* the body *got* lacks: an object contains its members, all else is equal.

    Bodies are as deep as callers like, so this does not call itself.
    """
    pending = [("body", wanted, got)]
    while pending:
        where, want, have = pending.pop()
        if have is NO_JSON:
            yield f"{where}: wanted {_quoted(want)}, got a body that is no JSON"
        elif isinstance(want, dict) and isinstance(have, dict):
            for name in want.keys() - have.keys():
                yield f"{where}.{name}: wanted {_quoted(want[name])}, it was not sent"
            pending += [(f"{where}.{name}", want[name], have[name]) for name in reversed(want) if name in have]
        elif isinstance(want, list) and isinstance(have, list) and len(want) == len(have):
            pending += reversed([(f"{where}[{n}]", *pair) for n, pair in enumerate(zip(want, have, strict=True))])
        elif isinstance(want, list) and isinstance(have, list):
            yield f"{where}: wanted {len(want)} items, got {len(have)}: {_quoted(have)}"
        elif isinstance(want, bool) != isinstance(have, bool) or want != have:
            yield f"{where}: wanted {_quoted(want)}, got {_quoted(have)}"


def _quoted(value: Json) -> str:
    try:
        text = orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return "what is nested too deeply to be shown"
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 3]}..."
