"""Reads case files: a sentence, the calls, what must come back, and the clauses that are exercised.

A case reads aloud::

    title: T3 a later call with both ids continues the session
    clauses: [GE-CONTINUE]
    steps:
      - call: {operation: getEngagement, body: {}}
        expect: {status: 200, keep: {vid: visitorId, sid: sessionId}}
      - call: {operation: getEngagement, body: {vid: "{vid}", sid: "{sid}"}}
        expect: {status: 200, body: {visitorId: "{vid}", sessionId: "{sid}"}}

`{account}` is the account of the run, `{unknown_visitor}` and `{unknown_session}` are ids that nobody handed out.
`status: any` is for a case that is not about the status.
`!pattern` stands for every text that fits, and keeps what its named groups catch; `!repeat [text, times]` is long.
`each` names rows of values; the case is examined once for every row, with `{name}` filled in all over it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, post_load, validates_schema
from marshmallow.validate import Length

from ...contract.document import Document
from ...locations import CASES
from ...mock.arrangement import Arrangement
from ...reading.file_shapes import AnyText, Anything, FileShape, Inner, Several, Table, Text, Truth, Whole, loaded
from ...reading.json_text import Json
from ...reading.placeholders import Pattern, partly_filled
from ...reading.strict_yaml import HandWritten, Steps, meant, read
from ...spelling import suggestion_or_all
from .case import ANY_STATUS, OUTSIDE, CallSpec, Case, Expectation, Step


class _TextOrPattern(Text):
    """Text, or a pattern that texts fit."""

    wanted = "text or !pattern"

    def understood(self, value: Any) -> Any:
        """Return the text or the pattern."""
        return value if isinstance(value, str | Pattern) else None


class _TextOrTexts(Text):
    """Text, or a list of texts."""

    wanted = "text or a list of texts"

    def understood(self, value: Any) -> Any:
        """Return all texts."""
        texts = value if isinstance(value, list) else [value]
        return tuple(map(str, texts)) if all(isinstance(text, str) for text in texts) else None


class _StatusOrAny(Whole):
    """A status, or the word `any` where the case is not about it."""

    def understood(self, value: Any) -> Any:
        """Return the status."""
        return ANY_STATUS if value == "any" else super().understood(value)


def _free(**options: Any) -> Table:
    return Table(Text(), Anything(allow_none=True), example='{vid: "{vid}"}', **options)


class _ArrangementShape(FileShape):
    scenario = Text()
    stubs = Several(Anything(), example="[{then: not_available}]")
    rules = _free()
    advance_ms = Whole()
    frozen = Truth()
    mock = Truth()

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Arrangement:
        return Arrangement(stubs=tuple(data.pop("stubs", ())), **data)


class _CallShape(FileShape):
    operation = Text()
    method = Text()
    at = Text()
    path = _free()
    query = _free()
    headers = _free()
    cookies = Table(Text(), AnyText(), example="{LPVID: abc}")
    body = Anything(allow_none=True)
    text = AnyText()
    base64 = AnyText()

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> CallSpec:
        return CallSpec(**data)


class _ExpectationShape(FileShape):
    status = _StatusOrAny(required=True)
    clause = _TextOrTexts()
    code = Whole()
    message = _TextOrPattern()
    body = Anything(allow_none=True)
    text = _TextOrPattern()
    among = _free()
    absent = Several(Text(), example="[engagementDetails]")
    different = _free()
    headers = _free()
    cookies = _free()
    keep = Table(Text(), Text(), example="{vid: visitorId}")
    rule = Text()

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Expectation:
        return Expectation(absent=tuple(data.pop("absent", ())), **data)


class _StepShape(FileShape):
    call = Inner(_CallShape)
    expect = Inner(_ExpectationShape)
    arrange = Inner(_ArrangementShape)

    @validates_schema
    def is_one_thing(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.keys() not in ({"arrange"}, {"call", "expect"}):
            raise ValidationError("a step has call and expect, or arrange alone")

    @post_load
    def made(self, data: dict[str, Any], **_: Any) -> Step:
        return Step(**data)


class _CaseShape(FileShape):
    title = Text(required=True)
    clauses = Several(Text(), example="[GE-CONTINUE]", required=True, validate=Length(1, error="names no clause"))
    needs = Inner(_ArrangementShape)
    each = Table(Text(), _free(), example="{an empty vid: {vid: ''}}", validate=Length(1, error="names no row"))
    steps = Several(Inner(_StepShape), example="[{call: {...}, expect: {...}}]", required=True)

    @validates_schema
    def calls_somebody(self, data: Mapping[str, Any], **_: Any) -> None:
        if not any(step.call for step in data.get("steps", ())):
            raise ValidationError("a case makes at least one call", "steps")


def load(document: Document, folder: Path = CASES) -> list[Case]:
    """Read every case under *folder*, one for each of its rows, and compare it with *document*.

    Raises FileError with every mistake of the first file that has any.
    """
    return [case for path in sorted(folder.glob("*/*.yaml")) for case in _read(path, folder, document)]


def _read(path: Path, folder: Path, document: Document) -> list[Case]:
    written = read(path, {"!pattern": _pattern, "!repeat": _repeat})
    name = path.relative_to(folder).with_suffix("").as_posix()
    cases = [_case(name, written, row) for row in _rows(written)]
    mistakes = {mistake for case in cases for mistake in _mistakes(case, document)}
    if mistakes:
        raise written.refusal(mistakes)
    return cases


def _rows(written: HandWritten) -> Iterator[Json]:
    """Yield the whole case, with the values of each row filled in where it has rows."""
    whole = meant(written.value)
    rows = whole.get("each") if isinstance(whole, dict) else None
    if not rows or not isinstance(rows, dict) or not all(isinstance(values, dict) for values in rows.values()):
        yield whole
        return
    for row, values in rows.items():
        yield partly_filled({**whole, "title": f"{whole.get('title', '')} [{row}]"}, values)


def _case(name: str, written: HandWritten, row: Json) -> Case:
    given = loaded(_CaseShape(), written, row)
    return Case(
        name=name,
        title=given["title"],
        clauses=tuple(given["clauses"]),
        needs=given.get("needs"),
        steps=tuple(given["steps"]),
    )


def _pattern(value: Any) -> Pattern:
    if not isinstance(value, str):
        raise ValueError("takes one text")  # noqa: TRY004 - a mistake in a file, found with its line
    return Pattern(str(value))


def _repeat(value: Any) -> str:
    text, times = meant(value) if isinstance(value, list) and len(value) == 2 else (None, None)
    if not isinstance(text, str) or not isinstance(times, int):
        raise ValueError("takes a text and a number, such as [x, 129]")  # noqa: TRY004
    return text * times


def _mistakes(case: Case, document: Document) -> Iterator[tuple[Steps, str]]:
    """Yield what the contract cannot mean, with the keys that lead there."""
    for steps, what, word, known in _words(case, document):
        if word not in known:
            yield steps, f"the {what} {word!r} is not in the contract{suggestion_or_all(word, known)}"
    for number, step in enumerate(case.steps):
        for clause in step.expect.clause if step.expect else ():
            status = document.clauses[clause].status if clause in document.clauses else None
            if step.expect and status not in {None, step.expect.status}:
                what = f"the contract answers {clause} with {status}, the case expects {step.expect.status}"
                yield ("steps", number, "expect", "status"), what


def _words(case: Case, document: Document) -> Iterator[tuple[Steps, str, str, Collection[str]]]:
    """Yield every word of the case that must stand in the contract: where and what it is, the word, the known ones."""
    yield (), "folder", case.folder, [*document.operations, OUTSIDE]
    for number, clause in enumerate(case.clauses):
        yield ("clauses", number), "clause", clause, document.clauses
    for number, step in enumerate(case.steps):
        steps = ("steps", number)
        if step.call and step.call.operation:
            yield (*steps, "call", "operation"), "operation", step.call.operation, document.operations
        for clause in step.expect.clause if step.expect else ():
            yield (*steps, "expect", "clause"), "clause", clause, document.clauses
        if step.expect and step.expect.rule:
            yield (*steps, "expect", "rule"), "clause", step.expect.rule, document.clauses
