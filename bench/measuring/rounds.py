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
from bench.measuring.asking import ask, count, traits, wait_for_answer
from bench.measuring.load import Posts, put_load, send, warmed
from bench.measuring.processes import Tree, free_port, started
from bench.measuring.warm_up import LONGEST_S
from bench.work import PATH, Work

#: How often the journal is asked in one round.
_QUERIES = 3
_WARM_UP_CONNECTIONS = 16


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
#: Enough to see that every part works; its figures mean nothing.
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
    """Return the figures of all rounds, by contestant."""
    results = {contestant.name: _described(contestant) for contestant in contestants}
    for number in range(1, plan.rounds + 1):
        for contestant in contestants:
            say(f"round {number} of {plan.rounds}: {contestant.name}")
            results[contestant.name]["rounds"].append(_round(contestant, work, plan))
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
    return {"version": contestant.version(), "ours": contestant.ours, "note": contestant.note, "rounds": []}


def _round(contestant: Contestant, work: Work, plan: Plan) -> dict[str, Any]:
    with serving(contestant, work) as up:
        first_start_s = up.start_s
    with serving(contestant, work) as up, tempfile.TemporaryDirectory(prefix="bench-") as name:
        found: dict[str, Any] = {"start_s": [first_start_s, up.start_s], "idle": asdict(up.tree.memory())}
        found["traits"] = asdict(traits(contestant, up.ports, work))
        posts = Posts.write(Path(name, "posts"), [(PATH, work.body)])
        found["warm_up"] = asdict(
            warmed(up.tree, up.ports.mock, posts, connections=_WARM_UP_CONNECTIONS, longest_s=plan.warm_up_s)
        )
        found["load"] = {
            str(connections): asdict(
                put_load(up.tree, up.ports.mock, posts, connections=connections, seconds=plan.seconds)
            )
            for connections in plan.connections
        }
        journal = contestant.journal if contestant.journal_timed else None
        if journal:
            ask(journal.reset(up.ports), up.ports)
            send(up.ports.mock, posts, plan.journal_entries)
        found["loaded"] = asdict(up.tree.memory())
        if journal:
            found["journal"] = _asked(contestant, journal, up)
        return found


def _asked(contestant: Contestant, journal: Journal, up: Up) -> dict[str, Any]:
    """Time the questions to a full journal, and the reset that empties it."""
    counts = [count(contestant, up.ports) for _ in range(_QUERIES)]
    read = ask(journal.everything(up.ports), up.ports)  # once: one peer takes many seconds
    reset = ask(journal.reset(up.ports), up.ports)
    return {
        "entries": counts[-1].value,
        "count_ms": [timed.took_ms for timed in counts],
        "read_ms": [read.took_ms],
        "reset_ms": [reset.took_ms],
        "left": count(contestant, up.ports).value,
    }
