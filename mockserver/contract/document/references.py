"""Follows references inside a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.errors import SpecError


def resolved(document: Mapping[str, Any], node: Any) -> Any:
    """Follow the `$ref` of *node* in *document*, with what stands beside it laid over the target.

    Raises `SpecError` for a reference that leads out of the document, in a circle, or to nothing.
    """
    seen: set[str] = set()
    while isinstance(node, Mapping) and "$ref" in node:
        reference = node["$ref"]
        if reference in seen or not reference.startswith("#/"):
            raise SpecError(f"{reference!r} cannot be followed; references point into the document, and not in circles")
        seen.add(reference)
        target: Any = document
        for part in reference[2:].split("/"):
            try:
                target = target[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError) as error:
                raise SpecError(f"{reference!r} points at nothing") from error
        beside = {key: value for key, value in node.items() if key != "$ref"}
        node = {**target, **beside} if beside else target
    return node
