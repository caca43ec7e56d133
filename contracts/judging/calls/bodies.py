"""What a client's body is before anybody looks at its members: declared, encoded and written as the contract wants."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...errors import UnreadableBody
from ...reading.json_text import Json

#: How deep lists and objects may stand in one another, as the clause says.
DEEPEST: Final = 1024

_CHARSET: Final = re.compile(r""";\s*charset\s*=\s*("[^"]*"|[^;]*)""", re.IGNORECASE)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*+"')


@dataclass(frozen=True)
class Flaw:
    """One clause that a body breaks as a whole."""

    clause: str
    where: str
    what: str
    cure: str


def read(headers: Mapping[str, str], body: bytes, wanted: str) -> tuple[Json, list[Flaw]]:
    """Return the value of a *body* of the media type *wanted*, and what is wrong with the body as a whole."""
    flaws = list(_declared(headers, wanted))
    if flaws:
        return None, flaws
    try:
        return _read(body), []
    except UnreadableBody as error:
        return None, [Flaw(error.clause, "body", error.what, error.cure)]


def _declared(headers: Mapping[str, str], wanted: str) -> Iterator[Flaw]:
    sent = headers.get("content-type", "")
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", ""):
        what = f"Content-Encoding is {coding!r}"
        yield Flaw("REQ-415-CODING", "header.content-encoding", what, "send the body as it is")
    if sent.partition(";")[0].strip().lower() != wanted:
        yield Flaw("REQ-415", "header.content-type", f"Content-Type is {sent!r}", f"send Content-Type: {wanted}")
    elif {charset.strip().strip('"').lower() for charset in _CHARSET.findall(sent)} - {"utf-8", "utf8"}:
        yield Flaw("REQ-415-CHARSET", "header.content-type", f"Content-Type is {sent!r}", "send the body in UTF-8")


def _read(body: bytes) -> Json:
    text = _decoded(body)
    try:
        value = json.loads(text, object_pairs_hook=_members, parse_float=_number, parse_constant=_no_constant)
    except RecursionError:
        _refuse_too_deep(text)
        raise UnreadableBody(
            "GE-400-BODY", "the body is nested too deeply for this reader", "send a flatter body"
        ) from None
    except ValueError as error:
        raise UnreadableBody("GE-400-BODY", f"the body is not JSON: {error}", "send a JSON object") from error
    _refuse_too_deep(text)
    if "\\u" in text and _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise UnreadableBody("REQ-400-UNICODE", "the body holds half of a surrogate pair", "send whole characters")
    return value


def _decoded(body: bytes) -> str:
    if body.startswith(codecs.BOM_UTF8):
        raise UnreadableBody("REQ-400-UNICODE", "the body begins with a byte order mark", "leave the mark out")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise UnreadableBody("REQ-400-UNICODE", f"the body is no UTF-8: {error}", "send the body in UTF-8") from error


def _members(pairs: Sequence[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in members if names.count(name) > 1)
        raise UnreadableBody("REQ-400-TWICE", f"an object names {twice!r} more than once", f"send {twice} once")
    return members


def _number(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise UnreadableBody("REQ-400-NUMBER", f"no double can hold {text[:60]}", "send a smaller number")
    return number


def _no_constant(name: str) -> Json:
    raise UnreadableBody("GE-400-BODY", f"{name} is no number of JSON", "leave the member out, or send a number")


def _refuse_too_deep(text: str) -> None:
    depth = deepest = 0
    for mark in re.findall(r"[\[\]{}]", _TEXT.sub("", text)) if text.count("[") + text.count("{") > DEEPEST else ():
        depth += 1 if mark in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        raise UnreadableBody("REQ-400-DEPTH", f"lists and objects stand {deepest} deep", f"nest at most {DEEPEST} deep")
