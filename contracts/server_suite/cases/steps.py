"""Turns the steps of a case into calls, and compares the replies with what the case expects."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Final

from ...contract.operation import Operation
from ...contract.templates import path_of
from ...reading.json_text import Json, parsed
from ...reading.placeholders import Pattern, filled
from ...wire.messages import Call, Reply
from .case import ANY_STATUS, CallSpec, Expectation

_MISSING: Final = object()
#: A call of a function with one argument.
_SCRIPT: Final = re.compile(rb"\s*[\w$.]+\s*\((.*)\)\s*;?\s*", re.DOTALL)

#: The values that steps hand on, by name.
Values = MutableMapping[str, Json]


@dataclass(frozen=True)
class Mismatch:
    """One expectation that the reply disappointed."""

    expected: str
    cure: str
    #: The part of the reply, whatever its value was to be.
    about: str


@dataclass
class Reading:
    """What came of comparing one reply: mismatches, and the values that were kept."""

    mismatches: list[Mismatch] = field(default_factory=list)
    values: dict[str, Json] = field(default_factory=dict)

    def miss(self, about: str, expected: str, cure: str) -> None:
        """Note one disappointed expectation."""
        self.mismatches.append(Mismatch(expected, cure, about))


def call_of(spec: CallSpec, operation: Operation | None, values: Values) -> Call:
    """Make the call that *spec* describes."""
    body = _body(spec, values)
    return Call(
        method=spec.method or (operation.method if operation else "GET"),
        path=_path(spec, operation, values),
        query=tuple(_query(spec, operation, values)),
        headers=_headers(spec, values, has_body=bool(body)),
        body=body,
    )


def _headers(spec: CallSpec, values: Values, *, has_body: bool) -> Mapping[str, str]:
    headers: dict[str, Json] = {"Accept": "application/json"}
    if has_body:
        headers["Content-Type"] = "application/json"
    if spec.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in filled(spec.cookies, values).items())
    headers |= filled(spec.headers, values)
    return {name: value for name, value in headers.items() if value is not None}


def _body(spec: CallSpec, values: Values) -> bytes:
    if spec.base64:
        return b64decode(filled(spec.base64, values), validate=True)
    if spec.text is not None:
        return str(filled(spec.text, values)).encode()
    return b"" if spec.body is None else json.dumps(filled(spec.body, values)).encode()


def _path(spec: CallSpec, operation: Operation | None, values: Values) -> str:
    needed = operation.needed_path if operation else {}
    chosen = {**values, **needed, "accountId": values["account"], **filled(spec.path, values)}
    template = spec.at or (operation.path if operation else "/")
    return path_of(template, chosen)


def _query(spec: CallSpec, operation: Operation | None, values: Values) -> Iterator[tuple[str, str]]:
    chosen = {**(operation.needed_query if operation else {}), **filled(spec.query, values)}
    for name, value in chosen.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield name, str(each)


def read(reply: Reply, expect: Expectation, values: Values) -> Reading:
    """Compare *reply* with *expect*; a wrong status is the only mismatch that is then found."""
    reading = Reading()
    if expect.status not in {ANY_STATUS, reply.status}:
        reading.miss(
            f"status {reply.status}", f"status {expect.status}", f"answer {expect.status} instead of {reply.status}"
        )
        return reading
    _read_refusal(reply, expect, values, reading)
    _read_headers(reply, expect, values, reading)
    if expect.text is not None:
        _compare("the body", filled(expect.text, values), reply.body.decode(errors="replace"), reading)
    if expect.body is not None or expect.among or expect.absent or expect.different or expect.keep:
        _read_body(reply, expect, values, reading)
    return reading


def _read_refusal(reply: Reply, expect: Expectation, values: Values, reading: Reading) -> None:
    """Judge a refusal by its reason too: the right status for the wrong reason is no refusal of this call."""
    if expect.code is not None or expect.message is not None:
        entity = _json(reply)
        if expect.code is not None:
            _compare("internalCode", expect.code, _find(entity, "internalCode"), reading)
        if expect.message is not None:
            _compare("message", filled(expect.message, values), _find(entity, "message"), reading)
    named = reply.header("Mock-Clause")
    if expect.clause and named is not None and {part.strip() for part in named.split(",")} != set(expect.clause):
        wanted = ", ".join(expect.clause)
        reading.miss(
            "Mock-Clause", f"the header Mock-Clause names {wanted}, not {named}", f"refuse the call because of {wanted}"
        )


def _read_headers(reply: Reply, expect: Expectation, values: Values, reading: Reading) -> None:
    for name, value in filled(expect.headers, values).items():
        _compare(f"the header {name}", value, reply.header(name), reading)
    for name, value in filled(expect.cookies, values).items():
        _compare(f"the cookie {name}", value, reply.cookies.get(name), reading)


def _read_body(reply: Reply, expect: Expectation, values: Values, reading: Reading) -> None:
    body = _json(reply)
    if expect.body is not None:
        _compare("", filled(expect.body, values), body, reading)
    for where, value in filled(expect.among, values).items():
        entries = _find(body, where)
        if not isinstance(entries, list) or not any(_fits(value, entry) for entry in entries):
            reading.miss(where, f"{where} holds {_as_text(value)}", f"put {_as_text(value)} among {where}")
    for name in expect.absent:
        if _find(body, name) is not _MISSING:
            reading.miss(name, f"no member {name}", f"leave {name} out")
    for name, value in filled(expect.different, values).items():
        if _find(body, name) in (_MISSING, value):  # a tuple, because values may be unhashable
            reading.miss(name, f"{name} is another than {value!r}", f"send a new {name}")
    for name, where in expect.keep.items():
        value = _find(body, where)
        if value is _MISSING:
            reading.miss(where, f"a member {where}", f"send {where}")
        reading.values[name] = value


def _compare(where: str, wanted: Json, got: Json, reading: Reading) -> None:
    """Note wherever *got* is not what *wanted* says; members that it does not name may be anything."""
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            below = f"{where}.{name}" if where else str(name)
            _compare(below, value, got.get(name, _MISSING) if isinstance(got, dict) else _MISSING, reading)
        if not isinstance(got, dict):
            reading.miss(where, f"{where or 'the body'} is an object", f"send {where or 'the body'} as an object")
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, (one, other) in enumerate(zip(wanted, got, strict=True)):
            _compare(f"{where}.{number}", one, other, reading)
    elif isinstance(wanted, Pattern):
        found = re.fullmatch(wanted.regex, got) if isinstance(got, str) else None
        if found is None:
            reading.miss(where, f"{where} is {wanted.description}", f"send {where} as {wanted.description}")
        else:
            reading.values |= found.groupdict()
    elif type(wanted) is not type(got) or wanted != got:
        reading.miss(where, f"{where} is {wanted!r}", f"send {where} as {wanted!r}")


def _fits(wanted: Json, got: Json) -> bool:
    reading = Reading()
    _compare("", wanted, got, reading)
    return not reading.mismatches


def _as_text(value: Json) -> str:
    """Show *value* with its patterns as reports cite it."""
    return json.dumps(value, ensure_ascii=False, default=lambda pattern: pattern.description)


def _json(reply: Reply) -> Json:
    """Return the body as JSON; of a script, what it hands to its function."""
    script = _SCRIPT.fullmatch(reply.body) if reply.media_type == "application/javascript" else None
    try:
        return parsed(script[1]) if script else reply.json()
    except ValueError:
        return _MISSING


def _find(body: Json, where: str) -> Json:
    """Return what stands at the dotted path *where*, or a value that equals nothing."""
    for step in where.split("."):
        if isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, dict) and step in body:
            body = body[step]
        else:
            return _MISSING
    return body
