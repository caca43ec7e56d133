"""Makes the rows of the page's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.contestants.ours import OURS
from bench.reporting.results import cost_us, figure, journal_of, lacks, peers_of, trait

_NOTHING = "-"


def deed_rows(servers: Mapping[str, Any]) -> Iterable[list[str]]:
    """Return what each server was seen to do."""
    for name, server in servers.items():
        yes = ["yes" if trait(server, what) else "no" for what in ("validates", "fresh_ids")]
        yield [_named(name, server), *yes, journal_of(server, servers), server["note"]]


def load_rows(servers: Mapping[str, Any], connections: Sequence[str]) -> Iterable[list[str]]:
    """Return the rates, with the times of a call in brackets."""
    for name, server in servers.items():
        cells = [_named(name, server)]
        for number in connections:
            rps = _cell(figure(server, "load", number, "rps"), "{:,.0f}")
            p50, p99 = (_cell(figure(server, "load", number, what), "{:.1f}") for what in ("p50_ms", "p99_ms"))
            cost = _cell(figure(server, "load", number, "cpu_us"), "{:,.0f} µs")
            cells.append(f"{rps} ({p50}, {p99}; {cost})")
        yield cells


def faster_rows(servers: Mapping[str, Any], connections: Sequence[str]) -> Iterable[list[str]]:
    """Return the peers that answer more than our default command at any number of connections."""
    if OURS not in servers:
        return
    ours = [figure(servers[OURS], "load", number, "rps") for number in connections]
    for name, server in peers_of(servers).items():
        rates = [figure(server, "load", number, "rps") for number in connections]
        times = [rate / own if rate and own else 0.0 for rate, own in zip(rates, ours, strict=True)]
        if max(times) > 1:
            without = ", ".join(lacks(server, servers)) or "nothing"
            yield [_named(name, server), without, *(f"{each:.1f} times the rate" for each in times)]


def warm_up_rows(servers: Mapping[str, Any]) -> Iterable[list[str]]:
    """Return how long each server took in each round."""
    for name, server in servers.items():
        warm = [one["warm_up"] for one in server["rounds"]]
        longest = max(warm, key=lambda each: each["took_s"])
        took = ", ".join(f"{each['took_s']:.0f}" if each["stable"] else f"not in {each['took_s']:.0f}" for each in warm)
        yield [_named(name, server), took, f"{longest['rates'][0]:,.0f}, {longest['rates'][-1]:,.0f}"]


def weight_rows(servers: Mapping[str, Any]) -> Iterable[list[str]]:
    """Return starts and memory."""
    for name, server in servers.items():
        cells = [_named(name, server), _cell(figure(server, "start_s"), "{:.2f} s")]
        for when in ("idle", "full", "loaded"):
            pss, rss = (_cell(figure(server, when, what), "{:,.0f}") for what in ("pss_mb", "rss_mb"))
            cells.append(_NOTHING if pss == _NOTHING else f"{pss} MB ({rss})")
        yield [*cells, _cell(figure(server, "calls"), "{:,.0f}")]


def journal_rows(servers: Mapping[str, Any]) -> Iterable[list[str]]:
    """Return what the questions to a full journal took."""
    for name, server in servers.items():
        entries = figure(server, "journal", "entries")
        if entries is not None:
            times = (figure(server, "journal", what) for what in ("count_ms", "read_ms", "reset_ms"))
            yield [_named(name, server), f"{entries:,.0f}", *(_cell(each, "{:,.1f} ms") for each in times)]


def cost_rows(growth: Mapping[str, Any]) -> Iterable[list[str]]:
    """Return what a call costs by what the server holds."""
    for kind, by_amount in growth.items():
        amounts = sorted(by_amount, key=int)
        least = cost_us(by_amount[amounts[0]])
        for amount in amounts:
            loads = by_amount[amount]
            cost = cost_us(loads)
            rps = sorted(load["rps"] for load in loads)[len(loads) // 2]
            yield [f"{int(amount):,} {kind}", f"{cost:,.0f} µs", f"{cost / least:.2f}", f"{rps:,.0f}"]


def profile_rows(profile: Mapping[str, Any]) -> Iterable[list[str]]:
    """Return where the time of a call goes."""
    for step, share in profile.get("shares", {}).items():
        yield [step, f"{share:.0%}", f"{share * profile['cpu_us']:,.0f}"]


def _named(name: str, server: Mapping[str, Any]) -> str:
    return f"**`{name}`**" if server["ours"] else f"{name} {server['version']}"


def plural(connections: str) -> str:
    """Return a number of connections in words."""
    return f"{connections} connection" + "s" * (connections != "1")


def _cell(value: float | None, form: str) -> str:
    return _NOTHING if value is None else form.format(value)
