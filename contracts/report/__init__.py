"""Reports: one file per format, each a function from a verdict to text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from ..errors import CannotExamine
from ..findings import Verdict
from .html import as_html
from .json import as_json
from .junit import as_junit
from .sarif import as_sarif
from .text import as_text, write_text

__all__ = ["FORMATS", "ReportError", "wanted", "write_reports", "write_text"]

FORMATS: Final[Mapping[str, Callable[[Verdict], str]]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "html": as_html,
    "sarif": as_sarif,
}


class ReportError(CannotExamine):
    """A report was asked for that does not exist."""


def wanted(options: Iterable[str]) -> dict[str, Path]:
    """Read options of the form FORMAT=PATH; raises ReportError for any other."""
    paths = {}
    for option in options:
        name, separator, path = option.partition("=")
        if name not in FORMATS or not separator or not path:
            raise ReportError(
                f"a report is wanted as FORMAT=PATH with FORMAT one of {', '.join(FORMATS)}, got {option!r}"
            )
        paths[name] = Path(path)
    return paths


def write_reports(verdict: Verdict, reports: Mapping[str, Path]) -> None:
    """Write *verdict* in every wanted format; folders are made as needed."""
    for name, path in reports.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        # What came back may hold halves of characters, which no file can hold.
        path.write_bytes(FORMATS[name](verdict).encode(errors="replace"))
