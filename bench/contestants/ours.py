"""This server, by its default command and with two workers; also as another checkout of the project has it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.contestants.contestant import JOURNAL_ENTRIES, Ask, Contestant, Journal, Ports, constant
from bench.measuring.processes import Failed
from bench.work import CHECKOUT, Work

#: The default command, and the one with a worker for each core of the machine that the targets are set for.
OURS, OURS_WITH_WORKERS = "mockserver", "mockserver --workers 2"

_JOURNAL = Journal(
    count=constant(Ask("POST", "/__admin/journal/verify", {"match": {"operation": "getEngagement"}, "at_least": 0})),
    counted=lambda answer: int(answer["count"]),
    everything=constant(Ask("GET", f"/__admin/journal?limit={JOURNAL_ENTRIES}")),
    reset=constant(Ask("POST", "/__admin/reset")),
)


def our_contestants() -> list[Contestant]:
    """Return the server of this checkout, in both ways."""
    return _both_ways(Path(sys.executable), CHECKOUT)


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
    return _both_ways(python, checkout)


def served(python: Path, *flags: str) -> Callable[[Path, Ports, Work], Sequence[str]]:
    """Return what starts the server with *flags*, as users type it where it is installed beside *python*."""
    installed = python.with_name("mockserver")
    command = [str(installed)] if installed.exists() else [str(python), "-m", "mockserver"]
    return lambda _folder, ports, _work: [*command, "serve", "--port", str(ports.mock), *flags]


def _both_ways(python: Path, checkout: Path) -> list[Contestant]:
    env = {} if python.with_name("mockserver").exists() else {"PYTHONPATH": str(checkout)}
    shared = "two processes; sessions and journal shared through LMDB"
    return [
        Contestant(OURS, served(python), _JOURNAL, "default command: one process, memory", ours=True,
                   env=env),
        Contestant(OURS_WITH_WORKERS, served(python, "--workers", "2"), _JOURNAL, shared, ours=True,
                   env=env),
    ]  # fmt: skip
