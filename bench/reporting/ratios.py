"""Shows two servers beside each other: medians, and the ratio of the medians with that of the single rounds."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from statistics import median

from bench.measuring.comparison import Row, Starts
from bench.measuring.load import Load
from bench.reporting.tables import table

#: Figures of a machine that does more than this beside them are to be taken again, or read by processor time.
BUSY_SHARE, BUSY_LOAD = 0.1, 0.5


def comparison_tables(rows: Sequence[Row], starts: Sequence[Starts], names: tuple[str, str], load_before: float) -> str:
    """Return all that was seen as Markdown."""
    header = ["command", "connections"]
    for what in ("requests per second", "CPU per call"):
        header += [f"{what}: {names[0]}", names[1], "ratio (single rounds)"]
    parts = [_noise(rows, load_before), table(header, [_loads(row) for row in rows])]
    if starts:
        header = ["first answer", names[0], names[1], "ratio (single rounds)", "quickest peer"]
        parts.append(table(header, [_starts(seen) for seen in starts]))
    return "\n".join(parts)


def ratio(before: Sequence[float], now: Sequence[float]) -> str:
    """Return the ratio of the medians, and in brackets the least and the greatest of a round."""
    rounds = [one / other for one, other in zip(now, before, strict=True)]
    return f"{median(now) / median(before):.2f} ({min(rounds):.2f} to {max(rounds):.2f})"


def noise(others: Sequence[float], load_before: float) -> str:
    """Say how busy the machine was with other things, and what that means where it was too busy."""
    seen = f"The load average was {load_before:.2f} before"
    if others:
        seen += f"; meanwhile other programs took {median(others):.0%} of the processors, {max(others):.0%} at most"
    if load_before <= BUSY_LOAD * (os.cpu_count() or 1) and (not others or max(others) <= BUSY_SHARE):
        return f"{seen}.\n"
    return f"{seen}.\n**The machine was busy: rates are lower than they could be; read the CPU per call.**\n"


def _noise(rows: Sequence[Row], load_before: float) -> str:
    return noise([load.others for row in rows for load in (*row.before, *row.now)], load_before)


def _loads(row: Row) -> list[str]:
    cells = [f"`{row.name}`", str(row.connections)]
    figures: list[tuple[Callable[[Load], float], str]] = [
        (lambda load: load.rps, "{:,.0f}"),
        (lambda load: load.cpu_us, "{:,.0f} µs"),
    ]
    for pick, form in figures:
        before, now = [pick(load) for load in row.before], [pick(load) for load in row.now]
        cells += [form.format(median(before)), form.format(median(now)), ratio(before, now)]
    return cells


def _starts(seen: Starts) -> list[str]:
    cells = [f"{median(times):.3f} s" for times in (seen.before, seen.now)]
    peer = f"{median(seen.peer):.3f} s" if seen.peer else "-"
    return [f"`{seen.name}`", *cells, ratio(seen.before, seen.now), peer]
