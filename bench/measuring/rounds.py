"""Measures the contestants in turns (A B C, A B C), so that a slow minute of the machine meets all of them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.contestants.contestant import JOURNAL_ENTRIES, Contestant, Journal, Ports
from bench.measuring.asking import ask, count, read_all, traits, wait_for_answer
from bench.measuring.load import Posts, put_load, send, warmed
from bench.measuring.processes import Failed, Tree, free_port, started
from bench.measuring.warm_up import LONGEST_S
from bench.work import PATH, Work

#: How often the journal is asked in one round.
_QUERIES = 3
_WARM_UP_CONNECTIONS = 16
#: Calls that a full journal has no room for.
_BEYOND = 500


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    rounds: int
    #: Of load, for each number of connections.
    seconds: float
    #: The longest warm-up; it ends sooner when the rate is stable.
    warm_up_s: float
    connections: Sequence[int]
    journal_entries: int = JOURNAL_ENTRIES


FULL = Plan(rounds=3, seconds=3, warm_up_s=LONGEST_S, connections=(1, 16, 64))
#: Enough to see that everything works; its figures mean nothing.
QUICK = Plan(rounds=1, seconds=1, warm_up_s=1, connections=(1,), journal_entries=50)


@dataclass(frozen=True)
class Up:
    """A contestant that answers."""

    tree: Tree
    ports: Ports
    start_s: float


def measure(
    contestants: Sequence[Contestant], work: Work, plan: Plan, say: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Return the figures of all rounds, by contestant. Raises `Failed` when one of ours does not do its work.

    A peer that fails is left out of the rounds that follow, and has the reason instead of its figures.
    """
    results = {contestant.name: _described(contestant) for contestant in contestants}
    for number in range(1, plan.rounds + 1):
        for contestant in contestants:
            result = results[contestant.name]
            if result["failed"]:
                continue
            say(f"round {number} of {plan.rounds}: {contestant.name}")
            try:
                result["rounds"].append(_round(contestant, work, plan))
            except Failed as error:
                if contestant.ours:
                    raise
                say(f"{contestant.name} has no result: {error}")
                result.update(failed=str(error), rounds=[])
    return results


@contextmanager
def serving(contestant: Contestant, work: Work) -> Iterator[Up]:
    """Start *contestant* on ports of its own, and stop it when the block ends."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        ports = Ports(free_port(), free_port())
        command = contestant.prepare(folder, ports, work)
        since = time.monotonic()
        with started(command, folder, env={"HOME": name, "NO_COLOR": "1", **contestant.env}) as tree:
            yield Up(tree, ports, round(wait_for_answer(tree, ports.mock, work, since), 3))


def _described(contestant: Contestant) -> dict[str, Any]:
    return {
        "version": contestant.version(),
        "ours": contestant.ours,
        "native": contestant.native,
        "note": contestant.note,
        "journal_as": contestant.journal_as,
        "failed": "",
        "rounds": [],
    }


def _round(contestant: Contestant, work: Work, plan: Plan) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        posts = Posts.write(Path(name, "posts"), [(PATH, work.body)])
        fresh = _fresh(contestant, work, plan, posts)
        with serving(contestant, work) as up:
            found = {**fresh, "start_s": [*fresh["start_s"], up.start_s], "idle": asdict(up.tree.memory())}
            found["traits"] = asdict(traits(contestant, up.ports, work))
            found |= _loaded(up, plan, posts)
            if contestant.journal and not contestant.journal_as:
                found["journal"] = _journal(contestant, contestant.journal, up, plan, posts)
            return found


def _fresh(contestant: Contestant, work: Work, plan: Plan, posts: Posts) -> dict[str, Any]:
    """Start a process for its first answer, and weigh it with a full journal."""
    with serving(contestant, work) as up:
        if contestant.journal_as:  # the slow one of two that hold the same
            return {"start_s": [up.start_s]}
        send(up.ports.mock, posts, plan.journal_entries)
        return {"start_s": [up.start_s], "full": asdict(up.tree.memory())}


def _loaded(up: Up, plan: Plan, posts: Posts) -> dict[str, Any]:
    """Warm a server up, put load on it, and weigh it with all that the calls left behind."""
    tree, port = up.tree, up.ports.mock
    warm = warmed(tree, port, posts, connections=_WARM_UP_CONNECTIONS, longest_s=plan.warm_up_s)
    loads = {
        connections: put_load(tree, port, posts, connections=connections, seconds=plan.seconds)
        for connections in plan.connections
    }
    return {
        "warm_up": asdict(warm),
        "load": {str(connections): asdict(load) for connections, load in loads.items()},
        "loaded": asdict(tree.memory()),
        "calls": warm.calls + sum(load.requests for load in loads.values()),
    }


def _journal(contestant: Contestant, journal: Journal, up: Up, plan: Plan, posts: Posts) -> dict[str, Any]:
    """Fill the journal beyond its bound, time the questions to it, and the reset that empties it."""
    if journal.reset:
        ask(journal.reset(up.ports), up.ports)
    send(up.ports.mock, posts, plan.journal_entries + _BEYOND)
    counts = [count(contestant, up.ports) for _ in range(_QUERIES)]
    read = read_all(journal, up.ports)  # once: one peer takes many seconds
    if read.value < plan.journal_entries:
        raise Failed(f"only {read.value} of {plan.journal_entries} entries of the journal of {contestant.name} came")
    found = {
        "entries": read.value,
        "bounded": read.value <= JOURNAL_ENTRIES if plan.journal_entries >= JOURNAL_ENTRIES else None,
        "count_ms": [timed.took_ms for timed in counts],
        "read_ms": [read.took_ms],
    }
    if journal.reset:
        reset = ask(journal.reset(up.ports), up.ports)
        found |= {"reset_ms": [reset.took_ms], "left": count(contestant, up.ports).value}
    return found
