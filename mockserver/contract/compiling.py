"""Compiles schemas of the contract: those that stand in it, and those of whole calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.errors import SpecError
from mockserver.model import Json


def kinds(contract: Contract) -> Iterator[tuple[Operation, str]]:
    """Yield each operation with each media type of its bodies; with "" where it takes none."""
    for operation in contract.operations.values():
        for media_type in operation.bodies or ("",):
            yield operation, media_type


def call_schema(operation: Operation, media_type: str) -> Mapping[str, Json]:
    """Make the schema of a whole call: the values of each part that has parameters, and a body of *media_type*."""
    parts: dict[str, Json] = {}
    for part in ("path", "query", "header", "cookie"):
        parameters = [p for p in operation.parameters if p.location == part]
        if parameters or part in ("path", "query"):
            parts[part] = {
                "properties": {p.name: {**p.schema, "x-clause": p.clause} for p in parameters},
                "required": [p.name for p in parameters if p.required],
            }
    required = [*parts]
    if media_type:
        parts["body"] = operation.bodies[media_type]
        required += ["body"] if operation.body_required else []
    return {"type": "object", "properties": parts, "required": required}


def compiled(contract: Contract, schema: Mapping[str, Json], schemas: Mapping[str, Json] | None = None) -> Any:
    """Compile *schema*, whose references point into the contract, or into *schemas* in place of those.

    Raises `SpecError` for a schema that cannot be compiled.
    """
    components = {"schemas": schemas or contract.document["components"].get("schemas", {})}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": components}
    try:
        return jsonschema_rs.validator_for(whole, validate_formats=True)
    except ValueError as error:
        raise SpecError(f"a schema cannot be compiled: {str(error)[:300]}; write it otherwise") from error
