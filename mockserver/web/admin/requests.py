"""Reads admin requests by the admin API's own document, which is their one description."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
from flask import Request

from mockserver.contract.document.operations import METHODS
from mockserver.contract.file import read_document
from mockserver.errors import AdminError, nearest
from mockserver.model import Json, Violation
from mockserver.scenarios.documents.files import LONGEST_TEXT
from mockserver.web.bodies import OversizedBody, UnreadableBody, read_body

#: What is read as JSON; other media types of the document are handed on as text.
JSON = "application/json"
#: Room for the longest scenario as a JSON text, in which a character may take three times as many bytes, and its frame.
MOST_BODY = 3 * LONGEST_TEXT + (64 << 10)

_WHOLE = re.compile(r"-?[0-9]{1,19}\Z")


class AdminDocument:
    """The document `admin.yaml`; it is read when the first admin request comes, not at start-up."""

    def __init__(self) -> None:
        self._validators: dict[str, Any] = {}

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The document, parsed."""
        return read_document(Path(__file__).parent / "admin.yaml")

    @cached_property
    def operations(self) -> Mapping[str, Mapping[str, Any]]:
        """The operations by their operationId, with the parameters of their paths."""
        found = {}
        for item in self.document["paths"].values():
            for method in METHODS:
                if method in item:
                    parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                    found[item[method]["operationId"]] = {**item[method], "parameters": parameters}
        return found

    def read(self, sent: Request, operation: str) -> tuple[dict[str, Json], Json]:
        """Return the query and the body of a request. Raises `AdminError` with everything that is wrong."""
        entry = self.operations[operation]
        query = _query(sent, entry)
        for name, value in {**query, **(sent.view_args or {})}.items():
            self._refuse(f"{operation}/{name}", _parameter(entry, name)["schema"], value, name)
        if "requestBody" not in entry:
            return query, None
        content = entry["requestBody"]["content"]
        body = _body(sent, content)
        self._refuse(f"{operation} {sent.mimetype}", content[sent.mimetype]["schema"], body, "")
        return query, body

    def _refuse(self, name: str, schema: Mapping[str, Any], value: Json, where: str) -> None:
        whole = {**schema, "components": {"schemas": self.document["components"]["schemas"]}}
        if name not in self._validators:
            self._validators[name] = jsonschema_rs.validator_for(whole)
        validator = self._validators[name]
        if not validator.is_valid(value):
            found = [
                Violation(where or ".".join(map(str, e.instance_path)) or "body", _in_words(e, whole), "")
                for e in validator.iter_errors(value)
            ]
            raise AdminError(400, "; ".join(f"{v.where}: {v.what}" for v in found)[:2000], found)


def _in_words(error: Any, schema: Mapping[str, Any]) -> str:
    """Say what the validator found, which word was perhaps meant, and which words there are."""
    kind, kinds = error.kind, jsonschema_rs.ValidationErrorKind
    rule = reduce(getitem, error.schema_path[:-1], schema)
    known = list(rule.get("properties", ()))
    if isinstance(kind, kinds.AdditionalProperties):
        unknown = "; ".join(f"{name[:60]!r} is unknown here{nearest(name[:60], known)}" for name in kind.unexpected)
        return f"{unknown}; known: {', '.join(known)}"
    if isinstance(kind, kinds.MinProperties) and known:
        return f"names nothing; known: {', '.join(known)}"
    if isinstance(kind, kinds.Not) and "description" in rule["not"]:
        return str(rule["not"]["description"])
    meant = ""
    if isinstance(kind, kinds.Enum) and isinstance(error.instance, str):
        meant = nearest(error.instance[:100], [word for word in kind.options if isinstance(word, str)])
    return f"{error.message[:300]}{meant}"


def _parameter(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(p for p in entry["parameters"] if p["name"] == name)
    return found


def _query(sent: Request, entry: Mapping[str, Any]) -> dict[str, Json]:
    known = {p["name"]: p for p in entry["parameters"] if p["in"] == "query"}
    values: dict[str, Json] = {}
    for name, text in sent.args.items(multi=True):
        if name not in known:
            raise AdminError(400, f"the query parameter {name[:60]!r} is unknown here{nearest(name, known)}")
        if name in values:
            raise AdminError(400, f"the query parameter {name!r} must be sent once")
        number = known[name]["schema"].get("type") == "integer" and _WHOLE.match(text)
        values[name] = int(text) if number else text
    return values


def _body(sent: Request, content: Mapping[str, Any]) -> Json:
    """Return the body, read by its media type, which is one of *content*."""
    if sent.mimetype not in content:
        got = repr(sent.mimetype[:60]) if sent.mimetype else "none"
        raise AdminError(415, f"the Content-Type must be {' or '.join(content)}, got {got}")
    try:
        body = read_body(sent.environ, MOST_BODY)
        return orjson.loads(body) if sent.mimetype == JSON else body.decode()
    except orjson.JSONDecodeError as error:
        raise AdminError(400, f"the body is not JSON: {error}"[:300]) from error
    except UnicodeDecodeError as error:
        raise AdminError(400, f"the body is not UTF-8: {error.reason} at byte {error.start}") from error
    except OversizedBody as error:
        raise AdminError(413, f"the body is larger than the {MOST_BODY} bytes that the admin API reads") from error
    except UnreadableBody as error:
        raise AdminError(400, str(error)) from error
