"""Smaller documents, derived from the contract, for peers that cannot read it as it is.

Prism reads openapi.yaml itself. Connexion reads OpenAPI 3.0 only, so it gets the one operation that is measured,
with `const` written as `enum` and the references resolved. Mokapi makes up what an example holds open, so its
reply is described by a schema. WireMock and Mockoon get the schema of the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.contestants.contestant import FRESH, Ports
from bench.work import TEMPLATE, Work

#: Words that judge nothing, and that readers of older documents stumble over.
_SILENT = {"description", "discriminator"}


def request_schema(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of the request body, without references."""
    schema: dict[str, Any] = _plain(contract["components"]["schemas"]["GetEngagementRequest"], contract)
    return schema


def for_connexion(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.0 document of the measured operation; its reply is the contract's example."""
    example = contract["components"]["examples"]["Available"]["value"]
    reply = {"schema": {"type": "object"}, "example": example}
    return {"openapi": "3.0.3", **_document(contract, _older(request_schema(contract)), reply)}


def for_mokapi(contract: Mapping[str, Any], work: Work, ports: Ports) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document of the measured operation; only the identifiers of its reply are open."""
    schema = _fixed(work.answer)
    for name, size in FRESH.items():
        schema["properties"][name] = {"type": "string", "pattern": f"^[A-Za-z0-9]{{{size}}}$"}
    document = _document(contract, request_schema(contract), {"schema": schema})
    return {"openapi": "3.1.0", "servers": [{"url": f"http://127.0.0.1:{ports.mock}"}], **document}


def _document(contract: Mapping[str, Any], asked: Mapping[str, Any], reply: Mapping[str, Any]) -> dict[str, Any]:
    account = _plain(contract["components"]["schemas"]["AccountId"], contract)
    operation = {
        "operationId": "getEngagement",
        "parameters": [{"name": "accountId", "in": "path", "required": True, "schema": account}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": asked}}},
        "responses": {"200": {"description": "An engagement.", "content": {"application/json": reply}}},
    }
    title = {"title": "getEngagement", "version": contract["info"]["version"]}
    return {"info": title, "paths": {TEMPLATE: {"post": operation}}}


def _fixed(value: Any) -> dict[str, Any]:
    """Return a schema that only *value* keeps."""
    if not isinstance(value, Mapping):
        return {"const": value}
    members = {name: _fixed(member) for name, member in value.items()}
    return {"type": "object", "properties": members, "required": list(members)}


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
    older = {name: _older(value) for name, value in node.items() if name != "const"}
    return {**older, "enum": [node["const"]]} if "const" in node else older
