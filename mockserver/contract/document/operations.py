"""The operations of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.document import parameters
from mockserver.contract.document.keywords import refuse_others
from mockserver.contract.document.parameters import Parameter, read_parameter
from mockserver.contract.document.references import resolved
from mockserver.model import Json

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

KEYWORDS = frozenset(
    "operationId tags summary description x-clauses x-examples-status x-tunnel "
    "parameters requestBody responses security".split()
)
PATH_KEYWORDS = frozenset(["summary", "description", "parameters", "x-aliases", *METHODS])


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


def read_operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Read every operation of *document*. Raises `SpecError` for keywords that nobody honours."""
    for path, item in document["paths"].items():
        refuse_others(PATH_KEYWORDS, item, path)
        for method in METHODS:
            if method in item:
                yield _operation(document, path, item, method)


def _operation(document: Mapping[str, Any], path: str, item: Mapping[str, Any], method: str) -> Operation:
    entry = item[method]
    where = f"{method.upper()} {path}"
    refuse_others(KEYWORDS, entry, where)
    listed = [resolved(document, p) for p in (*item.get("parameters", ()), *entry.get("parameters", ()))]
    for parameter in listed:
        refuse_others(parameters.KEYWORDS, parameter, where)
    request = resolved(document, entry.get("requestBody"))
    return Operation(
        id=entry["operationId"],
        method=method.upper(),
        paths=(path, *item.get("x-aliases", ())),
        parameters=tuple(read_parameter(document, p) for p in listed),
        body=resolved(document, request["content"]["application/json"]["schema"]) if request else None,
        body_required=bool(request and request.get("required", False)),
        responses={int(status): _response(document, r) for status, r in entry["responses"].items()},
        clauses=tuple(entry.get("x-clauses", ())),
    )


def _response(document: Mapping[str, Any], node: Any) -> Mapping[str, Json]:
    response = dict(resolved(document, node))
    response["content"] = {
        media: {**entry, "examples": {n: resolved(document, e) for n, e in entry.get("examples", {}).items()}}
        for media, entry in response.get("content", {}).items()
    }
    return response
