"""What a schema has against a value, and where in the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mockserver.abbreviation import abbreviated, described
from mockserver.model import Json


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a schema has against a value."""

    #: What was expected, as a predicate: `must be a string`, `is required`.
    must: str
    #: The clause of the contract that is broken.
    clause: str
    #: What came instead, or "".
    got: str = ""
    #: The way out, where there is one to name: `; did you mean 'x'?`
    advice: str = ""
    #: Whether the schema takes no value of this type at all.
    of_type: bool = False
    #: Whether the value is a slip of one that the schema takes.
    is_slip: bool = False

    @property
    def what(self) -> str:
        """The sentence, of which the place of the value is the subject."""
        return f"{self.must}{self.got and f', got {self.got}'}{self.advice}"


#: From a value to a part of it: names of members, indexes of items.
Path: TypeAlias = tuple[str | int, ...]
#: Everything that a schema has against a value, in the order of the contract.
Found: TypeAlias = list[tuple[Path, Problem]]


def wrong_type(wanted: str, value: Json, clause: str, advice: str | None = None) -> Found:
    """Say that *value* has a type that is not *wanted*."""
    advice = null_advice(value) if advice is None else advice
    return [((), Problem(f"must be {wanted}", clause, described(value), advice, of_type=True))]


def wrong_value(must: str, value: Json, clause: str) -> Found:
    """Say what *value*, whose type is right, *must* do."""
    return [((), Problem(must, clause, abbreviated(value)))]


def null_advice(value: Json) -> str:
    """Say what to send in the place of a null that is not wanted."""
    return "; leave out what has no value" if value is None else ""


def below(step: str | int, found: Found) -> Found:
    """Return what was *found* in the part of a value that *step* leads to, as seen from the value."""
    return [((step, *path), problem) for path, problem in found]
