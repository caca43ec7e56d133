"""The schemas of a document: their patterns, and a walk through all that stands below one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from mockserver.contract.document.pointers import named_part
from mockserver.contract.document.references import Path, resolved
from mockserver.errors import SpecError
from mockserver.model import Json

#: The schema that no value keeps: a member that must be left out.
NEVER: Mapping[str, Json] = {"not": {}}


def schema_nodes(node: Any, where: str = "#") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every schema below a schema *node*, itself included, with its place."""
    if not isinstance(node, Mapping):
        return
    yield where, node
    for key in ("items", "not", "if", "then"):
        yield from schema_nodes(node.get(key), f"{where}/{key}")
    for key in ("oneOf", "anyOf"):
        for index, part in enumerate(node.get(key, ())):
            yield from schema_nodes(part, f"{where}/{key}/{index}")
    for name, part in node.get("properties", {}).items():
        yield from schema_nodes(part, f"{where}/properties/{name}")


def clauses_below(document: Mapping[str, Any], schema: Any, followed: set[str]) -> Iterator[str]:
    """Yield the clauses that *schema* and those below it name, behind references too; add these to the *followed*."""
    for _, node in schema_nodes(schema):
        if "x-clause" in node:
            yield node["x-clause"]
        if "$ref" in node and node["$ref"] not in followed:
            followed.add(node["$ref"])
            yield from clauses_below(document, resolved(document, node), followed)


def refuse_odd_patterns(document: Mapping[str, Any], patterns: Mapping[Path, str]) -> None:
    """Raise `SpecError` when one of our readers cannot read one of *patterns*, by the ways to their schemas."""
    try:
        # All at once: a validator for each would take longer than all else that is read.
        _refuse_unless_read([*patterns.values()])
    except ValueError:
        for path, pattern in patterns.items():
            try:
                _refuse_unless_read([pattern])
            except ValueError as error:
                why = error.__context__ or "a validator of JSON Schema does not know it"
                what = f"the pattern {pattern!r} cannot be read: {why}; write it otherwise"
                raise SpecError(f"{named_part(document, path)}: {what}") from error


def _refuse_unless_read(patterns: Sequence[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise ValueError(pattern) from error
    if patterns:
        jsonschema_rs.validator_for({"anyOf": [{"pattern": pattern} for pattern in patterns]})
