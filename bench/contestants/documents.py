"""Smaller documents, derived from the contract, for peers that cannot read it as it is.

Prism reads openapi.yaml itself. Connexion reads OpenAPI 3.0 only, so it gets the one operation that is measured,
with `const` written as `enum` and the references resolved. WireMock and Mockoon get the schema of its body.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.work import TEMPLATE

#: Words that judge nothing, and that readers of older documents stumble over.
_SILENT = {"description", "discriminator"}


def request_schema(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of the request body, without references."""
    schema: dict[str, Any] = _plain(contract["components"]["schemas"]["GetEngagementRequest"], contract)
    return schema


def for_connexion(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.0 document of the measured operation; its reply is the contract's example."""
    account = _plain(contract["components"]["schemas"]["AccountId"], contract)
    example = contract["components"]["examples"]["Available"]["value"]
    operation = {
        "operationId": "getEngagement",
        "parameters": [{"name": "accountId", "in": "path", "required": True, "schema": account}],
        "requestBody": {"content": {"application/json": {"schema": _older(request_schema(contract))}}},
        "responses": {
            "200": {
                "description": "An engagement.",
                "content": {"application/json": {"schema": {"type": "object"}, "example": example}},
            }
        },
    }
    title = {"title": "getEngagement", "version": contract["info"]["version"]}
    return {"openapi": "3.0.3", "info": title, "paths": {TEMPLATE: {"post": operation}}}


def _plain(node: Any, contract: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_plain(entry, contract) for entry in node]
    if not isinstance(node, Mapping):
        return node
    if isinstance(node.get("$ref"), str):  # what stands beside a reference in the contract only describes it
        return _plain(_found(node["$ref"], contract), contract)
    return {
        name: _members(value, contract) if name == "properties" else _plain(value, contract)
        for name, value in node.items()
        if name not in _SILENT and not name.startswith("x-")
    }


def _members(members: Mapping[str, Any], contract: Mapping[str, Any]) -> dict[str, Any]:
    """Keep members whatever their names are; a member may be called description."""
    return {name: _plain(schema, contract) for name, schema in members.items()}


def _found(reference: str, contract: Mapping[str, Any]) -> Any:
    found: Any = contract
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _older(node: Any) -> Any:
    """Say the same in the words of OpenAPI 3.0."""
    if isinstance(node, list):
        return [_older(entry) for entry in node]
    if not isinstance(node, Mapping):
        return node
    told = {name: _older(value) for name, value in node.items() if name != "const"}
    return {**told, "enum": [node["const"]]} if "const" in node else told
