"""The parameters of operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.document.references import resolved
from mockserver.errors import SpecError
from mockserver.model import Json

KEYWORDS = frozenset(["name", "in", "required", "description", "x-clause", "schema", "example", "examples"])


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Json]
    clause: str


def read_parameter(document: Mapping[str, Any], entry: Mapping[str, Any]) -> Parameter:
    """Read one parameter of *document*, whose own reference was followed."""
    return Parameter(
        entry["name"],
        entry["in"],
        entry.get("required", False),
        resolved(document, entry["schema"]),
        entry.get("x-clause", ""),
    )


def refuse_unless_text(parameter: Parameter, operation: str) -> None:
    """Raise `SpecError` when *parameter* of *operation* is to be something else than text."""
    if parameter.schema.get("type") != "string":
        raise SpecError(
            f"{operation} {parameter.name}: the schema of a parameter must be of type string, because a URL is text "
            "and nothing reads numbers out of it; say with a pattern how a number is written"
        )
