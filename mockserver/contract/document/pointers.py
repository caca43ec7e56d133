"""Names the parts of a document, for people who look for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.model import Json

_PATH_AND_METHOD = 3


def at(value: Json, path: Sequence[str | int]) -> Json:
    """Return the part of *value* to which *path*, names and indexes, leads; None where there is none."""
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def named_part(document: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """Name the part of *document* to which *path* leads; one of an operation is named by that operation."""
    if not path:
        return "the document"
    if path[0] != "paths" or len(path) < _PATH_AND_METHOD:
        return "/".join(map(str, path))
    operation = at(document, [*path[:_PATH_AND_METHOD], "operationId"])
    head = f"{str(path[2]).upper()} {path[1]}" if isinstance(operation, str) else f"{path[1]}/{path[2]}"
    named = f"{operation} ({head})" if isinstance(operation, str) else head
    return "/".join(map(str, [named, *path[_PATH_AND_METHOD:]]))
