"""Read the parts of a document that somebody wrote by hand, and refuse them in words that lead to the mistake."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NoReturn

from mockserver.errors import ScenarioError, nearest
from mockserver.model import Json

#: The way from the top of a document to one of its parts: keys and list positions.
Path = tuple[str | int, ...]

LONGEST_NAME = 200
#: Longer lists of valid words are cut, so that a message stays readable.
MOST_WORDS_SHOWN = 40
#: So are words that somebody wrote.
_LONGEST_SHOWN = 80


class Misfit(ScenarioError):
    """A part of a document is not what it should be; whoever has the text adds the line and column."""

    def __init__(self, path: Path, what: str, *, at_key: bool = False) -> None:
        super().__init__(f"{dotted(path)}: {what}" if path else what)
        self.path = path
        #: Whether the key is wrong, and not the value behind it.
        self.at_key = at_key


class Part:
    """A value inside a document, and the way to it; every reader returns a sound value or raises `Misfit`."""

    __slots__ = ("path", "value")

    def __init__(self, value: Json, path: Path = ()) -> None:
        self.value = value
        self.path = path

    def refuse(self, what: str, *, at_key: bool = False) -> NoReturn:
        """Raise a `Misfit` that points here."""
        raise Misfit(self.path, what, at_key=at_key)

    def wanted(self, what: str) -> NoReturn:
        """Refuse the value because it is not *what*."""
        self.refuse(f"wanted {what}, got {said(self.value)}")

    def members(self) -> dict[str, Part]:
        """Read a mapping with any keys."""
        if not isinstance(self.value, dict):
            self.wanted("a mapping")
        return {key: Part(value, (*self.path, key)) for key, value in self.value.items()}

    def table(self, keys: Sequence[str], *, required: Sequence[str] = ()) -> dict[str, Part]:
        """Read a mapping with some of these keys, all of the *required*, and no others."""
        members = self.members()
        for key, member in members.items():
            if key not in keys:
                member.refuse(f"unknown key {key[:_LONGEST_SHOWN]!r}{choice(key, keys, 'keys')}", at_key=True)
        for key in required:
            if key not in members:
                self.refuse(f"the key {key!r} is missing")
        return members

    def items(self) -> list[Part]:
        """Read a list."""
        if not isinstance(self.value, list):
            self.wanted("a list")
        return [Part(value, (*self.path, number)) for number, value in enumerate(self.value)]

    def text(self) -> str:
        """Read a text."""
        if not isinstance(self.value, str):
            quoted = f"; put it in quotes: {str(self.value).lower()!r}" if isinstance(self.value, int | float) else ""
            self.refuse(f"wanted text, got {said(self.value)}{quoted}")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Read a text, or a list of at least one."""
        if not isinstance(self.value, list):
            return (self.text(),)
        if not self.value:
            self.wanted("a text or a list of at least one")
        return tuple(item.text() for item in self.items())

    def name(self) -> str:
        """Read a text that can stand in a header and in a list: printable ASCII on one line."""
        text = self.text()
        if not (0 < len(text) <= LONGEST_NAME and text.isascii() and text.isprintable() and text == text.strip()):
            self.refuse(f"a name is 1 to {LONGEST_NAME} printable ASCII characters, unpadded, got {text[:50]!r}")
        return text

    def word(self, known: Collection[str], kind: str) -> str:
        """Read one of the *known* texts."""
        text = self.text()
        if text not in known:
            self.refuse(f"unknown {kind} {text[:_LONGEST_SHOWN]!r}{choice(text, known, 'values')}")
        return text

    def integer(self, least: int, most: int) -> int:
        """Read a whole number within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            self.wanted(f"a whole number from {least} to {most}")
        return self.value

    def number(self, least: float, most: float) -> float:
        """Read a number within bounds, whole or not."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not least <= self.value <= most:
            self.wanted(f"a number from {least:g} to {most:g}")
        return float(self.value)

    def flag(self) -> bool:
        """Read true or false."""
        if not isinstance(self.value, bool):
            self.wanted("true or false")
        return self.value


def dotted(path: Path) -> str:
    """Write a path as people read it: `stubs[0].when.account`."""
    said = (f"[{step}]" if isinstance(step, int) else f".{step[:_LONGEST_SHOWN]}" for step in path)
    return "".join(said).removeprefix(".")


def said(value: Json) -> str:
    """Name a value in the words of a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {value[:_LONGEST_SHOWN]!r}"
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def choice(word: str, known: Collection[str], kind: str) -> str:
    """Return the end of a message about an unknown word: the nearest one, and those there are."""
    shown = ", ".join(list(known)[:MOST_WORDS_SHOWN])
    more = ", ..." if len(known) > MOST_WORDS_SHOWN else ""
    return f"{nearest(word[:_LONGEST_SHOWN], known) or '.'} Valid {kind}: {shown}{more}"
