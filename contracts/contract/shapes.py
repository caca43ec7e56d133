"""Compares values with the schemas of the contract and says where, what, and what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

import jsonschema_rs

from ..reading.json_text import Json
from .document import Document
from .pointers import escaped

#: jsonschema_rs reads no deeper than 255.
_DEEPEST: Final = 100


@dataclass(frozen=True)
class SchemaViolation:
    """How a value does not fit its schema, and what would mend it."""

    #: A dotted path inside the value, or "".
    where: str
    what: str
    cure: str
    #: The keyword of the contract that it breaks.
    pointer: str


class Shapes:
    """The schemas of one contract, each compiled when it is first needed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._validator = cache(self._compiled)

    def violations(self, pointer: str, value: Json) -> Iterator[SchemaViolation]:
        """Yield every violation between *value* and the schema at *pointer*."""
        pointer, stray = self._branch(pointer, value)
        if stray:
            yield stray
            return
        for error in self._validator(pointer).iter_errors(_cut(value, _DEEPEST)):
            keyword = str(error.schema_path[-1]) if error.schema_path else ""
            where = ".".join(map(str, error.instance_path))
            demand = self._document.at(_pointer(error.schema_path)) if error.schema_path else None
            cure = CURES.get(keyword, _leave_out)(where, demand, error.message)
            yield SchemaViolation(
                where, error.message, cure, self._pointer_of_member(_pointer(error.schema_path), error.message)
            )

    def _pointer_of_member(self, pointer: str, message: str) -> str:
        """Point at the missing member itself where a clause speaks about it, not at the list of required ones."""
        schema, _, keyword = pointer.rpartition("/")
        if keyword != "required":
            return pointer
        member = f"{schema}/properties/{escaped(_quoted(message))}"
        try:
            member = self._document.resolved(member)
        except KeyError:
            return pointer
        return member if "x-clause" in self._document.at(member) else pointer

    def _branch(self, pointer: str, value: Json) -> tuple[str, SchemaViolation | None]:
        """Follow a discriminator, so that one branch explains itself instead of all saying no."""
        schema = self._document.at(pointer)
        if not isinstance(schema, dict) or "discriminator" not in schema or not isinstance(value, dict):
            return pointer, None
        name, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
        chosen = value.get(name)
        if isinstance(chosen, str) and chosen in mapping:
            return mapping[chosen].removeprefix("#"), None
        what = f"{chosen!r} is none of {', '.join(mapping)}" if name in value else f'"{name}" is a required property'
        return pointer, SchemaViolation(
            name, what, f"send {name} as {_either(list(mapping))}", f"{pointer}/discriminator/mapping"
        )

    def _compiled(self, pointer: str) -> Any:
        # The whole document stands around the reference, so that every pointer inside it resolves.
        root = {key: part for key, part in self._document.data.items() if key != "jsonSchemaDialect"}
        schema = {**root, "$ref": "#" + quote(pointer, safe="/~")}
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def _cut(value: Json, levels: int) -> Json:
    """Return *value* with nothing below so many levels, where no schema of a contract looks and no validator reads."""
    if isinstance(value, dict):
        return {name: _cut(part, levels - 1) for name, part in value.items()} if levels else {}
    if isinstance(value, list):
        return [_cut(part, levels - 1) for part in value] if levels else []
    return value


def _pointer(path: list[str | int]) -> str:
    return "".join(f"/{escaped(str(token))}" for token in path)


def _either(words: list[Any]) -> str:
    return " or ".join(repr(word) for word in words)


def _quoted(message: str) -> str:
    """Return the member that a message quotes."""
    return message.split('"')[1]


def _leave_out(where: str, _demand: Json, _message: str) -> str:
    return f"leave {where or 'the body'} out"


#: What would mend a violation, by the keyword it breaks: a function of where it is, the demand and the message.
CURES: Final[dict[str, Callable[[str, Json, str], str]]] = {
    "required": lambda where, _, message: f"send {_quoted(message)}" + (f" in {where}" if where else ""),
    "type": lambda where, demand, _: (
        f"send {where or 'the body'} as {' or '.join(demand) if isinstance(demand, list) else demand}"
    ),
    "const": lambda where, demand, _: f"send {where} as {demand!r}",
    "enum": lambda where, demand, _: f"send {where} as {_either(demand)}",
    "pattern": lambda where, demand, _: f"make {where or 'it'} fit {demand}",
    "format": lambda where, demand, _: f"make {where or 'it'} a valid {demand}",
    "minimum": lambda where, demand, _: f"make {where or 'it'} at least {demand}",
    "minItems": lambda where, demand, _: f"send at least {demand} in {where or 'the array'}",
    "maxLength": lambda where, demand, _: f"make {where or 'it'} no longer than {demand} characters",
}
