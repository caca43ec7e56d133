"""Which file of the user's own repository a finding can point at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

#: What lies below a repository and is no part of it.
_FOREIGN: Final = frozenset({"node_modules", "site-packages", "vendor"})


def file_of_client(command: Sequence[str], folder: Path | None, profile: Path | None) -> str:
    """Return the program that *command* runs in *folder*, else the profile; empty when neither is in a repository."""
    start = folder or Path.cwd()
    # The first word is often an interpreter, which may lie in the repository's own environment.
    words = [*command[1:], *command[:1]]
    return _first_inside([*(start / word for word in words), *([profile] if profile else [])])


def file_inside(path: Path) -> str:
    """Return *path* as it is called from the top of the repository; empty when it lies elsewhere."""
    return _first_inside([path])


def _first_inside(paths: Iterable[Path]) -> str:
    root = _root(Path.cwd())
    return next((inside for path in paths if (inside := _inside(path, root))), "")


def _root(folder: Path) -> Path:
    """Return the nearest folder with a repository, from *folder* up; without one, *folder* itself."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


def _inside(path: Path, root: Path) -> str:
    """Return *path* as it is called from *root*; empty when it is no file of the repository."""
    try:
        found = path.resolve()
        if not found.is_file() or not found.is_relative_to(root):
            return ""
    except (OSError, ValueError):  # a word of a command may be anything
        return ""
    inside = found.relative_to(root)
    foreign = any(part.startswith(".") or part in _FOREIGN for part in inside.parts)
    return "" if foreign else inside.as_posix()
