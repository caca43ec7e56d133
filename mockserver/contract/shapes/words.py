"""Says in words what a schema describes: `a whole number`, `one of MALE, FEMALE, OTHER`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from mockserver.abbreviation import abbreviated
from mockserver.contract.shapes.choices import listed_values
from mockserver.model import Json

_TYPES = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORMATS = {"ipv4": "an IPv4 address", "ipv6": "an IPv6 address"}
#: What a keyword adds to the name of a type.
_DETAILS = {
    "minimum": " of at least {}",
    "maximum": " of at most {}",
    "minItems": " of at least {} item(s)",
    "maxLength": " of at most {} character(s)",
    "pattern": " that matches {}",
}


def type_phrase(schema: Mapping[str, Any]) -> str:
    """Say what *schema*, which has a type, wants of every value: its own `x-meaning`, or the names of its types."""
    types = schema["type"]
    return schema.get("x-meaning") or either(_TYPES[name] for name in ([types] if isinstance(types, str) else types))


def choice_phrase(values: Sequence[Json]) -> str:
    """Say that a value is one of *values*; texts stand without quotes where there are only texts."""
    only_text = all(isinstance(value, str) for value in values)
    words = ", ".join(str(value) if only_text else abbreviated(value) for value in values)
    return f"one of {words}" if len(values) > 1 else words


def phrase(schema: Any, resolved: Callable[[Any], Any], *, with_members: bool = True) -> str:
    """Say as a noun what *schema* describes; *resolved* follows its references.

    The members of its members are left out: an object may hold objects like itself.
    """
    schema = resolved(schema)
    if not isinstance(schema, Mapping):
        return "anything" if schema else "nothing"
    if meaning := schema.get("x-meaning"):
        return str(meaning)
    if (values := listed_values(schema, resolved)) is not None:
        return choice_phrase(values)
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            return either(phrase(part, resolved, with_members=with_members) for part in schema[keyword])
    if "not" in schema:
        return f"anything but {phrase(schema['not'], resolved, with_members=with_members)}"
    members = members_phrase(schema, resolved) if with_members else ""
    return f"{_plain_phrase(schema)} whose {members}" if members else _plain_phrase(schema)


def members_phrase(schema: Mapping[str, Any], resolved: Callable[[Any], Any]) -> str:
    """Say as a clause what the members of *schema* are: `colour is RED and size is a number`."""
    listed = schema.get("properties", {})
    present = [f"{name} is there" for name in schema.get("required", ()) if name not in listed]
    return " and ".join(
        [*(f"{name} is {phrase(part, resolved, with_members=False)}" for name, part in listed.items()), *present]
    )


def either(phrases: Iterable[str]) -> str:
    """Join *phrases*, each once, of which one holds."""
    return " or ".join(dict.fromkeys(phrases))


def _plain_phrase(schema: Mapping[str, Any]) -> str:
    noun = _FORMATS.get(schema.get("format", "")) or (type_phrase(schema) if "type" in schema else "a value")
    return noun + "".join(words.format(schema[keyword]) for keyword, words in _DETAILS.items() if keyword in schema)
