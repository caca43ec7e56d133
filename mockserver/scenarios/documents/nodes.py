"""Read the nodes of a document that somebody wrote by hand, and refuse them in words that lead to the mistake.

A reader that cannot go on raises `InvalidNode`. Readers of simple values note the mistake instead and return a
stand-in, so that their callers go on and find what else is wrong; what they make of it is thrown away with the whole
document.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from types import TracebackType
from typing import NoReturn, TypeVar

from mockserver.errors import nearest
from mockserver.model import Json
from mockserver.scenarios.documents.mistakes import (
    LONGEST_SHOWN,
    AlreadyNoted,
    InvalidNode,
    Mistake,
    Mistakes,
    Path,
    TooManyMistakes,
)

LONGEST_NAME = 200
#: Longer lists of valid words are cut, so that a message stays readable.
MOST_WORDS_LISTED = 40

Read = TypeVar("Read")


def read_whole(document: Json, reader: Callable[[Node], Read], mistakes: Mistakes, path: Path = ()) -> Read | None:
    """Return what *reader* makes of a document, or None where it had to give up; every mistake is noted."""
    node = Node(document, path, mistakes)
    try:
        with node.noting():
            return reader(node)
    except TooManyMistakes:
        pass
    return None


class Node:
    """A value inside a document, and the way to it."""

    __slots__ = ("mistakes", "path", "value")

    def __init__(self, value: Json, path: Path, mistakes: Mistakes) -> None:
        self.value = value
        self.path = path
        self.mistakes = mistakes

    @property
    def is_wrong(self) -> bool:
        """Whether a mistake was noted here or inside."""
        return self.mistakes.any_within(self.path)

    def noting(self) -> _Noting:
        """Note the mistake at which the block gives up, and go on behind it."""
        return _Noting(self.mistakes)

    def refuse(self, what: str, *, at_key: bool = False) -> NoReturn:
        """Give up on this node: raises `InvalidNode`, which the reader of the list or mapping around it notes."""
        raise InvalidNode(Mistake(self.path, what, at_key))

    def note(self, what: str, *, at_key: bool = False) -> None:
        """Note a mistake that keeps nothing else from being read."""
        self.mistakes.note(Mistake(self.path, what, at_key))

    def wanted(self, what: str) -> NoReturn:
        """Give up on the value because it is not *what*."""
        self.refuse(f"wanted {what}, got {described_value(self.value)}")

    def members(self) -> dict[str, Node]:
        """Read a mapping with any keys."""
        if not isinstance(self.value, dict):
            self.wanted("a mapping")
        return {key: Node(value, (*self.path, key), self.mistakes) for key, value in self.value.items()}

    def table(self, keys: Sequence[str], *, required: Sequence[str] = ()) -> dict[str, Node]:
        """Read a mapping with some of these keys, all of the *required*, and no others.

        For one that is missing stands nothing, of which no mistake is noted any more.
        """
        members = self.members()
        unknown = [key for key in members if key not in keys]
        for key in unknown:
            members.pop(key).note(f"unknown key {key[:LONGEST_SHOWN]!r}{valid_words(key, keys, 'keys')}", at_key=True)
        # A misspelt key is not reported as missing, too.
        missing = [key for key in required if key not in members]
        absent = [key for key in missing if not nearest(key, unknown)]
        if absent:
            named = " and ".join(map(repr, absent))
            self.note(f"the key {named} is missing" if len(absent) == 1 else f"the keys {named} are missing")
        for key in missing:
            members[key] = Node(None, (*self.path, key), self.mistakes)
            self.mistakes.blame(members[key].path)
        return members

    def items(self) -> list[Node]:
        """Read a list."""
        if not isinstance(self.value, list):
            self.wanted("a list")
        return [Node(value, (*self.path, number), self.mistakes) for number, value in enumerate(self.value)]

    def text(self) -> str:
        """Read a text."""
        if isinstance(self.value, str):
            return self.value
        quoted = f"; put it in quotes: {str(self.value).lower()!r}" if isinstance(self.value, int | float) else ""
        self.note(f"wanted text, got {described_value(self.value)}{quoted}")
        return ""

    def texts(self) -> tuple[str, ...]:
        """Read a text, or a list of at least one; raises `AlreadyNoted` when some of it was refused."""
        if self.value == []:
            self.wanted("a text or a list of at least one")
        items = self.items() if isinstance(self.value, list) else [self]
        texts = tuple(item.text() for item in items)
        if self.is_wrong:
            raise AlreadyNoted
        return texts

    def name(self) -> str:
        """Read a text that can stand in a header and in a list: printable ASCII on one line."""
        text = self.text()
        if not (0 < len(text) <= LONGEST_NAME and text.isascii() and text.isprintable() and text == text.strip()):
            self.note(f"a name is 1 to {LONGEST_NAME} printable ASCII characters, unpadded, got {text[:50]!r}")
        return text

    def word(self, known: Collection[str], kind: str) -> str:
        """Read one of the *known* texts."""
        text = self.text()
        if text not in known:
            self.refuse(f"unknown {kind} {text[:LONGEST_SHOWN]!r}{valid_words(text, known, 'values')}")
        return text

    def integer(self, least: int, most: int) -> int:
        """Read a whole number within bounds."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            self.note(f"wanted a whole number from {least} to {most}, got {described_value(self.value)}")
            return least
        return self.value

    def number(self, least: float, most: float) -> float:
        """Read a number within bounds, whole or not."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float) or not least <= self.value <= most:
            self.note(f"wanted a number from {least:g} to {most:g}, got {described_value(self.value)}")
            return least
        return float(self.value)

    def flag(self) -> bool:
        """Read true or false."""
        if not isinstance(self.value, bool):
            self.note(f"wanted true or false, got {described_value(self.value)}")
            return False
        return self.value


class _Noting:
    """See `Node.noting`."""

    __slots__ = ("_mistakes",)

    def __init__(self, mistakes: Mistakes) -> None:
        self._mistakes = mistakes

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if isinstance(error, InvalidNode):
            self._mistakes.note(error.mistake)
        return isinstance(error, InvalidNode | AlreadyNoted)


def described_value(value: Json) -> str:
    """Describe a value in the words of a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {value[:LONGEST_SHOWN]!r}"
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def valid_words(word: str, known: Collection[str], kind: str) -> str:
    """Return the end of a message about an unknown word: the nearest one, and those there are."""
    listed = ", ".join(list(known)[:MOST_WORDS_LISTED])
    more = ", ..." if len(known) > MOST_WORDS_LISTED else ""
    return f"{nearest(word[:LONGEST_SHOWN], known) or '.'} Valid {kind}: {listed}{more}"
