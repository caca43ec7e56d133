"""Read a document that somebody wrote by hand: YAML 1.2 (core schema), of which JSON is a part.

The parser is libyaml's, driven event by event, so that what YAML allows and nobody means is refused where it
stands: keys given twice, aliases, tags, several documents, deep nesting. Words that only YAML 1.1 reads as
something else (`no`, `on`, `12:30`, `2024-01-01`) stay text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import NoReturn

import yaml

from mockserver.model import Json
from mockserver.scenarios.documents.files import LONGEST_TEXT
from mockserver.scenarios.documents.mistakes import (
    AlreadyNoted,
    InvalidNode,
    Mistake,
    Mistakes,
    Path,
    Position,
    TooManyMistakes,
)

DEEPEST = 50
#: What every JSON reader holds without loss, and the journal and the stores with it.
LARGEST_INTEGER = 2**63 - 1

#: Positions by path; of the key as well, where the node is the member of a mapping.
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
_NO_ALIASES = "anchors and aliases are not read; write the value out"
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
    """Return the value that *text* says, or raise `ScenarioError` with source, line and column of each mistake."""
    mistakes = Mistakes()
    with suppress(AlreadyNoted):
        value = compose(text, mistakes)
        if not mistakes:
            return value
    raise mistakes.error(source)


def compose(text: str, mistakes: Mistakes) -> Json:
    """Return the value that *text* says, and note what it should not. Raises `AlreadyNoted` where it stops."""
    try:
        return _Composer(_parsed(text), mistakes).document()
    except InvalidNode as invalid:
        mistakes.note(invalid.mistake)
    except TooManyMistakes:
        pass
    raise AlreadyNoted


def positions_of(text: str, mistakes: Iterable[Mistake]) -> Positions:
    """Return where the nodes with these *mistakes* begin, and the nodes around them.

    Positions are found by reading once more, so that documents without mistakes do not pay for them.
    """
    wanted = {mistake.path[:length] for mistake in mistakes for length in range(len(mistake.path) + 1)}
    found: Positions = {}
    with suppress(InvalidNode, TooManyMistakes):
        _Composer(_parsed(text), Mistakes(), found, wanted).document()
    return found


def _parsed(text: str) -> Iterator[yaml.Event]:
    # No method: a generator that is left in its middle would hold whoever holds it, and both their text, for long.
    if len(text.encode(errors="replace")) > LONGEST_TEXT:
        raise InvalidNode(Mistake((), f"the text is longer than the {LONGEST_TEXT} bytes that a scenario may have"))
    try:
        yield from yaml.parse(_PAIR.sub(_joined, text), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        position = (mark.line + 1, mark.column + 1) if mark else None
        raise InvalidNode(Mistake((), f"this is not YAML: {error.problem}", position=position)) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise InvalidNode(Mistake((), f"this is not YAML: {' '.join(str(error).split())}")) from error


def _joined(pair: re.Match[str]) -> str:
    halves = bytes.fromhex(pair[2] + pair[3])
    return pair[1] + halves.decode("utf-16-be")


class _Composer:
    """Makes values of the events of one text."""

    def __init__(
        self,
        events: Iterator[yaml.Event],
        mistakes: Mistakes,
        positions: Positions | None = None,
        wanted: Collection[Path] = (),
    ) -> None:
        self._events = events
        self._mistakes = mistakes
        self._path: list[str | int] = []
        self._positions = positions
        self._wanted = wanted

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

    def _value(self, event: yaml.Event) -> Json:
        self._record_position(event, at_key=False)
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            self._note(_NO_ALIASES, event)
            return None
        if event.anchor is not None:
            self._note(_NO_ALIASES, event)
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif len(self._path) >= DEEPEST:
            self._refuse(f"nested more than {DEEPEST} deep", event)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping()
        else:
            value = self._sequence()
        if event.tag not in _UNTAGGED and not isinstance(value, _TAGS.get(event.tag, ())):
            self._note(f"the tag {event.tag!r} does not fit here; leave it out", event)
        return value

    def _mapping(self) -> dict[str, Json]:
        value: dict[str, Json] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            self._path.append(key)
            if key in value:
                self._note(f"this key stands twice, first in line {lines[key]}; keep one of them", event)
            self._record_position(event, at_key=True)
            lines.setdefault(key, _position(event)[0])
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
            self._note("merge keys are not read; write the members out", event)
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
            self._note(f"JSON has no number {text}; put it in quotes if it is text", event)
        return text

    def _integer(self, text: str, event: yaml.Event) -> int:
        if len(text) > _MOST_DIGITS or abs(number := int(text, _BASES.get(text[:2], 10))) > LARGEST_INTEGER:
            self._note("this number has more than 64 bits; put it in quotes if it is text", event)
            return 0
        return number

    def _record_position(self, event: yaml.Event, *, at_key: bool) -> None:
        if self._positions is not None and (path := tuple(self._path)) in self._wanted:
            self._positions[path, at_key] = _position(event)

    def _refuse(self, what: str, event: yaml.Event) -> NoReturn:
        raise InvalidNode(self._mistake(what, event))

    def _note(self, what: str, event: yaml.Event) -> None:
        self._mistakes.note(self._mistake(what, event))

    def _mistake(self, what: str, event: yaml.Event) -> Mistake:
        return Mistake(tuple(self._path), what, position=_position(event))


def _position(event: yaml.Event) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
