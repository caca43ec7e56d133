"""The comparisons: this checkout beside another one of the project, and one store beside another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench.contestants.contestant import Contestant
from bench.contestants.ours import contestants_of, our_contestants, with_flags
from bench.contestants.peers import peer_contestants
from bench.measuring.comparison import Pair, compare_load, compare_starts, start_s
from bench.measuring.rounds import Plan
from bench.reporting.ratios import comparison_tables
from bench.work import CHECKOUT, Work

#: Rounds are short and many, because a busy machine changes from second to second.
_ROUNDS, _WINDOW_S = 7, 2
_STARTS = 11
#: The stores of several workers on one machine, the quicker one last.
_FILE_STORES = ("sqlite", "lmdb")


def plan_of(plan: Plan, rounds: int | None) -> Plan:
    """Return *plan* with the rounds of a comparison."""
    if plan.rounds == 1:
        return replace(plan, rounds=rounds or 1)
    return replace(plan, rounds=rounds or _ROUNDS, seconds=_WINDOW_S)


def measure_against(other: Path, work: Work, plan: Plan, say: Callable[[str], None]) -> str:
    """Return what both checkouts did, as tables. Raises `Failed` where one of them cannot be measured."""
    load_before = os.getloadavg()[0]
    pairs = [Pair(now.name, before, now) for before, now in zip(contestants_of(other), our_contestants(), strict=True)]
    rows = compare_load(pairs, work, plan, say)
    peer = _quickest_peer(work, say)
    peer_name = peer.name if peer else "none is installed here; `make bench` installs them"
    starts = compare_starts(pairs, peer, work, _STARTS if plan.rounds > 1 else 1, say)
    return "\n".join(
        [
            f"- before: {_commit(other)}",
            f"- now: {_commit(CHECKOUT)}",
            f"- quickest peer that is no native program: {peer_name}",
            f"- medians of {plan.rounds} rounds of {plan.seconds} s in turns\n",
            comparison_tables(rows, starts, ("before", "now"), load_before),
        ]
    )


def measure_stores(work: Work, plan: Plan, say: Callable[[str], None]) -> str:
    """Return what two workers did on each of the file stores, as tables. Raises `Failed` as above."""
    load_before = os.getloadavg()[0]
    python = Path(sys.executable)
    sides = [with_flags(python, "--workers", "2", "--store", f"{store}:bench-store") for store in _FILE_STORES]
    rows = compare_load([Pair("mockserver --workers 2", *sides)], work, replace(plan, connections=(1, 16, 64)), say)
    return comparison_tables(rows, [], _FILE_STORES, load_before)


def _quickest_peer(work: Work, say: Callable[[str], None]) -> Contestant | None:
    """Return the installed peer that starts in the least time; native ones are apart, and variants start alike."""
    programs = {tuple(peer.needs): peer for peer in reversed(peer_contestants()) if not peer.native}
    installed = [peer for needs, peer in programs.items() if all(need.exists() for need in needs)]
    say(f"which peer starts first: {len(installed)} are installed")
    return min(installed, key=lambda peer: start_s(peer, work), default=None)


def _commit(checkout: Path) -> str:
    git = ["git", "-C", str(checkout)]
    ran = subprocess.run([*git, "log", "-1", "--format=%h %s"], capture_output=True, text=True, check=False)
    changed = subprocess.run([*git, "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False)
    return f"{ran.stdout.strip() or checkout}{', with changes' if changed.stdout else ''}"
