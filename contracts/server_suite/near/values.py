"""Values that fit a schema of the contract, and values that nearly do: for each member, inside the least around it.

What is made here is not judged here. A reader of calls says of each value whether it keeps the contract.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ...contract.document import Document
from ...reading.json_text import Json
from .texts import FORMATS, VERSIONS, framed, near_pattern, near_word

#: Stands for the value of a member that is left out.
ABSENT: Final = object()

#: Fit the patterns of the contract, whose own examples stand elsewhere.
_SAMPLES: Final = ("text", "en-US", "1.0", "23")
_UNUSUAL_TEXT: Final = 'Größe "XL" <b>&amp;</b> 日本語 \U0001f600 \\ {}'
_LONG_TEXT: Final = "long " * 200
_UNLISTED: Final = {"nested": [1, None, True]}
#: The largest integer that every reader of JSON keeps as it is.
_LARGEST: Final = 2**53 - 1
#: Not JSON numbers to everybody who reads an integer as a double, or the other way round.
_FRACTION: Final = 0.5
_VERSION: Final = "/components/schemas/ApiVersion"


@dataclass(frozen=True)
class Near:
    """One value of one member, inside the least that must stand around it."""

    #: A dotted path inside `value`, or "".
    where: str
    #: The member's own value, or ABSENT.
    member: Json
    value: Json
    #: The clause that the contract names for the member.
    clause: str

    def inside(self, step: str | int, value: Json) -> Near:
        """Return the same member as a part of *value*, under *step*."""
        return replace(self, where=f"{step}.{self.where}" if self.where else str(step), value=value)


@dataclass(frozen=True)
class Neighbours:
    """Makes the values around the schemas of one contract."""

    document: Document
    #: What stands in a member where nothing else is tried, by the pointer of its schema.
    given: Mapping[str, Json]

    def of(self, pointer: str, clause: str = "") -> Iterator[Near]:
        """Yield values around the schema at *pointer*; *clause* is the one that is named around it."""
        inner = self.document.resolved(pointer)
        schema = self.document.at(inner)
        clause = self.document.at(pointer).get("x-clause") or schema.get("x-clause") or clause
        if "discriminator" in schema:
            yield from self._kinds(inner, schema, clause)
        elif "oneOf" in schema or "anyOf" in schema:
            word = "oneOf" if "oneOf" in schema else "anyOf"
            for number in range(len(schema[word])):
                yield from self.of(f"{inner}/{word}/{number}", clause)
        elif schema.get("type") == "object":
            yield from self._members(inner, schema, clause)
        elif schema.get("type") == "array":
            yield from self._items(inner, clause)
        else:
            yield from (Near("", value, value, clause) for value in self._plain(inner, schema))

    def least(self, pointer: str) -> Json:
        """Return the least that fits the schema at *pointer*."""
        pointer = self.document.resolved(pointer)
        if pointer in self.given:
            return self.given[pointer]
        schema = self.document.at(pointer)
        if "discriminator" in schema:
            return self.least(next(iter(schema["discriminator"]["mapping"].values())).removeprefix("#"))
        for word in ("oneOf", "anyOf"):
            if word in schema:
                return self.least(f"{pointer}/{word}/0")
        if schema.get("type") == "object":
            return {name: self.least(f"{pointer}/properties/{name}") for name in schema.get("required", ())}
        return _least(schema)

    def _members(self, pointer: str, schema: Mapping[str, Any], clause: str) -> Iterator[Near]:
        least = self.least(pointer)
        yield Near("", least, least, clause)
        for wrong in (None, 7, "text", json.dumps(least), [], [least]):
            yield Near("", wrong, wrong, clause)
        for name in schema["properties"]:
            below = f"{pointer}/properties/{name}"
            for near in self.of(below, clause):
                yield near.inside(name, {**least, name: near.value})
            if name in least:
                rest = {other: value for other, value in least.items() if other != name}
                yield Near(name, ABSENT, rest, self._named(below) or clause)
        for name in ("unlistedMember", next(iter(schema["properties"])).upper()):
            yield Near(name, _UNLISTED, {**least, name: _UNLISTED}, "GE-APPDETAILS-OPEN")
        if "if" in schema:
            yield from self._side_by_side(pointer, schema)

    def _side_by_side(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Near]:
        """Yield each kind of item beside each value of the member that a condition of *schema* asks."""
        asked = next(iter(schema["if"]["properties"]))
        for word in self.document.at(f"{pointer}/properties/{asked}")["enum"]:
            for name in schema["then"]["properties"]:
                items = f"{self.document.resolved(f'{pointer}/properties/{name}')}/items"
                clause = self._named(f"{pointer}/properties/{name}")
                for branch in self._branches(items):
                    kind = self.least(branch)
                    near = Near("type", kind["type"], kind, clause).inside(1, [self.least(items), kind])
                    yield near.inside(name, {**self.least(pointer), asked: word, name: near.value})

    def _items(self, pointer: str, clause: str) -> Iterator[Near]:
        good = self.least(f"{pointer}/items")
        for several in ([], [good], [good, good, good]):
            yield Near("", several, several, clause)
        text = good if isinstance(good, str) else json.dumps(good)
        for wrong in (None, True, 7, "", text, f"{text},{text}", {}, {"0": good}):
            yield Near("", wrong, wrong, clause)
        if good != {}:
            yield Near("", good, good, clause)
        yield Near("0", 7, [7], clause)
        yield Near("0", 7, [7, good], clause)
        yield Near("1", [good], [good, [good]], clause)
        # One bad item among good ones: whoever looks at the first only, or at any, does not see it.
        for near in self.of(f"{pointer}/items", clause):
            yield near.inside(1, [good, near.value])

    def _kinds(self, pointer: str, schema: Mapping[str, Any], clause: str) -> Iterator[Near]:
        name = schema["discriminator"]["propertyName"]
        for branch in self._branches(pointer):
            yield from self.of(branch, clause)
        for kind in self._kinds_elsewhere(name):
            if kind not in schema["discriminator"]["mapping"]:
                yield Near(name, kind, {name: kind}, clause)
        first = next(iter(schema["discriminator"]["mapping"]))
        wrongs: tuple[Json, ...] = ({}, first, [first])
        yield from (Near("", wrong, wrong, clause) for wrong in wrongs)

    def _branches(self, pointer: str) -> Iterator[str]:
        schema = self.document.at(self.document.resolved(pointer))
        return (branch.removeprefix("#") for branch in schema["discriminator"]["mapping"].values())

    def _kinds_elsewhere(self, name: str) -> list[str]:
        """Return the kinds of every list that tells its items apart by *name*."""
        choices = (schema.get("discriminator") for schema in self.document.data["components"]["schemas"].values())
        return [kind for choice in choices if choice and choice["propertyName"] == name for kind in choice["mapping"]]

    def _plain(self, pointer: str, schema: Mapping[str, Any]) -> Iterator[Json]:
        """Yield values around a schema of one number, text or truth, and the same in other types."""
        kind = schema.get("type")
        if kind == "string":
            yield from _texts(pointer, schema, self.least(pointer))
        elif kind in {"integer", "number"}:
            yield from _numbers(schema)
        elif kind == "boolean":
            yield from (True, False, 0, 1, "true", "False", "")
        else:  # anything goes
            yield from (None, True, 0, "", _UNUSUAL_TEXT, [1], _UNLISTED)
            return
        least = self.least(pointer)
        yield from (None, [least])
        yield from (value for value in (True, 7) if kind == "string")

    def _named(self, pointer: str) -> str:
        clause = self.document.at(pointer).get("x-clause")
        return str(clause or self.document.at(self.document.resolved(pointer)).get("x-clause") or "")


def _least(schema: Mapping[str, Any]) -> Json:
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    if "format" in schema:
        return FORMATS[schema["format"]][0]
    if schema.get("type") == "string":
        return next(text for text in _SAMPLES if re.search(schema.get("pattern", ""), text))
    values = {"array": [], "boolean": True, "integer": schema.get("minimum", 1), "number": 1}
    return values.get(str(schema.get("type")))


def _texts(pointer: str, schema: Mapping[str, Any], least: str) -> Iterator[str]:
    listed = [schema["const"]] if "const" in schema else schema.get("enum", [])
    yield from listed
    for word in listed:
        yield from near_word(word)
    if listed:
        yield from framed(listed[0])
    elif pointer == _VERSION:
        yield from VERSIONS
    elif "pattern" in schema:
        yield from near_pattern(schema["pattern"], least)
    elif "format" in schema:
        yield from FORMATS[schema["format"]]
    else:
        yield from ("", _UNUSUAL_TEXT, _LONG_TEXT)


def _numbers(schema: Mapping[str, Any]) -> Iterator[Json]:
    bounds = [schema[word] for word in ("minimum", "maximum") if word in schema]
    yield from bounds
    for bound in bounds:
        yield from (bound - 1, bound + 1, bound - _FRACTION, bound + _FRACTION, str(bound))
    yield from (0, -1, 30.0, 30.5, _LARGEST, "30", "", True)
