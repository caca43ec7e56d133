"""Refuses discriminators that a validator, which does not look at them, and people would understand differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract.document.references import resolved
from mockserver.errors import SpecError
from mockserver.model import Json


def refuse_loose_discriminator(document: Mapping[str, Any], node: Mapping[str, Any], where: str) -> None:
    """Raise `SpecError` unless the discriminator of *node*, at *where*, alone decides which alternative is meant.

    Each alternative is an object that requires the member, and takes only the values in it that the mapping gives it.
    """
    if "discriminator" not in node:
        if "x-elsewhere" in node:
            raise SpecError(f"{where}: x-elsewhere stands beside a discriminator, and there is none; add it")
        return
    member, mapping = node["discriminator"]["propertyName"], node["discriminator"]["mapping"]
    listed = [part.get("$ref") for part in node.get("oneOf", ())]
    if set(listed) != set(mapping.values()):
        raise SpecError(f"{where}: a discriminator maps to each schema of oneOf and to no other; list the same in both")
    for reference in listed:
        names = [name for name, target in mapping.items() if target == reference]
        if _values(document, resolved(document, {"$ref": reference}), member) != names:
            raise SpecError(
                f"{where}: the discriminator {member!r} is for {reference}, when it is {' or '.join(names)}, and that "
                f"schema takes others; make it of type object, require {member!r}, and list its values with const or "
                "enum in the order of the mapping"
            )
    misplaced = [name for entry in node.get("x-elsewhere", ()) for name in entry["values"] if name in mapping]
    if misplaced:
        raise SpecError(f"{where}: the mapping has {misplaced[0]!r}, which x-elsewhere refuses; take it out of one")


def _values(document: Mapping[str, Any], schema: Mapping[str, Any], member: str) -> list[Json] | None:
    """Return the values that *member* has in objects of *schema*, or None where it may have others or be missing."""
    if schema.get("type") != "object" or member not in schema.get("required", ()):
        return None
    listed = resolved(document, schema.get("properties", {}).get(member, {}))
    return [listed["const"]] if "const" in listed else listed.get("enum")
