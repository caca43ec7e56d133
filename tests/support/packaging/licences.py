"""Lists the licence of every package that the server runs with, on any Python, as the packages state it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

LOCK = Path(__file__).parents[3] / "requirements/runtime.txt"


#: What the packages say that are locked for other Pythons or platforms, and so are not installed here to be asked.
ELSEWHERE = {"async-timeout": "Apache 2"}


def licences() -> Iterator[tuple[str, str]]:
    """Yield name and licence of each locked package. Raises KeyError for one that is neither here nor in ELSEWHERE."""
    for name in re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(), re.MULTILINE):
        try:
            yield name, licence_of(name)
        except PackageNotFoundError:
            yield name, ELSEWHERE[name]


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
