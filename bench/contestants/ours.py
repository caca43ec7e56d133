"""This server, by its default command and with two workers; also as another checkout of the project has it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.contestants.contestant import JOURNAL_ENTRIES, Ask, Contestant, Journal, Ports, constant
from bench.measuring.processes import Failed
from bench.work import Work

#: The default command, and the one with a worker for each core of the machine that the targets are set for.
OURS, OURS_WITH_WORKERS = "mockserver", "mockserver --workers 2"

_PAGE = f"/__admin/journal?limit={JOURNAL_ENTRIES}"


def _following(answer: dict[str, Any]) -> Ask | None:
    """Return what asks for the next page; a page is bounded in bytes as well."""
    return Ask("GET", f"{_PAGE}&after={answer['exchanges'][-1]['number']}") if answer["more"] else None


_JOURNAL = Journal(
    count=constant(Ask("POST", "/__admin/journal/verify", {"match": {"operation": "getEngagement"}, "at_least": 0})),
    counted=lambda answer: int(answer["count"]),
    everything=constant(Ask("GET", _PAGE)),
    entries=lambda answer: list(answer["exchanges"]),
    following=_following,
    reset=constant(Ask("POST", "/__admin/reset")),
)


def our_contestants() -> list[Contestant]:
    """Return the server of this checkout, in both ways."""
    return _both_ways(Path(sys.executable))


def contestants_of(checkout: Path) -> list[Contestant]:
    """Return the server of another *checkout*, started from its own environment. Raises `Failed` without one."""
    checkout = checkout.resolve()
    python = checkout / ".venv/bin/python"
    if not python.exists():
        raise Failed(
            f"{checkout} has no environment in .venv, so its server cannot start; "
            f"`make -C {checkout} .venv/.can-test` makes one"
        )
    where = "import mockserver; print(mockserver.__file__)"
    ran = subprocess.run([python, "-c", where], cwd="/", capture_output=True, text=True, check=False)
    if checkout not in Path(ran.stdout.strip()).parents:
        raise Failed(
            f"{python} does not run the code of {checkout} but {ran.stdout.strip() or ran.stderr.strip()!r}; install "
            f"that checkout there: {python} -m pip install --no-deps --no-build-isolation --editable {checkout}"
        )
    return _both_ways(python)


def with_flags(python: Path, *flags: str, name: str = OURS, note: str = "") -> Contestant:
    """Return the server with *flags*, by the command that is installed beside *python*."""
    program = python.with_name("mockserver")

    def prepare(_folder: Path, ports: Ports, _work: Work) -> Sequence[str]:
        return [str(program), "serve", "--port", str(ports.mock), *flags]

    return Contestant(name, prepare, _JOURNAL, note, [program], ours=True)


def _both_ways(python: Path) -> list[Contestant]:
    shared = "two processes; sessions and journal shared through a file"
    return [
        with_flags(python, note="default command: one process, memory"),
        with_flags(python, "--workers", "2", name=OURS_WITH_WORKERS, note=shared),
    ]
