"""Keeps out of reports what a recorded body says about a person: it was not meant for whoever reads a report."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from ..contract.document import Document
from ..reading.json_text import Json

REDACTED: Final = "[redacted]"
#: Members that say who somebody is, in small letters; the mock keeps the same ones out of its journal.
PERSONAL: Final = frozenset(
    "accountname address age customerid email firstname imei ipaddress lastname phone "
    "socialid storezipcode username".split()
)
#: Shorter texts stand in too many words by chance; of them only the quoted ones are taken out.
_SHORT: Final = 3


class Persons:
    """Knows under which names of the contract no person stands; nobody knows what stands under any other name."""

    def __init__(self, document: Document) -> None:
        names = {name.lower() for name in _names(document.data["components"]["schemas"])}
        self._telling_nobody = names - PERSONAL

    def without(self, text: str, bodies: Iterable[Json]) -> str:
        """Return *text*, which may quote one of *bodies*, without what tells a person."""
        leaves = {leaf for body in bodies for leaf in self._leaves(body, inside=not isinstance(body, dict))}
        for leaf in sorted(leaves, key=len, reverse=True):
            text = re.sub(_pattern(leaf), REDACTED, text)
        return text

    def _leaves(self, value: Json, *, inside: bool) -> Iterator[str]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield from self._leaves(part, inside=inside or name.lower() not in self._telling_nobody)
        elif isinstance(value, list):
            for part in value:
                yield from self._leaves(part, inside=inside)
        elif inside and value is not None and not isinstance(value, bool) and value != "":
            yield json.dumps(value, ensure_ascii=False)


def _pattern(leaf: str) -> str:
    """Return a pattern for a leaf, written in JSON, wherever a message quotes it."""
    if not leaf.startswith('"'):
        return rf"(?<![\w.]){re.escape(leaf)}(?![\w.])"
    inner = re.escape(leaf[1:-1])
    return inner if len(leaf) - 2 >= _SHORT else f"(?<=[\"']){inner}(?=[\"'])"


def _names(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for part in node.values():
            yield from _names(part)
    elif isinstance(node, list):
        for part in node:
            yield from _names(part)
