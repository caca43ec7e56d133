"""The bodies of calls: which media types an operation reads, and the schema of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract.document.references import resolved
from mockserver.errors import SpecError
from mockserver.model import Json

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
#: The types that can be read from a text, in a form or a header.
OF_TEXTS = ("string", "integer", "number", "boolean")


def read_bodies(document: Mapping[str, Any], entry: Mapping[str, Any], where: str) -> Mapping[str, Mapping[str, Json]]:
    """Read the schema of each media type that an operation *entry* takes; none where it takes no body.

    Raises `SpecError` for a form that cannot be read from texts.
    """
    content = resolved(document, entry.get("requestBody", {})).get("content", {})
    bodies = {media_type: resolved(document, found["schema"]) for media_type, found in content.items()}
    if FORM in bodies:
        _refuse_unread_form(document, bodies[FORM], f"{where}/requestBody/content/{FORM}")
    return bodies


def is_text(schema: Mapping[str, Json]) -> bool:
    """Say whether *schema*, whose reference was followed, describes what can be read from a text."""
    return schema.get("type") in OF_TEXTS


def _refuse_unread_form(document: Mapping[str, Any], schema: Mapping[str, Json], where: str) -> None:
    if schema.get("type") != "object" or "properties" not in schema:
        raise SpecError(f"{where}: a form is read member by member; its schema must be an object that lists them")
    for name, member in schema["properties"].items():
        found = resolved(document, member)
        if found.get("type") == "array":
            found = resolved(document, found.get("items", {}))
        if not is_text(found):
            raise SpecError(
                f"{where}/schema/properties/{name}: a member of a form is one of {', '.join(OF_TEXTS)}, "
                "or a list of these; send an object as JSON, in a body of its own"
            )
