"""Lists the licence of every package that the server runs with, as the installed packages state it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements/runtime.txt"


def licences() -> Iterator[tuple[str, str]]:
    """Yield name and licence of each locked package; those for other platforms are not installed, and left out."""
    for name in re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(), re.MULTILINE):
        try:
            yield name, licence_of(name)
        except PackageNotFoundError:
            continue


def licence_of(name: str) -> str:
    """Return the licence that the package *name* states: an SPDX expression, a line, or a classifier."""
    said = metadata(name)
    for field in ("License-Expression", "License"):
        line = said.get(field, "")
        if line and "\n" not in line and line != "UNKNOWN":
            return line
    classifiers = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier", []) if line.startswith("License")]
    return ", ".join(classifiers) or "not stated"


if __name__ == "__main__":
    for package, licence in licences():
        print(f"{package:24} {licence}")  # noqa: T201
