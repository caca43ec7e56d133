"""Reads the body of a call by its declared media type; a body that is declared otherwise, or coded, is not read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from mockserver.abbreviation import MOST_CHARACTERS
from mockserver.contract.calls.form_body import FormReader
from mockserver.contract.calls.json_body import UNREAD, read_json
from mockserver.contract.document.bodies import FORM, JSON
from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.model import Call, Json, Violation

Read = Callable[[bytes], tuple[Json, list[Violation]]]

_CHARSET = re.compile(r""";\s*charset\s*=\s*("[^"]*"|[^;]*)""", re.IGNORECASE)
_UTF8 = frozenset(["utf-8", "utf8"])
#: What a body of a media type is called, and what it has to be.
_NOUNS = {JSON: ("JSON", "a JSON object"), FORM: ("form", "a form")}


class BodyReader:
    """Reads the bodies of calls of one operation."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        self._clauses = clauses = contract.call_clauses
        self._required = operation.body_required
        self._readers: Mapping[str, Read] = {
            media_type: FormReader(schema, contract.resolved, clauses).read
            if media_type == FORM
            else partial(read_json, clauses=clauses)
            for media_type, schema in operation.bodies.items()
        }
        self._first = next(iter(self._readers), "")
        self._noun = _NOUNS[self._first][0] if len(self._readers) == 1 else "body"

    def read(self, call: Call) -> tuple[str, Json, list[Violation]]:
        """Return the media type of the body, its value or `UNREAD`, and what is wrong with the body as such."""
        if not self._readers:
            return "", UNREAD, []
        if not call.body:
            return self._first, *self._empty()
        media_type = call.headers.get("content-type", "")
        reader = self._readers.get(media_type)
        if reader is None or "content-encoding" in call.headers:
            declared, media_type = media_type, media_type.partition(";")[0].strip().lower()
            if found := [*self._wrong_coding(call.headers), *self._wrong_type(declared, media_type)]:
                return self._first, UNREAD, found
            reader = self._readers[media_type]
        return media_type, *reader(call.body)

    def _empty(self) -> tuple[Json, list[Violation]]:
        if not self._required:
            return {}, []
        wanted = " or ".join(_NOUNS[media_type][1] for media_type in self._readers)
        return UNREAD, [Violation("body", f"must be {wanted}, got an empty body", self._clauses.body)]

    def _wrong_coding(self, headers: Mapping[str, str]) -> Iterator[Violation]:
        coding = headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", ""):
            got = repr(coding[:MOST_CHARACTERS])
            what = (
                f"must be left out, because compressed bodies are not read, got {got}; send the {self._noun} as it is"
            )
            yield Violation("header.Content-Encoding", what, self._clauses.coding)

    def _wrong_type(self, declared: str, media_type: str) -> Iterator[Violation]:
        if media_type not in self._readers:
            got = repr(declared.strip()[:MOST_CHARACTERS]) if declared.strip() else "none"
            what = f"must be {' or '.join(self._readers)}, sent once, got {got}"
            yield Violation("header.Content-Type", what, self._clauses.media_type)
            return
        for charset in _CHARSET.findall(declared):
            name = charset.strip().strip('"')
            if name.lower() not in _UTF8:
                got = repr(name[:MOST_CHARACTERS])
                what = f"must declare the charset utf-8 or none, got {got}; send the {self._noun} in UTF-8"
                yield Violation("header.Content-Type", what, self._clauses.charset)
