"""Makes the page and the plot of the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.contestants.ours import OURS
from bench.measuring.processes import Failed
from bench.reporting.noise import noise
from bench.reporting.plot import plot
from bench.reporting.results import Results
from bench.reporting.rows import (
    cost_rows,
    deed_rows,
    faster_rows,
    journal_rows,
    load_rows,
    plural,
    profile_rows,
    warm_up_rows,
    weight_rows,
)
from bench.reporting.tables import table
from bench.reporting.targets import targets

BEGIN = "<!-- made by `make bench`: from here -->"
END = "<!-- made by `make bench`: to here -->"
#: What stands there until somebody has measured.
NO_FIGURES = "No figures yet: `make bench` writes them here.\n"
_PLOT = "![Bars: requests per second, start and growth](performance.svg)\n"


def write(results: Results, docs: Path) -> tuple[str, Path]:
    """Write the plot, and the tables into the page; return the tables and where the plot is. Raises `Failed`."""
    page = docs / "performance.md"
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Failed(f"{page} must have the lines {BEGIN!r} and {END!r}; the tables go between them")
    made = tables(results)
    page.write_text(f"{before}{BEGIN}\n\n{made}\n{END}{after}", encoding="utf-8")
    drawn = docs / "performance.svg"
    drawn.write_text(plot(results), encoding="utf-8")
    return made, drawn


def tables(results: Results) -> str:
    """Return all tables as Markdown."""
    servers = {name: server for name, server in results["servers"].items() if server["rounds"]}
    connections = [str(number) for number in results["plan"]["connections"]]
    at = [plural(number) for number in connections]
    judged = [[target.promise, target.found, "yes" if target.reached else "**no**"] for target in targets(results)]
    sections: list[tuple[str, Sequence[str], Iterable[Sequence[str]]]] = [
        ("What is promised", ["promise", "found", "kept"], judged),
        ("What each does", ["server", "validates", "new ids", "journal", "remark"], deed_rows(servers)),
        ("Requests per second (p50 and p99 in ms; processor time of a call)", ["server", *at],
         load_rows(servers, connections)),
        (f"Who answers more than `{OURS}`, and does without what", ["server", "does without", *at],
         faster_rows(servers, connections)),
        ("Until the rate is stable", ["server", "seconds", "first and last rate"], warm_up_rows(servers)),
        ("Start and memory (PSS of the process tree; RSS in brackets)",
         ["server", "first answer", "memory after it", f"after {results['plan']['journal_entries']:,} calls",
          "after the load", "calls by then"], weight_rows(servers)),
        ("A full journal", ["server", "entries", "count one kind", "read all", "reset"], journal_rows(servers)),
        ("How the cost of a call grows",
         ["what the server holds", "CPU per call", "times the least", "requests per second"],
         cost_rows(results["growth"])),
        (f"Where the time of a call goes: {results['profile'].get('cpu_us', 0):,.0f} µs that comes alone",
         ["what", "share", "µs"], profile_rows(results["profile"])),
    ]  # fmt: skip
    filled = [(title, header, list(rows)) for title, header, rows in sections]
    pieces = [_heading(results), *(f"## {title}\n\n{table(header, rows)}" for title, header, rows in filled if rows)]
    return "\n".join([_PLOT, *pieces, *_without_result(results["servers"])])


def _heading(results: Results) -> str:
    machine, plan = results["machine"], results["plan"]
    programs = [f"Python {machine['python']}"]
    programs += [f"Node {machine['node']}"] if machine["node"] else []
    programs += [machine["java"]] if machine["java"] else []
    loads = [
        load["others"]
        for server in results["servers"].values()
        for one in server["rounds"]
        for load in one["load"].values()
    ]
    return (
        f"Measured on {machine['measured']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gb']} GB, Linux {machine['kernel']}, {', '.join(programs)}.\n"
        f"Medians of {plan['rounds']} interleaved rounds, {plan['seconds']} s of load each, after a warm-up.\n"
        f"{noise(loads, machine['load_before'])}"
    )


def _without_result(servers: Mapping[str, Any]) -> Iterable[str]:
    for name, server in servers.items():
        if server["failed"]:
            yield f"{name} {server['version']} has no result: {server['failed']}\n"
