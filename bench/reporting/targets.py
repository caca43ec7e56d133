"""What this server promises to reach, and whether a run shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.contestants.ours import OURS, OURS_WITH_WORKERS
from bench.reporting.results import Results, best_peer, cost_us, figure

_TIMES_FASTEST = 3.0
_START_S = 0.30
_START_OF_FASTEST = 0.5
_MEMORY_MB = 70
_GROWTH = 1.2


@dataclass(frozen=True)
class Target:
    """One promise beside what was found."""

    promise: str
    found: str
    reached: bool


def targets(results: Results) -> list[Target]:
    """Return every promise that the figures can judge."""
    servers = results["servers"]
    found = list(_rates(servers)) if any(not server["ours"] for server in servers.values()) else []
    if OURS in servers:
        found += _alone(servers)
    return found + list(_growth(results["growth"]))


def _rates(servers: dict[str, Any]) -> Iterator[Target]:
    for connections in _connections(servers):
        where = ("load", connections, "rps")
        at = f"{connections} connection" + "s" * (connections != "1")
        for name, with_journal, times in ((OURS_WITH_WORKERS, True, _TIMES_FASTEST), (OURS, False, 1.0)):
            best = best_peer(servers, where, max, with_journal=with_journal)
            ours = figure(servers[name], *where) if name in servers else None
            if best is None or ours is None:
                continue
            whom = "the fastest peer with a journal" if with_journal else "every peer"
            promise = f"`{name}`: at least {times:g} times the requests of {whom}, {at}"
            yield Target(promise, f"{ours / best[1]:.1f} times {best[0]}", ours / best[1] >= times)


def _alone(servers: dict[str, Any]) -> Iterator[Target]:
    start_s = figure(servers[OURS], "start_s")
    if start_s is not None:
        yield Target(f"first answer within {_START_S:.2f} s", f"{start_s:.2f} s", start_s <= _START_S)
        best = best_peer(servers, ["start_s"], min)
        if best:
            ratio = start_s / best[1]
            yield Target("first answer in half the time of every peer", f"{ratio:.2f} of {best[0]}",
                         ratio <= _START_OF_FASTEST)  # fmt: skip
    for when, words in (("idle", "after the first answer"), ("loaded", "with a full journal")):
        held_mb = figure(servers[OURS], when, "pss_mb")
        if held_mb is not None:
            promise = f"process tree under {_MEMORY_MB} MB {words} (PSS)"
            yield Target(promise, f"{held_mb:.0f} MB", held_mb < _MEMORY_MB)


def _growth(growth: dict[str, Any]) -> Iterator[Target]:
    for kind, by_amount in growth.items():
        amounts = sorted(by_amount, key=int)
        if len(amounts) > 1:
            ratio = cost_us(by_amount[amounts[-1]]) / cost_us(by_amount[amounts[0]])
            promise = f"{int(amounts[-1]):,} {kind}: a call costs at most {_GROWTH} times as much as with {amounts[0]}"
            yield Target(promise, f"{ratio:.2f} times", ratio <= _GROWTH)


def _connections(servers: dict[str, Any]) -> list[str]:
    found = {name for server in servers.values() for one in server["rounds"] for name in one["load"]}
    return sorted(found, key=int)
