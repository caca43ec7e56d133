"""Read a document that somebody wrote by hand: YAML 1.2 (core schema), of which JSON is a part.

The parser is libyaml's, driven event by event, so that what YAML allows and nobody means is refused where it
stands: keys given twice, aliases, tags, several documents, deep nesting. Words that only YAML 1.1 reads as
something else (`no`, `on`, `12:30`, `2024-01-01`) stay text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NoReturn

import yaml

from mockserver.errors import ScenarioError
from mockserver.model import Json
from mockserver.parts import Path, dotted

#: Room for some 10,000 stubs of 400 bytes.
LONGEST_TEXT = 4 * 1024 * 1024
DEEPEST = 50
#: What every JSON reader holds without loss, and the journal and the stores with it.
LARGEST_INTEGER = 2**63 - 1

#: Line and column of a part, counted from 1.
Position = tuple[int, int]
#: Positions by path; of the key as well, where the part is the member of a mapping.
Positions = dict[tuple[Path, bool], Position]

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_A_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_BASES = {"0x": 16, "0o": 8}
#: How JSON writers spell a character beyond the first 65,536; YAML has another way, and libyaml refuses this one.
_PAIR = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_MOST_DIGITS = 30
_CORE = "tag:yaml.org,2002:"
_TEXT_TAGS = (f"{_CORE}str", "!")
#: `!` says no more than quotes do, and None nothing at all.
_UNTAGGED = (None, "!")
_TAGS: dict[str, type | tuple[type, ...]] = {
    f"{_CORE}null": type(None),
    f"{_CORE}bool": bool,
    f"{_CORE}int": int,
    f"{_CORE}float": (float, int),
    f"{_CORE}str": str,
    f"{_CORE}map": dict,
    f"{_CORE}seq": list,
}


def read_document(text: str, source: str) -> Json:
    """Return the value that *text* says, or raise `ScenarioError` with source, line and column."""
    return _Composer(text, source).document()


def position_of(text: str, path: Path, *, at_key: bool) -> Position:
    """Return where a part of a readable document begins, or its key; of a part that is not there, its nearest parent.

    Positions are found by reading once more, so that documents without mistakes do not pay for them.
    """
    positions: Positions = {}
    _Composer(text, "", positions).document()
    while (path, False) not in positions:
        path = path[:-1]
    return positions.get((path, at_key)) or positions[path, False]


def _joined(pair: re.Match[str]) -> str:
    halves = bytes.fromhex(pair[2] + pair[3])
    return pair[1] + halves.decode("utf-16-be")


class _Composer:
    """Makes values of the events of one text."""

    def __init__(self, text: str, source: str, positions: Positions | None = None) -> None:
        self._source = source
        self._events = self._parsed(text)
        self._path: list[str | int] = []
        self._positions = positions

    def document(self) -> Json:
        next(self._events)  # the start of the stream
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            self._refuse("the document is empty", start)
        value = self._value(next(self._events))
        next(self._events)  # the end of the document
        end = next(self._events)
        if not isinstance(end, yaml.StreamEndEvent):
            self._refuse("a second document begins here; put one document in a text", end)
        return value

    def _parsed(self, text: str) -> Iterator[yaml.Event]:
        if len(text) > LONGEST_TEXT:
            raise ScenarioError(f"{self._source}: the text is longer than {LONGEST_TEXT} characters")
        try:
            yield from yaml.parse(_PAIR.sub(_joined, text), Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
            raise ScenarioError(f"{self._source}{where}: this is not YAML: {error.problem}") from error
        except (yaml.YAMLError, UnicodeError) as error:
            raise ScenarioError(f"{self._source}: this is not YAML: {' '.join(str(error).split())}") from error

    def _value(self, event: yaml.Event) -> Json:
        if self._positions is not None:
            self._positions[tuple(self._path), False] = _position(event)
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) or event.anchor is not None:
            self._refuse("anchors and aliases are not read; write the value out", event)
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif len(self._path) >= DEEPEST:
            self._refuse(f"nested more than {DEEPEST} deep", event)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping()
        else:
            value = self._sequence()
        if event.tag not in _UNTAGGED and not isinstance(value, _TAGS.get(event.tag, ())):
            self._refuse(f"the tag {event.tag!r} does not fit here; leave it out", event)
        return value

    def _mapping(self) -> dict[str, Json]:
        value: dict[str, Json] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key, (line, column) = self._key(event), _position(event)
            self._path.append(key)
            if key in value:
                self._refuse(f"this key stands twice, first in line {lines[key]}; keep one of them", event)
            if self._positions is not None:
                self._positions[tuple(self._path), True] = line, column
            lines[key] = line
            value[key] = self._value(next(self._events))
            self._path.pop()
        return value

    def _sequence(self) -> list[Json]:
        value: list[Json] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            self._path.append(len(value))
            value.append(self._value(event))
            self._path.pop()
        return value

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None:
            self._refuse("a key is plain text", event)
        key: str = event.value
        if key == "<<" and not event.style:
            self._refuse("merge keys are not read; write the members out", event)
        return key

    def _scalar(self, event: yaml.ScalarEvent) -> Json:
        text: str = event.value
        if event.style or event.tag in _TEXT_TAGS:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text[0] not in _NUMBER_STARTS:
            return text
        if _INTEGER.fullmatch(text):
            return self._integer(text, event)
        if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
            return number
        if _FLOAT.fullmatch(text) or _NOT_A_NUMBER.fullmatch(text):
            self._refuse(f"JSON has no number {text}; put it in quotes if it is text", event)
        return text

    def _integer(self, text: str, event: yaml.Event) -> int:
        if len(text) > _MOST_DIGITS or abs(number := int(text, _BASES.get(text[:2], 10))) > LARGEST_INTEGER:
            self._refuse("this number has more than 64 bits; put it in quotes if it is text", event)
        return number

    def _refuse(self, what: str, event: yaml.Event) -> NoReturn:
        line, column = _position(event)
        where = f"{dotted(tuple(self._path))}: " if self._path else ""
        raise ScenarioError(f"{self._source}:{line}:{column}: {where}{what}")


def _position(event: yaml.Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
