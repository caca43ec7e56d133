"""Reads a body as one value of JSON in UTF-8, and says of another why it is none."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from mockserver.abbreviation import MOST_CHARACTERS
from mockserver.contract.document.clauses import CallClauses
from mockserver.model import Json, Violation

#: Stands for a body that cannot be judged.
UNREAD: Json = object()

_NO_NUMBER = re.compile(r"NaN|-?Infinity")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\],:]')
#: How many repeated members of one body are reported.
_MOST_REPEATED = 100


def read_json(body: bytes, clauses: CallClauses) -> tuple[Json, list[Violation]]:
    """Return the value of *body*, or `UNREAD`, and what is wrong with the body as such."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return UNREAD, [_unreadable(body, error, clauses)]
    return value, [] if _names_each_member_once(value, body) else list(_repeated(body, clauses))


def _unreadable(body: bytes, error: orjson.JSONDecodeError, clauses: CallClauses) -> Violation:
    """Say in our words why *body* is no JSON; the words of *error* are those of whoever wrote the reader."""
    at = f"at line {error.lineno}, column {error.colno}"
    if "depth" in error.msg:
        return _refusal("holds lists and objects more than 1024 deep in one another", clauses.depth)
    if "infinity" in error.msg:
        return _refusal(f"holds a number that no double can hold, {at}; 1e308 is about the largest", clauses.number)
    if "surrogate in string" in error.msg:
        what = f"is not JSON: half a surrogate pair stands {at}; send whole characters"
        return _refusal(what, clauses.unicode)
    if encoding := _other_encoding(body):
        return _refusal(f"is not JSON: it {encoding}", clauses.unicode)
    if number := _NO_NUMBER.match(body.decode(), error.pos):
        what = f"is not JSON: {number[0]} {at} is no number of JSON; leave the member out, or send a number"
        return _refusal(what, clauses.body)
    return _refusal(f"is not JSON: {error.msg} {at}", clauses.body)


def _refusal(what: str, clause: str) -> Violation:
    return Violation("body", what, clause)


def _other_encoding(body: bytes) -> str:
    """Say in which other encoding *body* seems to be; nothing means that it is UTF-8."""
    if body.startswith(codecs.BOM_UTF8):
        return "begins with a byte order mark; send the JSON without it"
    if body.startswith(b"\x1f\x8b"):
        return "looks compressed by gzip; compressed bodies are not read, send the JSON as it is"
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in body[:4]:
        return "looks like UTF-16 or UTF-32; send it in UTF-8"
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return f"is no UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}; send it in UTF-8"
    return ""


def _names_each_member_once(value: Json, body: bytes) -> bool:
    r"""Say whether *body* surely has no repeated member: where nothing is escaped, its *value* has as many colons."""
    try:
        return b"\\" not in body and orjson.dumps(value).count(b":") == body.count(b":")
    except TypeError:  # too deep to be written, though not to be read
        return False


@dataclass(slots=True)
class _Level:
    """An object or a list that was entered, and what was met in it."""

    #: The names of the object so far; None in a list.
    names: set[str] | None
    #: The name or the index where the reading stands.
    at: str | int


def _repeated(body: bytes, clauses: CallClauses) -> Iterator[Violation]:
    """Report each member of *body*, which is JSON, that its object had before."""
    levels: list[_Level] = []
    text = b""
    reported = 0
    for token in _TOKEN.findall(body):
        if token in (b"{", b"["):
            levels.append(_Level(set(), "") if token == b"{" else _Level(None, 0))
        elif token in (b"}", b"]"):
            levels.pop()
        elif token == b",":
            level = levels[-1]
            level.at = level.at + 1 if isinstance(level.at, int) else level.at
        elif token == b":":
            if _is_repeated(levels[-1], orjson.loads(text)):
                where = ".".join(["body", *(str(level.at)[:MOST_CHARACTERS] for level in levels)])
                yield Violation(where, "stands more than once in its object; send it once", clauses.twice)
                reported += 1
                if reported == _MOST_REPEATED:
                    return
        else:
            text = token


def _is_repeated(level: _Level, name: str) -> bool:
    level.at = name
    assert level.names is not None, "a colon stands in objects only"  # noqa: S101
    before = len(level.names)
    level.names.add(name)
    return len(level.names) == before
