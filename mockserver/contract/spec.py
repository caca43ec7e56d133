"""Reads an OpenAPI document into operations and clauses, and refuses what the server would not honour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from mockserver.contract.conventions import Conventions
from mockserver.contract.document.clauses import Clause, read_clause, refuse_unknown_clauses
from mockserver.contract.document.keywords import refuse_twins
from mockserver.contract.document.operations import Operation, read_operations
from mockserver.contract.document.parameters import refuse_unless_text
from mockserver.contract.document.references import resolved
from mockserver.contract.document.schemas import refuse_schema, schema_nodes
from mockserver.model import Json


class Contract:
    """The document, read and checked. Raises `SpecError` where it cannot be honoured."""

    def __init__(self, document: Mapping[str, Any], conventions: Conventions = Conventions()) -> None:  # noqa: B008 frozen
        self.document = document
        self.conventions = conventions
        self.version = str(document["info"]["version"])
        self.clauses: Mapping[str, Clause] = {c.id: c for c in map(read_clause, document.get("x-clauses", ()))}
        operations = list(read_operations(document))
        self.operations: Mapping[str, Operation] = {o.id: o for o in operations}
        refuse_twins([entry["id"] for entry in document.get("x-clauses", ())], "clause")
        refuse_twins([o.id for o in operations], "operationId")
        _refuse_what_nobody_honours(self)

    def resolved(self, node: Any) -> Any:
        """Follow the `$ref` of *node*, with what stands beside it laid over the target."""
        return resolved(self.document, node)

    def component(self, name: str) -> Mapping[str, Json]:
        """Return the schema component *name*."""
        schema: Mapping[str, Json] = self.document["components"]["schemas"][name]
        return schema

    @cached_property
    def default_engagement(self) -> Mapping[str, Json]:
        """The engagementDetails of the contract's example `Available`: what an offer is when nothing is said."""
        example: Mapping[str, Json] = self.document["components"]["examples"]["Available"]["value"]["engagementDetails"]
        return example

    def names(self) -> frozenset[str]:
        """Return the name of every parameter, and of every member of every object."""
        schemas = self.document["components"]["schemas"].values()
        members = (
            name for schema in schemas for _, node in schema_nodes(schema) for name in node.get("properties", ())
        )
        parameters = (parameter.name for operation in self.operations.values() for parameter in operation.parameters)
        return frozenset((*members, *parameters))

    def clause_at(self, operation: str, where: str) -> str:
        """Return the clause that a value at *where* (`body.appDetails.os`) breaks: the nearest one above it."""
        found = self.operations[operation]
        place, _, rest = where.partition(".")
        if place != "body":
            name = rest.split(".")[0]
            return next(p.clause for p in found.parameters if p.name == name)
        node = self.resolved(found.body)
        clause: str = node["x-clause"]
        for part in filter(None, rest.split(".")):
            node = self.resolved(node.get("items") if part.isdigit() else node.get("properties", {}).get(part))
            if not isinstance(node, Mapping):
                break
            clause = node.get("x-clause", clause)
        return clause


def _refuse_what_nobody_honours(contract: Contract) -> None:
    known = contract.clauses
    schemas = contract.document.get("components", {}).get("schemas", {})
    roots = [(f"components/schemas/{name}", schema) for name, schema in schemas.items()]
    for operation in contract.operations.values():
        roots += [(f"{operation.id}/{parameter.name}", parameter.schema) for parameter in operation.parameters]
        roots += [(f"{operation.id}/body", operation.body)] if operation.body else []
        for status, response in operation.responses.items():
            roots += [
                (f"{operation.id}/{status}/{media}", entry["schema"]) for media, entry in response["content"].items()
            ]
    for root, schema in roots:
        refuse_schema(schema, known, root)
    for operation in contract.operations.values():
        refuse_unknown_clauses(operation.clauses, known, operation.id)
        for status, response in operation.responses.items():
            refuse_unknown_clauses(response.get("x-clauses", ()), known, f"{operation.id} {status}")
        for parameter in operation.parameters:
            refuse_unknown_clauses([parameter.clause], known, f"{operation.id} {parameter.name}")
            refuse_unless_text(parameter, operation.id)
