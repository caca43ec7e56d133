"""The responses of operations: their bodies, and their headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract.document.bodies import JSON, OF_TEXTS, is_text
from mockserver.contract.document.references import resolved
from mockserver.errors import SpecError
from mockserver.model import Json


class Responses:
    """Reads the responses of *document*: once each of those that several operations refer to."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._read: dict[str, Mapping[str, Json]] = {}

    def read(self, node: Mapping[str, Any], where: str) -> Mapping[str, Json]:
        """Read the response *node*, which stands at *where*. Raises `SpecError` for what nobody would check in it."""
        reference = node.get("$ref", where)
        if reference not in self._read:
            self._read[reference] = _read_response(self._document, node, where)
        return self._read[reference]


def _read_response(document: Mapping[str, Any], node: Any, where: str) -> Mapping[str, Json]:
    """Read one response, with the references of its headers and examples followed.

    Raises `SpecError` for a header or a text that nobody would check.
    """
    response = dict(resolved(document, node))
    response["headers"] = {name: resolved(document, found) for name, found in response.get("headers", {}).items()}
    for name, header in response["headers"].items():
        _refuse_unread_header(document, name, header, f"{where}/headers/{name}")
    response["content"] = {
        media_type: {**found, "examples": {n: resolved(document, e) for n, e in found.get("examples", {}).items()}}
        for media_type, found in response.get("content", {}).items()
    }
    for media_type, found in response["content"].items():
        if media_type != JSON and resolved(document, found["schema"]).get("type") != "string":
            raise SpecError(
                f"{where}/content/{media_type}: a body that is no JSON is a text, so its schema must be of type string"
            )
    return response


def _refuse_unread_header(document: Mapping[str, Any], name: str, header: Mapping[str, Json], where: str) -> None:
    if name.lower() == "content-type":
        raise SpecError(f"{where}: the header Content-Type says what the content does; take it out")
    if name.lower() == "set-cookie" and "example" not in header:
        raise SpecError(
            f"{where}: a reply may set several cookies, and the example says which of them is meant; add an example"
        )
    by_us = name.lower().startswith("mock-")
    if header.get("required", False) and "example" not in header and not by_us:
        raise SpecError(
            f"{where}: a reply that Prefer asks for has the example of each required header; add an example"
        )
    schema = resolved(document, header["schema"])
    if schema.get("type") == "array":
        schema = resolved(document, schema.get("items", {}))
    if not is_text(schema):
        raise SpecError(
            f"{where}: the value of a header is one of {', '.join(OF_TEXTS)}, or a list of these; "
            "say with a pattern how anything else is written"
        )
