"""Finds the members and parameters of a call that the contract does not list, and those that they are nearest to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Any

from mockserver.abbreviation import MOST_CHARACTERS
from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.model import Json, Unlisted

#: How many members of one call are looked at; a body of a megabyte could hold a hundred thousand.
_MOST = 200
#: How much of two names must be the same. `colur` is near to `colour`, but `id` is not to `aid`.
_NEAR = 0.84


class Outline:
    """A schema of the contract as far as names go; made as deep as calls are."""

    def __init__(self, contract: Contract, schema: Any) -> None:
        self._contract = contract
        found = contract.resolved(schema)
        self._schema = found if isinstance(found, Mapping) else {}

    @cached_property
    def members(self) -> Mapping[str, Outline] | None:
        """The listed members of an object; None where nothing is listed."""
        listed = self._schema.get("properties")
        return None if listed is None else {name: Outline(self._contract, part) for name, part in listed.items()}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the listed members."""
        return tuple(self.members or ())

    @cached_property
    def items(self) -> Outline:
        """What the items of a list are."""
        return Outline(self._contract, self._schema.get("items"))

    def meant_by(self, name: str) -> str:
        """Return the listed name, folded, that callers mean by *name*."""
        folded = _folded(name)
        return self._contract.conventions.synonyms.get(folded, folded)

    def chosen(self, value: Mapping[str, Json]) -> Outline | None:
        """Return the outline that the discriminator of *value* names, or this one; None where it names none."""
        if self._choices is None:
            return self
        member, outlines = self._choices
        name = value.get(member)
        return outlines.get(name) if isinstance(name, str) else None

    @cached_property
    def _choices(self) -> tuple[str, Mapping[str, Outline]] | None:
        """The member that says which of several schemas is meant, and these by its values."""
        choice = self._schema.get("discriminator")
        if choice is None:
            return None
        outlines = {name: Outline(self._contract, {"$ref": at}) for name, at in choice["mapping"].items()}
        return choice["propertyName"], outlines


def unlisted(operation: Operation, outline: Outline, query: Sequence[str], body: Json) -> tuple[Unlisted, ...]:
    """Return what the contract does not list of a call: names of its *query*, and of its *body* of that *outline*."""
    listed = tuple(p.name for p in operation.parameters if p.location == "query")
    names = (_of(outline, f"query.{name[:MOST_CHARACTERS]}", name, listed) for name in dict.fromkeys(query))
    return tuple(islice(chain(names, _members(outline, body, "body")), _MOST))


def closed(schema: Any) -> Any:
    """Return *schema* as it would be if every object had the members only that it lists."""
    if not isinstance(schema, Mapping):
        return schema
    changed = dict(schema)
    if "items" in schema:
        changed["items"] = closed(schema["items"])
    for key in ("oneOf", "anyOf"):
        if key in schema:
            changed[key] = [closed(part) for part in schema[key]]
    if "properties" in schema:
        changed["properties"] = {name: closed(part) for name, part in schema["properties"].items()}
        changed["additionalProperties"] = False
    return changed


def _members(outline: Outline, value: Json, where: str) -> Iterator[Unlisted]:
    """Yield what is not listed in *value* and in all that it holds.

    Bodies are as deep as callers like, so this does not call itself.
    """
    levels = [_inside(outline, value, where)]
    while levels:
        found = next(levels[-1], None)
        if found is None:
            levels.pop()
        elif isinstance(found, Unlisted):
            yield found
        else:
            levels.append(_inside(*found))


def _inside(outline: Outline, value: Json, where: str) -> Iterator[Unlisted | tuple[Outline, Json, str]]:
    """Yield what *value* itself has that is not listed, and each object and list in it, with its outline."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield outline.items, item, f"{where}.{index}"
        return
    known = outline.chosen(value) if isinstance(value, dict) else None
    if known is None or known.members is None:
        return
    for name, inner in value.items():
        listed = known.members.get(name)
        if listed is None:
            yield _of(known, f"{where}.{name[:MOST_CHARACTERS]}", name, known.names)
        elif isinstance(inner, dict | list):
            yield listed, inner, f"{where}.{name}"


def _of(outline: Outline, where: str, name: str, listed: tuple[str, ...]) -> Unlisted:
    # A name longer than any of ours cannot be a slip, and comparing it would take its time.
    return Unlisted(where, _nearest(outline.meant_by(name), listed) if len(name) <= MOST_CHARACTERS else None)


@lru_cache(maxsize=4096)
def _nearest(meant: str, listed: tuple[str, ...]) -> str | None:
    folded = {_folded(known): known for known in listed}
    close = [meant] if meant in folded else difflib.get_close_matches(meant, folded, n=1, cutoff=_NEAR)
    return folded[close[0]] if close else None


def _folded(name: str) -> str:
    """Write *name* so that capitals, dashes and underscores do not count."""
    return re.sub(r"[\s_-]", "", name).lower()
