"""The command: `python -m bench`, as `make bench` runs it."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench.comparisons import measure_against, measure_stores, plan_of
from bench.contestants.contestant import Contestant
from bench.contestants.ours import our_contestants
from bench.contestants.peers import peer_contestants
from bench.measuring.growth import AMOUNTS, QUICK_AMOUNTS, measure_growth
from bench.measuring.machine import this_machine
from bench.measuring.processes import Failed
from bench.measuring.profiling import measure_profile
from bench.measuring.rounds import FULL, QUICK, measure
from bench.reporting import report, results
from bench.work import CHECKOUT, read_contract, work_of

_BENCH = CHECKOUT / "bench"
#: The shortest comes first: what no longer fits the code fails at once.
_SECTIONS = ("profile", "servers", "growth")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the results, the page and the plot, and print the table."""
    given = _parser().parse_args(arguments)
    try:
        if given.against or given.stores:
            print(_compare(given))
            return 0
        if not given.report_only:
            _measure(given)
        page, plot = report.write(results.read(given.results), given.docs)
        print(page)
        print(f"Written: {given.results}, {given.docs / 'performance.md'}, {plot}", file=sys.stderr)
    except Failed as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _compare(given: argparse.Namespace) -> str:
    plan = plan_of(QUICK if given.quick else FULL, given.rounds)
    work = work_of(read_contract())
    if given.stores:
        return measure_stores(work, plan, _progress())
    return measure_against(given.against, work, plan, _progress())


def _measure(given: argparse.Namespace) -> None:
    """Take the figures of each section, and write them down before the next begins."""
    plan, amounts = (QUICK, QUICK_AMOUNTS) if given.quick else (FULL, AMOUNTS)
    plan = replace(plan, rounds=given.rounds or plan.rounds)
    contestants = _chosen(given.only)
    work = work_of(read_contract())
    say = _progress()
    measures: dict[str, Callable[[], dict[str, Any]]] = {
        "profile": lambda: measure_profile(plan.rounds, say),
        "servers": lambda: measure(contestants, work, plan, say),
        "growth": lambda: measure_growth(amounts, work, plan, say),
    }
    before = results.read(given.results) if given.results.exists() else {}
    found = {"machine": this_machine(), "plan": asdict(plan), **{name: before.get(name, {}) for name in measures}}
    for name in (each for each in _SECTIONS if each in given.sections):
        found[name] = measures[name]()
        results.write(given.results, found)


def _progress() -> Callable[[str], None]:
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"[{time.monotonic() - began:4.0f} s] {what}", file=sys.stderr, flush=True)

    return say


def _chosen(names: Sequence[str]) -> list[Contestant]:
    """Return the contestants named, all without names. Raises `Failed` for one that is unknown or not installed."""
    everybody = [*our_contestants(), *peer_contestants()]
    chosen = [c for c in everybody if not names or c.name in names or ("ours" in names and c.ours)]
    known = {"ours", *(c.name for c in everybody)}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Failed(f"nobody is called {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    missing = {str(need) for c in chosen for need in c.needs if not need.exists()}
    if missing:
        raise Failed(
            f"not installed: {', '.join(sorted(missing))}; `make bench` installs the peers (it needs node, npm and "
            "java 17), `--only ours` measures without them"
        )
    return chosen


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure this server beside its peers.")
    parser.add_argument("--quick", action="store_true", help="see that everything works; the figures mean nothing")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="this contestant; `ours` for all of ours"
    )
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of everything; default: 3, or 7 with --against")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="FOLDER",
        help="measure this checkout beside another, which has its own .venv; prints tables and writes nothing",
    )
    parser.add_argument(
        "--stores",
        action="store_true",
        help="measure two workers on SQLite beside two on LMDB; prints tables and writes nothing",
    )
    parser.add_argument(
        "--sections",
        nargs="+",
        choices=_SECTIONS,
        default=_SECTIONS,
        metavar="SECTION",
        help=f"what is measured: {', '.join(_SECTIONS)}; the others stay as they were",
    )
    parser.add_argument("--results", type=Path, default=_BENCH / "results.json", help="the file of the figures")
    parser.add_argument(
        "--docs", type=Path, default=CHECKOUT / "docs/maintaining", help="the folder of performance.md and the plot"
    )
    parser.add_argument("--report-only", action="store_true", help="make page and plot of the figures that are there")
    return parser


def _leave(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _leave)  # so that the servers are stopped then too
    sys.exit(main())
