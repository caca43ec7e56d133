"""What a case is: a sentence, the calls, what must come back, and the clauses that are exercised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ...mock.arrangement import Arrangement
from ...reading.json_text import Json
from ...reading.placeholders import Pattern

#: The cases of calls that no operation of the contract takes stand in this folder.
OUTSIDE: Final = "outside"


#: The status of an expectation that none is too good or too bad for.
ANY_STATUS: Final = 0


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
    #: The body as bytes that are no text, written in base64.
    base64: str = ""


@dataclass(frozen=True)
class Expectation:
    """What must come back."""

    #: ANY_STATUS says that the case is not about it.
    status: int
    #: The clauses that the refusal must name; their status and internalCode are expected with them.
    clause: tuple[str, ...] = ()
    code: int | None = None
    message: str | Pattern | None = None
    #: Members with these values; others may stand beside them.
    body: Json = None
    text: str | Pattern | None = None
    #: Lists that hold an entry with these values, by the paths to them; in a script, of what its function is handed.
    among: Mapping[str, Json] = field(default_factory=dict)
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

    @property
    def only_keeps(self) -> bool:
        """Say whether the step wants nothing of its reply but values for later steps."""
        expect = self.expect
        return expect is not None and bool(expect.keep) and expect == Expectation(expect.status, keep=expect.keep)


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

    def examined_by(self, step: Step) -> tuple[str, ...]:
        """Return the clauses that *step* puts to the test, the first of them foremost.

        These are the ones that it names, else those of the case that no step names; a step that only gets values for
        those behind it examines none.
        """
        expect = step.expect
        if expect and (expect.rule or expect.clause):
            return (expect.rule,) if expect.rule else expect.clause
        if step.only_keeps and step is not self.steps[-1]:
            return ()
        return self._unnamed or self.clauses

    def completed_by(self, step: Step) -> tuple[str, ...]:
        """Return the clauses that no step puts to the test by itself; the last step completes what shows them."""
        if step is not self.steps[-1]:
            return ()
        examined = {name for each in self.steps if each.call for name in self.examined_by(each)}
        return tuple(name for name in self._unnamed if name not in examined)

    @property
    def _unnamed(self) -> tuple[str, ...]:
        named = {name for step in self.steps if step.expect for name in (step.expect.rule, *step.expect.clause)}
        return tuple(name for name in self.clauses if name not in named)
