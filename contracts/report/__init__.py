"""Reports: one file per format, each a function from a verdict to text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, TextIO

from ..errors import ReportError, fault_line
from ..judging.findings import ExitStatus, Verdict
from .endings import overall
from .html.page import as_html
from .json import as_json
from .junit import as_junit
from .sarif import as_sarif
from .text import as_text, write_text

__all__ = ["FORMATS", "ReportError", "deliver", "wanted", "write_text", "written"]

FORMATS: Final[Mapping[str, Callable[[Verdict], str]]] = {
    "text": as_text,
    "json": as_json,
    "junit": as_junit,
    "html": as_html,
    "sarif": as_sarif,
}


def wanted(options: Iterable[str]) -> dict[str, Path]:
    """Read options of the form FORMAT=PATH and make their folders.

    Raises ReportError for what can be known before the examination: a format that there is not, a path that is a
    folder or cannot be written.
    """
    paths: dict[str, Path] = {}
    for option in options:
        name, separator, path = option.partition("=")
        if name not in FORMATS or not separator or not path:
            raise ReportError(
                f"a report is wanted as FORMAT=PATH with FORMAT one of {', '.join(FORMATS)}, got {option!r}"
            )
        if name in paths:
            raise ReportError(f"the {name} report is wanted twice, as {paths[name]} and as {path}; name one file")
        if Path(path) in paths.values():
            raise ReportError(f"two reports are wanted in the one file {path}; name a file for each")
        paths[name] = Path(path)
        _prepare(name, paths[name])
    return paths


def deliver(verdict: Verdict, reports: Mapping[str, Path], out: TextIO) -> int:
    """Print *verdict*, write the *reports*, and return the exit status.

    The verdict is printed whatever becomes of the reports; one that cannot be written gives 2, or 1 if the verdict is.
    What a signal ended is delivered as far as it came, and the signal goes on its way then.
    """
    try:
        write_text(verdict, out)
        out.flush()
    finally:  # nobody may read the verdict here, as after `| head`, and the reports elsewhere
        failures = list(written(verdict, reports))
    out.writelines(f"{failure}\n" for failure in failures)
    if verdict.interruption:
        out.flush()
        verdict.interruption.judged = True
        raise verdict.interruption
    return int(overall([verdict.exit_status, *(ExitStatus.NOT_EXAMINED for _ in failures)]))


def written(verdict: Verdict, reports: Mapping[str, Path]) -> Iterator[str]:
    """Write the *reports*, and yield a sentence for each that could not be."""
    for name, path in reports.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # What came back may hold halves of characters, which no file can hold.
            path.write_bytes(FORMATS[name](verdict).encode(errors="replace"))
        except OSError as error:
            yield f"The {name} report could not be written to {path}: {error.strerror}"
        except Exception as fault:  # noqa: BLE001 - a fault of ours in one report must not cost the others
            yield f"The {name} report could not be made, because the harness itself failed: {fault_line(fault)}"


def _prepare(name: str, path: Path) -> None:
    """Make the folder of a report, and find out whether it can be written there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"the {name} report {path} has no folder, and none can be made: {error.strerror}") from error
    if path.is_dir():
        raise ReportError(f"the {name} report wants a file, and {path} is a folder; try {path / f'report.{name}'}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ReportError(f"the {name} report cannot be written to {path}: permission denied")
