"""What this server promises to reach, and whether a run shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.contestants.ours import OURS, OURS_WITH_WORKERS
from bench.reporting.results import Results, best_peer, connections_of, cost_us, figure, lacks

_START_S = 0.35
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
    found = list(_rates(servers))
    if OURS in servers:
        found += _alone(servers)
    return found + list(_growth(results["growth"]))


def _rates(servers: dict[str, Any]) -> Iterator[Target]:
    for connections in connections_of(servers):
        where = ("load", connections, "rps")
        best = best_peer(servers, where, max, among=lambda server: not lacks(server, servers))
        at = f"{connections} connection" + "s" * (connections != "1")
        for name in (OURS, OURS_WITH_WORKERS):
            ours = figure(servers[name], *where) if name in servers else None
            if best is None or ours is None:
                continue
            promise = f"`{name}`: ahead of every peer that does the same work, {at}"
            yield Target(promise, f"{ours / best[1]:.1f} times {best[0]}", ours > best[1])


def _alone(servers: dict[str, Any]) -> Iterator[Target]:
    start_s = figure(servers[OURS], "start_s")
    if start_s is not None:
        yield Target(f"first answer within {_START_S:.2f} s", f"{start_s:.2f} s", start_s <= _START_S)
        best = best_peer(servers, ["start_s"], min, among=lambda server: not server["native"])
        if best:
            promise = "first answer before that of every peer but the native ones"
            yield Target(promise, f"{best[0]} takes {best[1]:.2f} s", start_s < best[1])
    for when, words in (("idle", "after the first answer"), ("full", "with a full journal")):
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
