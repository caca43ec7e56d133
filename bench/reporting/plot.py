"""Draws the figures as SVG, without a library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bench.reporting.results import Results, cost_us, figure, lacks

_WIDTH, _NAMES, _BAR, _GAP, _TITLE = 800, 240, 16, 7, 34
_LONGEST = _WIDTH - _NAMES - 90
_OURS, _SAME_WORK, _LESS_WORK, _INK, _PAPER = "#1f6feb", "#6e7781", "#c9d1d9", "#1f2328", "#ffffff"


@dataclass(frozen=True)
class Bar:
    """One bar with its label; `words` stand at its end."""

    name: str
    value: float
    words: str
    colour: str


def plot(results: Results) -> str:
    """Return three panels of bars: requests per second, start, growth."""
    servers = {name: server for name, server in results["servers"].items() if server["rounds"]}
    connections = [str(number) for number in results["plan"]["connections"]]
    middle = connections[len(connections) // 2]
    at = f"{middle} connection" + "s" * (middle != "1")
    panels = [
        (f"Requests per second, {at} (longer is better; pale: does less of the work)",
         _bars(servers, ("load", middle, "rps"), "{:,.0f}")),
        ("Seconds from the command to the first answer (shorter is better; pale: does less of the work)",
         _bars(servers, ("start_s",), "{:.2f} s")),
        ("Cost of a call, with the most that was tried against the least (1 is flat)", _growth(results["growth"])),
    ]  # fmt: skip
    drawn: list[str] = []
    y = 0
    for title, bars in panels:
        if bars:
            drawn += _panel(title, bars, y)
            y += _TITLE + len(bars) * (_BAR + _GAP) + 12
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}" '
        f'font-family="sans-serif" font-size="12" fill="{_INK}" role="img">'
    )
    paper = f'<rect width="100%" height="100%" fill="{_PAPER}"/>'
    return "\n".join([head, "<title>Performance beside other mock servers</title>", paper, *drawn, "</svg>", ""])


def _bars(servers: Mapping[str, Any], path: Sequence[str], form: str) -> list[Bar]:
    found = [(name, figure(server, *path)) for name, server in servers.items()]
    return [Bar(name, value, form.format(value), _colour(servers, name)) for name, value in found if value is not None]


def _colour(servers: Mapping[str, Any], name: str) -> str:
    if servers[name]["ours"]:
        return _OURS
    return _LESS_WORK if lacks(servers[name], servers) else _SAME_WORK


def _growth(growth: Mapping[str, Any]) -> list[Bar]:
    bars = []
    for kind, by_amount in growth.items():
        amounts = sorted(by_amount, key=int)
        ratio = cost_us(by_amount[amounts[-1]]) / cost_us(by_amount[amounts[0]])
        bars.append(Bar(f"{int(amounts[-1]):,} {kind}", ratio, f"{ratio:.2f}", _OURS))
    return bars


def _panel(title: str, bars: Sequence[Bar], top: int) -> list[str]:
    longest = max(bar.value for bar in bars) or 1
    drawn = [f'<text x="10" y="{top + 22}" font-weight="bold">{escape(title)}</text>']
    for number, bar in enumerate(bars):
        y = top + _TITLE + number * (_BAR + _GAP)
        width = max(1, round(bar.value / longest * _LONGEST))
        middle = y + _BAR - 4
        drawn += [
            f'<text x="{_NAMES - 8}" y="{middle}" text-anchor="end">{escape(bar.name)}</text>',
            f'<rect x="{_NAMES}" y="{y}" width="{width}" height="{_BAR}" fill="{bar.colour}"/>',
            f'<text x="{_NAMES + width + 6}" y="{middle}">{escape(bar.words)}</text>',
        ]
    return drawn
