"""Shows two servers beside each other: medians, and the ratio of the medians with that of the single rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from bench.measuring.comparison import Row, Starts
from bench.measuring.load import Load
from bench.reporting.noise import noise
from bench.reporting.tables import table


def comparison_tables(rows: Sequence[Row], starts: Sequence[Starts], names: tuple[str, str], load_before: float) -> str:
    """Return all that was seen as Markdown."""
    header = ["command", "connections"]
    for what in ("requests per second", "CPU per call"):
        header += [f"{what}: {names[0]}", names[1], "ratio (single rounds)"]
    pieces = [_noise(rows, load_before), table(header, [_loads(row) for row in rows])]
    if starts:
        header = ["first answer", names[0], names[1], "ratio (single rounds)", "quickest peer"]
        pieces.append(table(header, [_starts(seen) for seen in starts]))
    return "\n".join(pieces)


def ratio(before: Sequence[float], now: Sequence[float]) -> str:
    """Return the ratio of the medians, and in brackets the least and the greatest of a round."""
    rounds = [one / other for one, other in zip(now, before, strict=True)]
    return f"{median(now) / median(before):.2f} ({min(rounds):.2f} to {max(rounds):.2f})"


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
