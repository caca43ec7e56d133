"""Reads an OpenAPI document into operations and clauses, and refuses what the server would not honour."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from mockserver.contract.conventions import Conventions
from mockserver.contract.document.clauses import (
    Clause,
    read_call_clauses,
    read_clauses,
    refuse_twins,
    refuse_unknown_clauses,
)
from mockserver.contract.document.discriminators import refuse_loose_discriminator
from mockserver.contract.document.operations import METHODS, Operation, read_operations
from mockserver.contract.document.pointers import named_part
from mockserver.contract.document.references import Path, nodes, refuse_broken_reference, resolved
from mockserver.contract.document.schemas import refuse_odd_patterns, schema_nodes
from mockserver.contract.document.security import SecurityScheme
from mockserver.contract.document.shape import refuse_misshapen
from mockserver.errors import SpecError, nearest
from mockserver.model import Json


class Contract:
    """The document, read and checked. Raises `SpecError` where it cannot be honoured."""

    def __init__(self, document: Mapping[str, Any], conventions: Conventions = Conventions()) -> None:  # noqa: B008 frozen
        refuse_misshapen(document)
        self.document = document
        self.conventions = conventions
        self.version: str = document["info"]["version"]
        self.clauses: Mapping[str, Clause] = read_clauses(document)
        #: What a call breaks before any parameter or schema is looked at.
        self.call_clauses = read_call_clauses(document, self.clauses)
        ids = [item[m]["operationId"] for item in document["paths"].values() for m in METHODS if m in item]
        refuse_twins(ids, "operationId")
        _refuse_broken_parts(document, self.clauses, ids)
        self.operations: Mapping[str, Operation] = read_operations(document, self.clauses)

    @cached_property
    def credential_clauses(self) -> frozenset[str]:
        """Return the clauses that a call breaks without its credentials."""
        return frozenset(scheme.clause for scheme in self._schemes())

    @property
    def credentials(self) -> frozenset[tuple[str, str]]:
        """Where calls carry credentials: header, query or cookie, and the name there."""
        return frozenset((scheme.location, scheme.name) for scheme in self._schemes())

    def _schemes(self) -> Iterator[SecurityScheme]:
        for operation in self.operations.values():
            for requirement in operation.security:
                yield from requirement

    def resolved(self, node: Any) -> Any:
        """Follow the `$ref` of *node*, with what stands beside it laid over the target."""
        return resolved(self.document, node)

    def component(self, name: str) -> Mapping[str, Json]:
        """Return the schema component *name*."""
        schema: Mapping[str, Json] = self.document["components"]["schemas"][name]
        return schema

    def example(self, name: str) -> Json:
        """Return the value of the example component *name*."""
        return self.document["components"]["examples"][name]["value"]

    def names(self) -> frozenset[str]:
        """Return the name of every parameter, and of every member of every object."""
        schemas = self.document["components"].get("schemas", {}).values()
        members = (
            name for schema in schemas for _, node in schema_nodes(schema) for name in node.get("properties", ())
        )
        parameters = (parameter.name for operation in self.operations.values() for parameter in operation.parameters)
        return frozenset((*members, *parameters))


def _refuse_broken_parts(
    document: Mapping[str, Any], clauses: Mapping[str, Clause], operations: Collection[str]
) -> None:
    """Raise `SpecError` for a reference, a pattern or a name in any part, whether an operation uses it or not."""
    patterns: dict[Path, str] = {}
    followed: set[str] = set()
    for path, node in nodes(document):
        if "$ref" in node and node["$ref"] not in followed:
            refuse_broken_reference(document, path, node)
            followed.add(node["$ref"])
        if "pattern" in node:
            patterns[path] = node["pattern"]
        if "discriminator" in node or "x-elsewhere" in node:
            refuse_loose_discriminator(document, node, named_part(document, path))
        named = [node["x-clause"]] if "x-clause" in node else node.get("x-clauses", ())
        if not clauses.keys() >= set(named):
            refuse_unknown_clauses(named, clauses, named_part(document, path))
        if path[-2:-1] == ("links",) and "operationId" in node and node["operationId"] not in operations:
            hint = nearest(node["operationId"], operations)
            raise SpecError(
                f"{named_part(document, path)}: no operation has the operationId {node['operationId']!r}{hint}"
            )
    refuse_odd_patterns(document, patterns)
