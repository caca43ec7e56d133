"""The figures of every round, in bench/results.json, and medians of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench.measuring.processes import Failed

Results = dict[str, Any]


def read(file: Path) -> Results:
    """Read the figures of the last run. Raises `Failed` when there are none."""
    try:
        results: Results = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Failed(f"{file} does not exist yet; `make bench` measures and writes it") from error
    return results


def write(file: Path, results: Results) -> None:
    """Keep the figures, in a form whose changes can be read."""
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def figure(server: Mapping[str, Any], *path: str) -> float | None:
    """Return the median over all rounds of what stands at *path* in each; None where nothing was measured."""
    found: list[float] = []
    for one in server["rounds"]:
        value: Any = one
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        found.extend(value if isinstance(value, list) else [] if value is None else [value])
    return median(found) if found else None


def trait(server: Mapping[str, Any], name: str) -> bool:
    """Say whether the server showed the trait in every round."""
    return all(one["traits"][name] for one in server["rounds"])


def journal_of(server: Mapping[str, Any], servers: Mapping[str, Any]) -> str:
    """Return what was seen of a server's journal: none, bounded, unbounded, or not filled by so quick a run."""
    if not trait(server, "journal"):
        return "none"
    seen = [one.get("journal", {}).get("bounded") for one in servers.get(server["journal_as"], server)["rounds"]]
    return "not filled" if None in seen else "bounded" if all(seen) else "unbounded"


def lacks(server: Mapping[str, Any], servers: Mapping[str, Any]) -> list[str]:
    """Return what of the work the server was not seen to do."""
    words = {"validates": "validation", "fresh_ids": "new ids"}
    journal = {"none": ["a journal"], "bounded": []}.get(journal_of(server, servers), ["a bound of the journal"])
    return [*(what for name, what in words.items() if not trait(server, name)), *journal]


def peers_of(servers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the peers that have figures."""
    return {name: server for name, server in servers.items() if not server["ours"] and server["rounds"]}


def best_peer(
    servers: Mapping[str, Any], path: Iterable[str], pick: Callable[..., Any], *, among: Callable[[Any], bool]
) -> tuple[str, float] | None:
    """Return the peer that is best by *pick* (min or max) in one figure, with the figure."""
    steps = tuple(path)
    found = {
        name: value
        for name, server in peers_of(servers).items()
        if among(server) and (value := figure(server, *steps)) is not None
    }
    if not found:
        return None
    name = pick(found, key=found.__getitem__)
    return name, found[name]


def connections_of(servers: Mapping[str, Any]) -> list[str]:
    """Return the numbers of connections at which any server was measured."""
    found = {number for server in servers.values() for one in server["rounds"] for number in one["load"]}
    return sorted(found, key=int)


def cost_us(loads: list[Mapping[str, float]]) -> float:
    """Return the median processor time of a call."""
    return median(load["cpu_us"] for load in loads)
