"""What every kind of rule is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from mockserver.contract.shapes.problems import Found
from mockserver.model import Json

#: Judges a value by one keyword of a schema; nothing found means that the value keeps it.
Rule: TypeAlias = Callable[[Json], Found]


class Shape(Protocol):
    """One schema of the contract, ready to explain values."""

    @property
    def clause(self) -> str:
        """The clause that a value breaks when it does not fit."""

    def found(self, value: Json) -> Found:
        """Return everything that is wrong with *value*; nothing means that it keeps the schema."""


class Shapes(Protocol):
    """Where the shapes of the schemas below a schema come from."""

    def shape(self, schema: Any, clause: str) -> Shape:
        """Return the shape of *schema*; *clause* is broken where it names none of its own."""

    def resolved(self, schema: Any) -> Any:
        """Follow the reference that *schema* may be."""


@dataclass(frozen=True, slots=True)
class Node:
    """A schema of which rules are made."""

    schema: Mapping[str, Any]
    clause: str
    shapes: Shapes

    def part(self, schema: Any) -> Shape:
        """Return the shape of a *schema* inside this one."""
        return self.shapes.shape(schema, self.clause)
