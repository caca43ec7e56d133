"""Reads a body as a form, `application/x-www-form-urlencoded` in UTF-8: its texts become what its schema says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from mockserver.abbreviation import MOST_CHARACTERS
from mockserver.contract.calls.json_body import UNREAD
from mockserver.contract.calls.typed_text import typed
from mockserver.contract.document.clauses import CallClauses
from mockserver.model import Json, Violation

#: How many members a form may have; a megabyte could hold half a million, which would take seconds to read.
MOST_MEMBERS = 10_000

_NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class FormReader:
    """Reads forms of one schema, an object whose members are texts, numbers or flags, or lists of these."""

    def __init__(self, schema: Mapping[str, Any], resolved: Callable[[Any], Any], clauses: CallClauses) -> None:
        """Look at the members of *schema*, whose references *resolved* follows."""
        members = {name: resolved(member) for name, member in schema["properties"].items()}
        self._lists = frozenset(name for name, member in members.items() if member["type"] == "array")
        self._types = {
            name: resolved(member["items"])["type"] if name in self._lists else member["type"]
            for name, member in members.items()
        }
        self._clauses = clauses

    def read(self, body: bytes) -> tuple[Json, list[Violation]]:
        """Return the object that *body* says, or `UNREAD`, and what is wrong with the body as such.

        A member that is no list counts as it was sent first. One that is not listed is a text.
        """
        try:
            pairs = list(_pairs(body))
        except _UnreadableForm as error:
            return UNREAD, [error.violation(self._clauses)]
        sent: dict[str, list[str]] = {}
        for name, text in pairs:
            sent.setdefault(name, []).append(text)
        return self._values(sent), [
            Violation(
                f"body.{name[:MOST_CHARACTERS]}", "stands more than once in the form; send it once", self._clauses.twice
            )
            for name, texts in sent.items()
            if len(texts) > 1 and name in self._types and name not in self._lists
        ]

    def _values(self, sent: Mapping[str, Sequence[str]]) -> dict[str, Json]:
        types = self._types
        return {
            name: [typed(text, types[name]) for text in texts]
            if name in self._lists
            else typed(texts[0], types.get(name, "string"))
            for name, texts in sent.items()
        }


class _UnreadableForm(Exception):
    def __init__(self, what: str, *, is_text: bool) -> None:
        super().__init__(what)
        self._what, self._is_text = what, is_text

    def violation(self, clauses: CallClauses) -> Violation:
        """Return this error as a violation of the whole body."""
        return Violation("body", f"is no form: {self._what}", clauses.body if self._is_text else clauses.unicode)


def _pairs(body: bytes) -> Iterator[tuple[str, str]]:
    if body.count(b"&") >= MOST_MEMBERS:
        raise _UnreadableForm(f"it has more than {MOST_MEMBERS} members; send fewer", is_text=True)
    offset = 0
    for piece in body.split(b"&"):
        if piece:
            name, _, text = piece.partition(b"=")
            yield _text(name, offset), _text(text, offset + len(name) + 1)
        offset += len(piece) + 1


def _text(sent: bytes, offset: int) -> str:
    if found := _NO_ESCAPE.search(sent):
        at = offset + found.start()
        raise _UnreadableForm(f"the % at offset {at} begins no escape; write %25 for the sign itself", is_text=True)
    decoded = unquote_to_bytes(sent.replace(b"+", b" "))
    try:
        return decoded.decode()
    except UnicodeDecodeError as error:
        what = f"byte 0x{decoded[error.start]:02x} in the text at offset {offset} is no UTF-8; send it in UTF-8"
        raise _UnreadableForm(what, is_text=False) from None
