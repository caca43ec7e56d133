"""The operations of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.document.bodies import read_bodies
from mockserver.contract.document.clauses import Clause, refuse_unfit_clause
from mockserver.contract.document.parameters import Parameter, read_parameters, refuse_other_path_parameters
from mockserver.contract.document.paths import Rule, refuse_same_paths, rule_of
from mockserver.contract.document.pointers import named_part
from mockserver.contract.document.references import resolved
from mockserver.contract.document.responses import Responses
from mockserver.contract.document.schemas import clauses_below
from mockserver.contract.document.security import (
    Requirement,
    SecurityScheme,
    read_schemes,
    read_security,
    refuse_undocumented_refusals,
)
from mockserver.model import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """One entry of the contract."""

    id: str
    method: str
    #: The path first, then its other spellings.
    paths: tuple[str, ...]
    #: What a router makes of each of the paths, in their order.
    rules: tuple[Rule, ...]
    parameters: tuple[Parameter, ...]
    #: The schema of the body by each media type that is read; empty where the operation takes no body.
    bodies: Mapping[str, Mapping[str, Json]]
    body_required: bool
    #: A call carries the credentials of one of these; none means that nobody is asked for any.
    security: tuple[Requirement, ...]
    #: The response objects by status, references of headers and examples resolved.
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


def read_operations(document: Mapping[str, Any], clauses: Mapping[str, Clause]) -> Mapping[str, Operation]:
    """Read the operations of *document* by their ids. Raises `SpecError` for what nobody would honour in them."""
    operations = list(_operations(document, clauses))
    refuse_same_paths((o.method, path, o.id) for o in operations for path in o.paths)
    return {operation.id: operation for operation in operations}


def _operations(document: Mapping[str, Any], clauses: Mapping[str, Clause]) -> Iterator[Operation]:
    schemes = read_schemes(document, clauses)
    responses = Responses(document)
    followed: set[str] = set()
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                operation = _operation(document, path, method, schemes, responses)
                where = named_part(document, ["paths", path, method])
                for part, clause in _clauses_of_calls(document, operation, followed):
                    refuse_unfit_clause(clause, clauses, f"{where}/{part}")
                refuse_undocumented_refusals(operation.security, operation.responses, clauses, where)
                yield operation


def _clauses_of_calls(
    document: Mapping[str, Any], operation: Operation, followed: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the clauses that a call of *operation* may break, each with its part; as `clauses_below`."""
    for parameter in operation.parameters:
        yield f"parameters/{parameter.name}", parameter.clause
    for body in operation.bodies.values():
        yield from (("requestBody", clause) for clause in clauses_below(document, body, followed))


def _operation(
    document: Mapping[str, Any], path: str, method: str, schemes: Mapping[str, SecurityScheme], responses: Responses
) -> Operation:
    item = document["paths"][path]
    entry = item[method]
    where = named_part(document, ["paths", path, method])
    paths = (path, *item.get("x-aliases", ()))
    rules = tuple(map(rule_of, paths))
    parameters = read_parameters(document, item, entry, where)
    for spelling in paths:
        refuse_other_path_parameters(parameters, spelling, where)
    return Operation(
        id=entry["operationId"],
        method=method.upper(),
        paths=paths,
        rules=rules,
        parameters=parameters,
        bodies=read_bodies(document, entry, where),
        body_required=resolved(document, entry.get("requestBody", {})).get("required", False),
        security=read_security(document, entry, schemes, where),
        responses={
            int(status): responses.read(response, f"{where}/responses/{status}")
            for status, response in entry["responses"].items()
        },
        clauses=tuple(entry.get("x-clauses", ())),
    )
