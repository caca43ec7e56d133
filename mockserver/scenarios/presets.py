"""The scenarios that ship with the APIs of a server: the presets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from mockserver.contract.cache import parsed_once
from mockserver.errors import ScenarioError, SpecError, nearest
from mockserver.model import Json


class Presets:
    """Finds presets by their names, in one folder for each API."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Look into *folders*. Raises `SpecError` where two presets have one name."""
        self._files: Mapping[str, Path] = _files(folders)

    def names(self) -> tuple[str, ...]:
        """Return the names of all, sorted."""
        return tuple(self._files)

    def text(self, name: str) -> str:
        """Return the text of one. Raises `ScenarioError` for an unknown name, as do the others."""
        return self._file(name).read_text(encoding="utf-8")

    def description(self, name: str) -> str:
        """Return the sentence with which one describes itself."""
        sentence: str = self.document(name).get("description", "")
        return sentence

    def document(self, name: str) -> dict[str, Json]:
        """Return what the text of one says, parsed once for this and for later starts."""

        def parsed(text: bytes) -> Json:
            from mockserver.scenarios.documents.composer import read_document  # and with it YAML's parser

            return read_document(text.decode(), name)

        document: dict[str, Json] = parsed_once(self._file(name), parsed)
        return document

    def _file(self, name: str) -> Path:
        if name not in self._files:
            known = f"{nearest(name, self._files) or '.'} Presets: {', '.join(self._files)}"
            raise ScenarioError(f"unknown preset {name!r}{known}")
        return self._files[name]


def _files(folders: Iterable[Path]) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    for file in (file for folder in folders for file in folder.glob("*.yaml")):
        other = found.setdefault(file.stem, file)
        if other is not file:
            raise SpecError(f"two presets are named {file.stem!r}: {other} and {file}; rename one of them")
    return dict(sorted(found.items()))
