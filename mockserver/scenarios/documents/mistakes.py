"""What is wrong with a document that somebody wrote by hand: gathered, so that all of it is reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from mockserver.abbreviation import printable
from mockserver.errors import ScenarioError

#: The way from the top of a document to one of its nodes: keys and list positions.
Path = tuple[str | int, ...]
#: Line and column of a node, counted from 1.
Position = tuple[int, int]

#: Reading stops behind so many: more are not read by anybody, and each costs a search for the nearest word.
MOST_MISTAKES = 20
#: Keys that somebody wrote are cut in messages.
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Mistake:
    """One node of a document that is not what it should be."""

    path: Path
    what: str
    #: Whether the key is wrong, and not the value behind it.
    at_key: bool = False
    #: Where it stands, if that is known yet.
    position: Position | None = None

    @property
    def where(self) -> str:
        """The path as people read it; empty for the document itself."""
        return dotted(self.path)

    def __str__(self) -> str:
        """Say what is wrong, and with which node."""
        return f"{self.where}: {self.what}" if self.path else self.what


class InvalidNode(Exception):
    """A node cannot be read any further; whoever reads the nodes around it notes the mistake and goes on."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake


class AlreadyNoted(Exception):
    """A node cannot be read any further because of a mistake that is noted already."""


class TooManyMistakes(Exception):
    """So many mistakes were noted that reading stops."""


class Mistakes:
    """The mistakes of one document, in the order in which they were found."""

    def __init__(self) -> None:
        self._found: list[Mistake] = []
        self._paths: set[Path] = set()
        self._full = False

    def note(self, mistake: Mistake) -> None:
        """Note a mistake, unless it follows from one that is noted of the same node. Raises `TooManyMistakes`."""
        if mistake.position is None and mistake.path in self._paths:
            return
        if len(self._found) == MOST_MISTAKES:
            self._full = True
            raise TooManyMistakes
        self._found.append(mistake)
        self._paths.add(mistake.path)

    def blame(self, path: Path) -> None:
        """Note no mistake of the node at *path* any more: what is wrong with it is noted of another."""
        self._paths.add(path)

    def any_within(self, path: Path) -> bool:
        """Say whether the node at *path*, or one inside it, has a mistake."""
        return any(found[: len(path)] == path for found in self._paths)

    def __iter__(self) -> Iterator[Mistake]:
        """Yield them."""
        return iter(self._found)

    def __len__(self) -> int:
        """Count them."""
        return len(self._found)

    def error(self, source: str = "", positions: Mapping[tuple[Path, bool], Position] | None = None) -> ScenarioError:
        """Return the error that names all of them, a line each, from the top of the document to its end."""
        found = [m if m.position else replace(m, position=_position(m, positions or {})) for m in self._found]
        found.sort(key=lambda mistake: mistake.position or (0, 0))
        return ScenarioError("\n".join(_lines(found, source, full=self._full)), found)


def dotted(path: Path) -> str:
    """Write a path as people read it: `stubs[0].when.account`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{printable(step[:LONGEST_SHOWN])}" for step in path)
    return "".join(steps).removeprefix(".")


def _lines(found: Iterable[Mistake], source: str, *, full: bool) -> Iterator[str]:
    for mistake in found:
        line_and_column = map(str, mistake.position or ())
        location = ":".join([source, *line_and_column]) if source else ""
        yield f"{location}: {mistake}" if location else str(mistake)
    if full:
        yield f"{source or 'the document'}: these are the first {MOST_MISTAKES} mistakes; mend them to see the rest"


def _position(mistake: Mistake, positions: Mapping[tuple[Path, bool], Position]) -> Position | None:
    """Return where a node begins, or its key; of a node that is not there, its nearest parent."""
    path = mistake.path
    while path and (path, False) not in positions:
        path = path[:-1]
    return positions.get((path, mistake.at_key)) or positions.get((path, False))
