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
`!pattern` stands for every text that fits, and keeps what its named groups catch; `!repeat [text, times]` is long.
`each` names rows of values; the case is examined once for every row, with `{name}` filled in all over it.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import yaml

from .document import Document, Json
from .placeholders import Pattern, partly_filled

#: The cases of calls that no operation of the contract takes stand in this folder.
OUTSIDE: Final = "outside"

FOLDER: Final = Path(__file__).resolve().parent / "cases"


class CaseError(Exception):
    """A case file cannot be read; the message names the file, the key, and the nearest known one."""


@dataclass(frozen=True)
class Arrangement:
    """What only the mock's admin API can bring about."""

    #: A preset's name.
    scenario: str = ""
    #: The stubs of a scenario document, in the mock's own words.
    stubs: tuple[Json, ...] = ()
    rules: Mapping[str, Json] = field(default_factory=dict)
    advance_ms: int = 0
    #: The case rests on a setting of the mock, although nothing has to be arranged.
    mock: bool = False


@dataclass(frozen=True)
class CallSpec:
    """One call as the case describes it; what it leaves out is the contract's example, if that is required."""

    operation: str = ""
    method: str = ""
    #: Another spelling of the path, or a path outside the contract.
    at: str = ""
    path: Mapping[str, Json] = field(default_factory=dict)
    #: A list of values sends the parameter that often; null leaves it out.
    query: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: Json = None
    #: The body as it stands, instead of JSON.
    text: str | None = None


@dataclass(frozen=True)
class Expectation:
    """What must come back."""

    status: int
    #: The clauses that the refusal must name; their status and internalCode are expected with them.
    clause: tuple[str, ...] = ()
    code: int | None = None
    message: str | Pattern | None = None
    #: Members with these values; others may stand beside them.
    body: Json = None
    text: str | Pattern | None = None
    absent: tuple[str, ...] = ()
    #: Members that must be there with any other value.
    different: Mapping[str, Json] = field(default_factory=dict)
    headers: Mapping[str, Json] = field(default_factory=dict)
    cookies: Mapping[str, Json] = field(default_factory=dict)
    #: Names for values of the body, to be used by later steps.
    keep: Mapping[str, str] = field(default_factory=dict)
    #: The clause that a disappointed expectation breaks; by default the first of `clause`, then of the case.
    rule: str = ""


@dataclass(frozen=True)
class Step:
    """A call with its expected outcome, or something to arrange in between."""

    call: CallSpec | None = None
    expect: Expectation | None = None
    arrange: Arrangement | None = None


@dataclass(frozen=True)
class Case:
    """One example of the contract."""

    name: str
    title: str
    clauses: tuple[str, ...]
    steps: tuple[Step, ...]
    needs: Arrangement | None = None

    @property
    def folder(self) -> str:
        """Return the operation that the case is about, or `outside`."""
        return self.name.partition("/")[0]

    @property
    def needs_admin(self) -> bool:
        """Say whether the case can only be examined where the mock's admin API is."""
        return self.needs is not None or any(step.arrange for step in self.steps)


class _Loader(yaml.CSafeLoader):
    """YAML with the two tags of case files."""


def _pattern(loader: yaml.CSafeLoader, node: yaml.Node) -> Pattern:
    if not isinstance(node, yaml.ScalarNode):
        raise CaseError(f"!pattern takes one text{node.start_mark}")
    return Pattern(str(loader.construct_scalar(node)))


def _repeat(loader: yaml.CSafeLoader, node: yaml.Node) -> str:
    if not isinstance(node, yaml.SequenceNode):
        raise CaseError(f"!repeat takes a text and a number{node.start_mark}")
    text, times = loader.construct_sequence(node)
    return str(text) * int(times)


_Loader.add_constructor("!pattern", _pattern)
_Loader.add_constructor("!repeat", _repeat)


def load(document: Document, folder: Path = FOLDER) -> list[Case]:
    """Read every case under *folder*, one for each of its rows, and compare it with *document*."""
    return [case for path in sorted(folder.glob("*/*.yaml")) for case in _read(path, folder, document)]


def _read(path: Path, folder: Path, document: Document) -> list[Case]:
    name = path.relative_to(folder).with_suffix("").as_posix()
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506  # derived from the safe loader
        cases = list(_cases(name, raw))
        for case in cases:
            _judge(case, document)
    except (CaseError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise CaseError(f"{path}: {error}") from error
    return cases


def _cases(name: str, raw: Json) -> Iterator[Case]:
    members = _members(Case, raw, {"title", "clauses", "needs", "each", "steps"})
    rows = members.pop("each", None)
    if rows is None:
        yield _case(name, members)
        return
    for row, values in rows.items():
        yield _case(name, partly_filled({**members, "title": f"{members['title']} [{row}]"}, values))


def _case(name: str, members: Mapping[str, Json]) -> Case:
    needs = members.get("needs")
    return Case(
        name=name,
        title=members["title"],
        clauses=tuple(members["clauses"]),
        needs=_arrangement(needs) if needs is not None else None,
        steps=tuple(_step(step) for step in members["steps"]),
    )


def _step(raw: Json) -> Step:
    members = _members(Step, raw)
    if "arrange" in members:
        return Step(arrange=_arrangement(members["arrange"]))
    expect = _members(Expectation, members["expect"])
    clause = expect.pop("clause", ())
    return Step(
        call=CallSpec(**_members(CallSpec, members["call"])),
        expect=Expectation(
            clause=(clause,) if isinstance(clause, str) else tuple(clause),
            absent=tuple(expect.pop("absent", ())),
            **expect,
        ),
    )


def _arrangement(raw: Json) -> Arrangement:
    members = _members(Arrangement, raw)
    return Arrangement(stubs=tuple(members.pop("stubs", ())), **members)


def _members(shape: type, raw: Json, known: Collection[str] = ()) -> dict[str, Any]:
    known = known or [each.name for each in fields(shape)]
    if not isinstance(raw, dict):
        raise CaseError(f"{shape.__name__} is a mapping with {', '.join(sorted(known))}, got {raw!r}")
    for key in raw:
        if key not in known:
            raise CaseError(f"{key!r} is no key of {shape.__name__}{_nearest(str(key), known)}")
    return dict(raw)


def _judge(case: Case, document: Document) -> None:
    """Refuse a case that the contract cannot mean."""
    for place, word, known in _words(case, document):
        if word not in known:
            raise CaseError(f"{place} {word!r} is not in the contract{_nearest(word, known)}")
    if not case.clauses or not any(step.call for step in case.steps):
        raise CaseError("a case exercises at least one clause with at least one call")
    for step in case.steps:
        for clause in step.expect.clause if step.expect else ():
            status = document.clauses[clause].status
            if step.expect and status not in {None, step.expect.status}:
                raise CaseError(f"the contract answers {clause} with {status}, the case expects {step.expect.status}")


def _words(case: Case, document: Document) -> Iterator[tuple[str, str, Collection[str]]]:
    """Yield every word of the case that must stand in the contract: what it is, the word, the known ones."""
    yield "the folder", case.folder, [*document.operations, OUTSIDE]
    for clause in case.clauses:
        yield "the clause", clause, document.clauses
    for step in case.steps:
        if step.call and step.call.operation:
            yield "the operation", step.call.operation, document.operations
        for clause in (*step.expect.clause, step.expect.rule) if step.expect else ():
            if clause:
                yield "the clause", clause, document.clauses


def _nearest(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known))}"
