"""Reads openapi.yaml into operations and clauses, and refuses what the server would not honour."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockserver.errors import SpecError, nearest
from mockserver.model import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

#: What the server reads and enforces. A keyword outside these lists would be a promise nobody keeps.
SCHEMA_KEYWORDS = frozenset(
    "$ref type enum const pattern format minimum maximum minItems maxLength required properties items "
    "oneOf anyOf not if then discriminator description x-clause".split()
)
OPERATION_KEYWORDS = frozenset(
    "operationId tags summary description x-clauses x-examples-status x-tunnel "
    "parameters requestBody responses security".split()
)
PATH_KEYWORDS = frozenset(["summary", "description", "parameters", "x-aliases", *METHODS])
PARAMETER_KEYWORDS = frozenset(["name", "in", "required", "description", "x-clause", "schema", "example", "examples"])
FORMATS = frozenset(["ipv4", "ipv6"])
#: The schema that no value keeps: a member that must be left out.
NEVER: Mapping[str, Json] = {"not": {}}


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of the contract."""

    id: str
    rule: str
    #: Whom it binds: call, reply, server or client.
    about: str
    #: How sure it is: documented, observed, inferred or recommended.
    standing: str
    source: tuple[str, ...]
    status: int | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    required: bool
    schema: Mapping[str, Json]
    clause: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the contract."""

    id: str
    method: str
    #: The path first, then its other spellings.
    paths: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    #: The schema of the JSON body, or None where the operation takes none.
    body: Mapping[str, Json] | None
    body_required: bool
    #: The response objects by status, references resolved.
    responses: Mapping[int, Mapping[str, Json]]
    clauses: tuple[str, ...]

    def examples(self, status: int) -> Mapping[str, Json]:
        """Return the named example values of the reply with *status*."""
        content = self.responses.get(status, {}).get("content", {})
        return {
            name: example["value"] for media in content.values() for name, example in media.get("examples", {}).items()
        }

    def media_type(self, status: int) -> str | None:
        """Return the media type of the reply with *status*; None for an empty body."""
        return next(iter(self.responses.get(status, {}).get("content", {})), None)


class Contract:
    """The document, read and checked. Raises `SpecError` where it cannot be honoured."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.version = str(document["info"]["version"])
        self.clauses: Mapping[str, Clause] = {c.id: c for c in map(_clause, document.get("x-clauses", ()))}
        self.operations: Mapping[str, Operation] = {o.id: o for o in self._operations()}
        _refuse_twins([entry["id"] for entry in document.get("x-clauses", ())], "clause")
        _refuse_twins([o.id for o in self._operations()], "operationId")
        _refuse_unknown_keywords(self)

    def resolved(self, node: Any) -> Any:
        """Follow the `$ref` of *node*, with what stands beside it laid over the target."""
        seen: set[str] = set()
        while isinstance(node, Mapping) and "$ref" in node:
            reference = node["$ref"]
            if reference in seen or not reference.startswith("#/"):
                raise SpecError(
                    f"{reference!r} cannot be followed; references point into the document, and not in circles"
                )
            seen.add(reference)
            target: Any = self.document
            for part in reference[2:].split("/"):
                try:
                    target = target[part.replace("~1", "/").replace("~0", "~")]
                except (KeyError, TypeError) as error:
                    raise SpecError(f"{reference!r} points at nothing") from error
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = {**target, **beside} if beside else target
        return node

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

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.document["paths"].items():
            _only(PATH_KEYWORDS, item, path)
            for method in METHODS:
                if method in item:
                    yield self._operation(path, item, method)

    def _operation(self, path: str, item: Mapping[str, Any], method: str) -> Operation:
        entry = item[method]
        where = f"{method.upper()} {path}"
        _only(OPERATION_KEYWORDS, entry, where)
        parameters = [self.resolved(p) for p in (*item.get("parameters", ()), *entry.get("parameters", ()))]
        for parameter in parameters:
            _only(PARAMETER_KEYWORDS, parameter, where)
        request = self.resolved(entry.get("requestBody"))
        return Operation(
            id=entry["operationId"],
            method=method.upper(),
            paths=(path, *item.get("x-aliases", ())),
            parameters=tuple(
                Parameter(
                    p["name"], p["in"], p.get("required", False), self.resolved(p["schema"]), p.get("x-clause", "")
                )
                for p in parameters
            ),
            body=self.resolved(request["content"]["application/json"]["schema"]) if request else None,
            body_required=bool(request and request.get("required", False)),
            responses={int(status): self._response(r) for status, r in entry["responses"].items()},
            clauses=tuple(entry.get("x-clauses", ())),
        )

    def _response(self, node: Any) -> Mapping[str, Json]:
        response = dict(self.resolved(node))
        response["content"] = {
            media: {**entry, "examples": {n: self.resolved(e) for n, e in entry.get("examples", {}).items()}}
            for media, entry in response.get("content", {}).items()
        }
        return response


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


def _clause(entry: Mapping[str, Any]) -> Clause:
    return Clause(
        entry["id"], entry["rule"], entry["about"], entry["standing"], tuple(entry["source"]), entry.get("status"),
        entry.get("internalCode"),
    )  # fmt: skip


def _refuse_unknown_keywords(contract: Contract) -> None:
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
        for where, node in schema_nodes(schema, root):
            _only(SCHEMA_KEYWORDS, node, where)
            if "format" in node and node["format"] not in FORMATS:
                raise SpecError(f"{where}: the format {node['format']!r} is not enforced; known: {sorted(FORMATS)}")
            if "pattern" in node:
                _refuse_odd_pattern(node["pattern"], where)
            _known_clauses([node["x-clause"]] if "x-clause" in node else [], known, where)
    for operation in contract.operations.values():
        _known_clauses(operation.clauses, known, operation.id)
        for status, response in operation.responses.items():
            _known_clauses(response.get("x-clauses", ()), known, f"{operation.id} {status}")
        for parameter in operation.parameters:
            _known_clauses([parameter.clause], known, f"{operation.id} {parameter.name}")
            _refuse_unless_text(parameter, operation.id)


def _refuse_twins(names: Sequence[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"the {what} {name!r} stands {names.count(name)} times in the contract; keep one of them")


def _refuse_unless_text(parameter: Parameter, operation: str) -> None:
    if parameter.schema.get("type") != "string":
        raise SpecError(
            f"{operation} {parameter.name}: the schema of a parameter must be of type string, because a URL is text "
            "and nothing reads numbers out of it; say with a pattern how a number is written"
        )


def _refuse_odd_pattern(pattern: str, where: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise SpecError(f"{where}: the pattern {pattern!r} cannot be read: {error}") from error


def _known_clauses(ids: Sequence[str], known: Mapping[str, Clause], where: str) -> None:
    for clause in ids:
        if clause not in known:
            raise SpecError(f"{where}: the clause {clause!r} is not in x-clauses{nearest(clause, known)}")


def _only(keywords: frozenset[str], node: Mapping[str, Any], where: str) -> None:
    for key in node:
        if key not in keywords:
            raise SpecError(f"{where}: the keyword {key!r} is not honoured by the server{nearest(key, keywords)}")
