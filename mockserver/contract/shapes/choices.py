"""Schemas that list their values: `enum`, `const`, and alternatives that are nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mockserver.model import Json

#: Of this many whole numbers at most a range is spelled out among other values.
_MOST_NUMBERS = 20


def own_values(schema: Mapping[str, Any], resolved: Callable[[Any], Any]) -> list[Json] | None:
    """Return the values that *schema* itself lists, or None where it describes values in another way.

    Its other keywords may refuse some of them.
    """
    if "const" in schema:
        return [schema["const"]]
    if "enum" in schema:
        return list(schema["enum"])
    if "discriminator" in schema:
        return None
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            parts = [listed_values(resolved(part), resolved) for part in schema[keyword]]
            return _each_once(value for part in parts for value in part or ()) if None not in parts else None
    return None


def listed_values(schema: Any, resolved: Callable[[Any], Any]) -> list[Json] | None:
    """Return the values of an alternative: those that it lists, or the whole numbers of a short range."""
    if not isinstance(schema, Mapping):
        return None
    return _short_range(schema) or own_values(schema, resolved)


def _short_range(schema: Mapping[str, Any]) -> list[Json] | None:
    if schema.get("type") != "integer" or not {"minimum", "maximum"} <= schema.keys():
        return None
    numbers = range(math.ceil(schema["minimum"]), math.floor(schema["maximum"]) + 1)
    return list(numbers) if len(numbers) <= _MOST_NUMBERS else None


def _each_once(values: Iterable[Json]) -> list[Json]:
    once: list[Json] = []
    for value in values:
        if not is_among(value, once):
            once.append(value)
    return once


def same(one: Json, other: Json) -> bool:
    """Compare two values like JSON Schema: 1 is 1.0, but true is not 1."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def is_among(value: Json, values: Sequence[Json]) -> bool:
    """Tell whether *value* is one of *values*."""
    return any(same(value, listed) for listed in values)
