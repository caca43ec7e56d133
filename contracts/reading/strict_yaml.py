"""Reads a YAML file that somebody wrote by hand, strictly, with the line and column of each value.

What YAML allows and nobody means is a mistake where it stands: a key given twice, an alias, a tag, a second document.
A word without quotes stays text until a shape asks for a number or for true or false, so that `no`, `on` and `1.10`
are never taken for something else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from ..errors import FileError, NestedTooDeep

#: The keys and numbers that lead to a value of a document.
Steps = tuple[str | int, ...]
#: What a tag makes of its value; raises ValueError with the reason why it cannot.
Tags = Mapping[str, Callable[[Any], Any]]

DEEPEST: Final = 50
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,30}")
_NUMBER: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class Plain(str):
    """Text that was written without quotes, and may stand for a number, true or false."""

    __slots__ = ()

    @property
    def meant(self) -> str | int | float | bool:
        """Return what YAML 1.2 takes the text for."""
        if self in _TRUTH:
            return _TRUTH[self]
        if _WHOLE.fullmatch(self):
            return int(self)
        if _NUMBER.fullmatch(self) and math.isfinite(number := float(self)):
            return number
        return str(self)


def meant(value: Any) -> Any:
    """Return *value* with everything that was written without quotes taken for what YAML 1.2 takes it for."""
    if isinstance(value, dict):
        return {str(key): meant(part) for key, part in value.items()}
    if isinstance(value, list):
        return [meant(part) for part in value]
    return value.meant if isinstance(value, Plain) else value


@dataclass(frozen=True)
class HandWritten:
    """What a file says, and where each value in it stands."""

    path: Path
    #: Mappings, lists, text, `Plain` and None.
    value: Any
    #: Line and column of each value, of its key where it has one; counted from 1.
    positions: Mapping[Steps, tuple[int, int]]

    def refusal(self, mistakes: Iterable[tuple[Steps, str]]) -> FileError:
        """Make one error of all *mistakes*, in the order of the file."""
        found = sorted((self._position(steps), _dotted(steps), what) for steps, what in mistakes)
        return file_error(self.path, [(position, f"{key}: {what}" if key else what) for position, key, what in found])

    def _position(self, steps: Steps) -> tuple[int, int]:
        while steps not in self.positions:
            steps = steps[:-1]
        return self.positions[steps]


def file_error(path: Path, mistakes: Iterable[tuple[tuple[int, int], str]]) -> FileError:
    """Make one error of mistakes with their lines and columns."""
    lines = [f"{path}:{line}:{column}: {what}" for (line, column), what in mistakes]
    return FileError(lines[0] if len(lines) == 1 else "\n  ".join([f"{path} has {len(lines)} mistakes", *lines]))


def read(path: Path, tags: Tags | None = None) -> HandWritten:
    """Read the file at *path*; raises FileError with every mistake that can be found without knowing its shape."""
    reading = _Reading(tags or {})
    value = None
    try:
        value = reading.document(_text(path))
    except NestedTooDeep as error:
        reading.mistakes.append(((error.line, error.column), f"nested more than {DEEPEST} deep"))
    except yaml.MarkedYAMLError as error:
        reading.note(error.problem_mark or error.context_mark, f"this is not YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        reading.note(None, f"this is not YAML: {' '.join(str(error).split())}")
    if reading.mistakes:
        raise file_error(path, sorted(reading.mistakes))
    return HandWritten(path, value, reading.positions)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}:{line}: this is not UTF-8, but another encoding; save the file as UTF-8") from error


@dataclass
class _Reading:
    """Makes values of the events of one text, and notes what is wrong on the way."""

    tags: Tags
    positions: dict[Steps, tuple[int, int]] = field(default_factory=dict)
    mistakes: list[tuple[tuple[int, int], str]] = field(default_factory=list)

    def note(self, mark: Any, what: str) -> None:
        self.mistakes.append((_position(mark), what))

    def document(self, text: str) -> Any:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        next(events)  # the start of the stream
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            self.positions[()] = (1, 1)
            return None
        value = self._value(next(events), events, ())
        next(events)  # the end of the document
        end = next(events)
        if not isinstance(end, yaml.StreamEndEvent):
            self.note(end.start_mark, "a second document begins here; put one document in a file")
        return value

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], steps: Steps) -> Any:
        mark = event.start_mark
        self.positions.setdefault(steps, _position(mark))
        if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
            self.note(mark, "aliases are not read; write the value out")
            return None
        if event.anchor is not None:
            self.note(mark, "anchors are not read; write the value out")
        if len(steps) > DEEPEST:
            raise NestedTooDeep(*_position(mark))
        value: Any
        if isinstance(event, yaml.ScalarEvent):
            value = event.value if event.style or event.tag else _plain(event.value)
        elif isinstance(event, yaml.MappingStartEvent):
            value = self._mapping(events, steps)
        else:
            value = self._sequence(events, steps)
        return self._tagged(event.tag, value, mark)

    def _tagged(self, tag: str | None, value: Any, mark: Any) -> Any:
        if tag is None or tag == "!":  # which says no more than quotes do
            return value
        if tag not in self.tags:
            known = f"; known are {', '.join(self.tags)}" if self.tags else "; leave it out"
            self.note(mark, f"the tag {tag} is not known here{known}")
            return value
        try:
            return self.tags[tag](value)
        except ValueError as error:
            self.note(mark, f"{tag} {error}")
            return None

    def _mapping(self, events: Iterator[yaml.Event], steps: Steps) -> dict[str, Any]:
        value: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            mark = event.start_mark
            if not isinstance(event, yaml.ScalarEvent):
                self.note(mark, "a key is plain text")
                self._value(event, events, (*steps, ""))
                self._value(next(events), events, (*steps, ""))
                continue
            key = event.value if event.style else Plain(event.value)
            if key in value:
                first = self.positions[*steps, key][0]
                where = _dotted((*steps, key))
                self.note(mark, f"{where}: this key stands twice, first in line {first}; keep one of them")
                self._value(next(events), events, (*steps, key))
                continue
            self.positions[*steps, key] = _position(mark)
            value[key] = self._value(next(events), events, (*steps, key))
        return value

    def _sequence(self, events: Iterator[yaml.Event], steps: Steps) -> list[Any]:
        value: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            value.append(self._value(event, events, (*steps, len(value))))
        return value


def _position(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _plain(text: str) -> Plain | None:
    return None if text in _NULL else Plain(text)


def _dotted(steps: Steps) -> str:
    return ".".join(map(str, steps))
