"""Measures two servers beside each other, window by window in turns, so that noise of the machine meets both."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.contestants.contestant import Contestant
from bench.measuring.asking import traits
from bench.measuring.load import Load, Posts, put_load, warmed
from bench.measuring.rounds import Plan, Up, serving
from bench.work import PATH, Work

#: Two servers of one kind are warm after seconds, and a busy machine would have a longer wait for nothing.
_LONGEST_WARM_UP_S = 16


@dataclass(frozen=True)
class Pair:
    """Two servers that are started by the same command, or differ in one thing."""

    name: str
    before: Contestant
    now: Contestant


@dataclass(frozen=True)
class Row:
    """What was seen of a pair at one number of connections; the figures of one round stand at the same index."""

    name: str
    connections: int
    before: list[Load] = field(default_factory=list)
    now: list[Load] = field(default_factory=list)


@dataclass(frozen=True)
class Starts:
    """Seconds from the command to the first answer of fresh processes, by round."""

    name: str
    before: list[float] = field(default_factory=list)
    now: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)


def compare_load(pairs: Sequence[Pair], work: Work, plan: Plan, say: Callable[[str], None]) -> list[Row]:
    """Put the same load on both of each pair. Raises `Failed` where one of them does not do the work."""
    rows = []
    for pair in pairs:
        say(f"{pair.name}: warming up")
        with ExitStack() as stack:
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
            posts = Posts.write(Path(name, "posts"), [(PATH, work.body)])
            ups = [_warm(stack, contestant, posts, work, plan) for contestant in (pair.before, pair.now)]
            for connections in plan.connections:
                row = Row(pair.name, connections)
                say(f"{pair.name}: {connections} connections, {plan.rounds} rounds")
                for number in range(plan.rounds):
                    sides = [(row.before, ups[0]), (row.now, ups[1])]
                    for found, up in sides if number % 2 == 0 else reversed(sides):
                        found.append(
                            put_load(up.tree, up.ports.mock, posts, connections=connections, seconds=plan.seconds)
                        )
                rows.append(row)
    return rows


def compare_starts(
    pairs: Sequence[Pair], peer: Contestant | None, work: Work, rounds: int, say: Callable[[str], None]
) -> list[Starts]:
    """Start fresh processes in turns: both of each pair, and *peer*, once a round."""
    starts = []
    for pair in pairs:
        say(f"{pair.name}: {rounds} starts of each")
        seen = Starts(pair.name)
        for contestant in (pair.before, pair.now, *([peer] if peer else [])):
            start_s(contestant, work)  # the first start of all reads from the disk what the others find in memory
        for _ in range(rounds):
            seen.before.append(start_s(pair.before, work))
            seen.now.append(start_s(pair.now, work))
            if peer:
                seen.peer.append(start_s(peer, work))
        starts.append(seen)
    return starts


def _warm(stack: ExitStack, contestant: Contestant, posts: Posts, work: Work, plan: Plan) -> Up:
    up = stack.enter_context(serving(contestant, work))
    traits(contestant, up.ports, work)
    longest_s = min(plan.warm_up_s, _LONGEST_WARM_UP_S)
    warmed(up.tree, up.ports.mock, posts, connections=plan.connections[-1], longest_s=longest_s)
    return up


def start_s(contestant: Contestant, work: Work) -> float:
    """Return the seconds from the command of *contestant* to the first answer."""
    with serving(contestant, work) as up:
        return up.start_s
