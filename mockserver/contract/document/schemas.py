"""The schemas of a document: which words they may have, and a walk through all of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockserver.contract.document.clauses import refuse_unknown_clauses
from mockserver.contract.document.keywords import refuse_others
from mockserver.errors import SpecError
from mockserver.model import Json

#: What the server reads and enforces. A keyword outside this list would be a promise nobody keeps.
KEYWORDS = frozenset(
    "$ref type enum const pattern format minimum maximum minItems maxLength required properties items "
    "oneOf anyOf not if then discriminator description x-clause".split()
)
FORMATS = frozenset(["ipv4", "ipv6"])
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


def refuse_schema(schema: Any, clauses: Collection[str], root: str) -> None:
    """Raise `SpecError` for what nobody honours in *schema*, which stands at *root*, or below it."""
    for where, node in schema_nodes(schema, root):
        refuse_others(KEYWORDS, node, where)
        if "format" in node and node["format"] not in FORMATS:
            raise SpecError(f"{where}: the format {node['format']!r} is not enforced; known: {sorted(FORMATS)}")
        if "pattern" in node:
            _refuse_odd_pattern(node["pattern"], where)
        refuse_unknown_clauses([node["x-clause"]] if "x-clause" in node else [], clauses, where)


def _refuse_odd_pattern(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise SpecError(f"{where}: the pattern {pattern!r} cannot be read: {error}") from error
