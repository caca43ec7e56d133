"""Follows references inside a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.contract.document.pointers import named_part
from mockserver.errors import SpecError

Path = tuple[str | int, ...]

#: What stands under these words is a value of the API and no part of the document, whatever it looks like.
_VALUES = frozenset(["value", "example", "const", "enum", "security", "x-body"])
#: What stands under these words has names that the document chooses, so that none of them is a word of OpenAPI.
_NAMED = frozenset(
    "schemas parameters requestBodies responses headers examples links securitySchemes properties content paths "
    "mapping variables".split()
)


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


def nodes(document: Mapping[str, Any]) -> list[tuple[Path, Mapping[str, Any]]]:
    """Return every object of the paths and components of *document*, with the way to it, but for values of the API."""
    found: list[tuple[Path, Mapping[str, Any]]] = []
    waiting: list[tuple[Path, Any, bool]] = [
        (("paths",), document["paths"], True),
        (("components",), document["components"], False),
    ]
    while waiting:
        path, node, named = waiting.pop()
        if isinstance(node, list):
            waiting += [((*path, n), inner, False) for n, inner in enumerate(node) if isinstance(inner, dict | list)]
            continue
        if not named:
            found.append((path, node))
        waiting += [
            ((*path, key), inner, not named and key in _NAMED)
            for key, inner in node.items()
            if isinstance(inner, dict | list) and (named or key not in _VALUES)
        ]
    return found


def refuse_broken_reference(document: Mapping[str, Any], path: Path, node: Mapping[str, Any]) -> None:
    """Raise `SpecError` when the reference of *node*, which stands at *path* in *document*, cannot be followed."""
    try:
        resolved(document, node)
    except SpecError as error:
        raise SpecError(f"{named_part(document, path)}: {error}") from None
