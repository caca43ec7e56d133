"""Makes the page and the plot of the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.measuring.processes import Failed
from bench.reporting.plot import plot
from bench.reporting.results import Results, cost_us, figure, trait
from bench.reporting.tables import table
from bench.reporting.targets import targets

BEGIN = "<!-- made by `make bench`: from here -->"
END = "<!-- made by `make bench`: to here -->"
_NOTHING = "-"


def write(results: Results, docs: Path) -> tuple[str, Path]:
    """Write the plot, and the tables into the page; return the tables and the place of the plot. Raises `Failed`."""
    page = docs / "performance.md"
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Failed(f"{page} must have the lines {BEGIN!r} and {END!r}; the tables go between them")
    told = tables(results)
    page.write_text(f"{before}{BEGIN}\n\n{told}\n{END}{after}", encoding="utf-8")
    drawn = docs / "performance.svg"
    drawn.write_text(plot(results), encoding="utf-8")
    return told, drawn


def tables(results: Results) -> str:
    """Return all tables as Markdown."""
    servers = results["servers"]
    parts = [_heading(results)]
    judged = [[target.promise, target.found, "yes" if target.reached else "**no**"] for target in targets(results)]
    if judged:
        parts += ["## What was promised\n", table(["promise", "found", "reached"], judged)]
    parts += ["## What each does\n", table(["server", "validates", "new ids", "journal", "remark"], _deeds(servers))]
    connections = [str(number) for number in results["plan"]["connections"]]
    header = ["server", *(_plural(number) for number in connections), "CPU per call"]
    parts += ["## Requests per second (p50 / p99 in ms)\n", table(header, _loads(servers, connections))]
    header = ["server", "first answer", "memory after it", "memory after load"]
    parts += ["## Start and memory (PSS of the process tree; RSS in brackets)\n", table(header, _weights(servers))]
    asked = _journals(servers)
    if asked:
        parts += ["## A full journal\n", table(["server", "entries", "count one kind", "read all", "reset"], asked)]
    if results["growth"]:
        header = ["what the server holds", "CPU per call", "times the least", "requests per second"]
        parts += ["## How the cost of a call grows\n", table(header, _growth(results["growth"]))]
    return "\n".join(parts)


def _heading(results: Results) -> str:
    machine, plan = results["machine"], results["plan"]
    programs = [f"Python {machine['python']}"]
    programs += [f"Node {machine['node']}"] if machine["node"] else []
    programs += [machine["java"]] if machine["java"] else []
    return (
        f"Measured on {machine['measured']}: {machine['processor']}, {machine['cores']} cores, "
        f"Linux {machine['kernel']}, {', '.join(programs)}.\n"
        f"Medians of {plan['rounds']} interleaved rounds, {plan['seconds']} s of load each; "
        f"the machine's load before was {machine['load_before']}.\n"
    )


def _deeds(servers: Mapping[str, Any]) -> Iterable[list[str]]:
    for name, server in servers.items():
        yes = ["yes" if trait(server, what) else "no" for what in ("validates", "fresh_ids", "journal")]
        yield [_named(name, server), *yes, server["note"]]


def _loads(servers: Mapping[str, Any], connections: Sequence[str]) -> Iterable[list[str]]:
    for name, server in servers.items():
        cells = [_named(name, server)]
        for number in connections:
            rps = _told(figure(server, "load", number, "rps"), "{:,.0f}")
            p50, p99 = (_told(figure(server, "load", number, what), "{:.1f}") for what in ("p50_ms", "p99_ms"))
            cells.append(f"{rps} ({p50} / {p99})")
        middle = connections[len(connections) // 2]
        yield [*cells, _told(figure(server, "load", middle, "cpu_us"), "{:,.0f} µs")]


def _weights(servers: Mapping[str, Any]) -> Iterable[list[str]]:
    for name, server in servers.items():
        cells = [_named(name, server), _told(figure(server, "start_s"), "{:.2f} s")]
        for when in ("idle", "loaded"):
            pss, rss = (_told(figure(server, when, what), "{:,.0f}") for what in ("pss_mb", "rss_mb"))
            cells.append(f"{pss} MB ({rss})")
        yield cells


def _journals(servers: Mapping[str, Any]) -> list[list[str]]:
    return [
        [
            _named(name, server),
            _told(figure(server, "journal", "entries"), "{:,.0f}"),
            *(_told(figure(server, "journal", what), "{:,.1f} ms") for what in ("count_ms", "read_ms", "reset_ms")),
        ]
        for name, server in servers.items()
        if figure(server, "journal", "entries") is not None
    ]


def _growth(growth: Mapping[str, Any]) -> Iterable[list[str]]:
    for kind, by_amount in growth.items():
        amounts = sorted(by_amount, key=int)
        least = cost_us(by_amount[amounts[0]])
        for amount in amounts:
            loads = by_amount[amount]
            cost = cost_us(loads)
            rps = sorted(load["rps"] for load in loads)[len(loads) // 2]
            yield [f"{int(amount):,} {kind}", f"{cost:,.0f} µs", f"{cost / least:.2f}", f"{rps:,.0f}"]


def _named(name: str, server: Mapping[str, Any]) -> str:
    return f"**`{name}`**" if server["ours"] else f"{name} {server['version']}"


def _plural(connections: str) -> str:
    return f"{connections} connection" + "s" * (connections != "1")


def _told(value: float | None, form: str) -> str:
    return _NOTHING if value is None else form.format(value)
