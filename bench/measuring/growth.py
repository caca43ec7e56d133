"""Measures how the cost of a call grows with what the server holds: sessions, stubs, spaces."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from bench.contestants.contestant import Contestant, Ports
from bench.contestants.ours import our_contestants
from bench.measuring.asking import post
from bench.measuring.load import Posts, put_load, send
from bench.measuring.processes import Failed
from bench.measuring.rounds import Plan, Up, serving
from bench.work import CHECKOUT, FILL, PATH, Work

#: What grows, and to what; the smallest amount of each is what the others are compared with.
AMOUNTS: dict[str, tuple[int, ...]] = {
    "sessions": (10, 10_000, 1_000_000),
    "stubs": (1, 100, 10_000),
    "stubs by attribute": (1, 100, 10_000),
    "spaces": (1, 10_000),
}
QUICK_AMOUNTS: dict[str, tuple[int, ...]] = {kind: (amounts[0],) for kind, amounts in AMOUNTS.items()}
#: One, so that a call waits for nothing but its own work.
_CONNECTIONS = 1
#: A request that opened all at once could take longer than anybody waits for an answer.
_OPENED_AT_ONCE = 50_000


@dataclass(frozen=True)
class Point:
    """A server that holds so much of one kind, and the calls that are put to it."""

    kind: str
    amount: int
    up: Up
    posts: Posts


def measure_growth(
    amounts: dict[str, tuple[int, ...]], work: Work, plan: Plan, say: Callable[[str], None]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the load of all rounds, by kind and amount. All servers stand; one at a time is asked."""
    results: dict[str, dict[str, list[dict[str, Any]]]] = {}
    with ExitStack() as stack:
        points = []
        for kind, steps in amounts.items():
            for amount in steps:
                say(f"growth: {amount:,} {kind}")
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
                contestant = _contestant(kind, amount, folder)
                up = stack.enter_context(serving(contestant, work))
                posts = _filled(kind, amount, up, folder, work)
                put_load(up.tree, up.ports.mock, posts, connections=_CONNECTIONS, seconds=1)
                points.append(Point(kind, amount, up, posts))
        for number in range(1, plan.rounds + 1):
            say(f"growth: round {number} of {plan.rounds}")
            for point in points:
                load = put_load(
                    point.up.tree, point.up.ports.mock, point.posts, connections=_CONNECTIONS, seconds=plan.seconds
                )
                by_amount = results.setdefault(point.kind, {})
                by_amount.setdefault(str(point.amount), []).append(asdict(load))
    return results


def _contestant(kind: str, amount: int, folder: Path) -> Contestant:
    ours = our_contestants()[0]
    if kind == "spaces":
        return ours
    if kind == "sessions":
        return replace(ours, prepare=_filled_server, env={"PYTHONPATH": str(CHECKOUT)})
    scenario = folder / "scenario.json"
    scenario.write_text(json.dumps(_scenario(amount, _STUBS[kind])), encoding="utf-8")
    return replace(ours, prepare=lambda *given: [*ours.prepare(*given), "--scenario", str(scenario)])


def _filled_server(_folder: Path, ports: Ports, _work: Work) -> Sequence[str]:
    return [sys.executable, "-m", "bench.measuring.filled", str(ports.mock)]


def _filled(kind: str, amount: int, up: Up, folder: Path, work: Work) -> Posts:
    """Bring the server to its amount, and return calls that leave it there."""
    if kind == "sessions":
        file = folder / "ids"
        for opened in range(0, amount, _OPENED_AT_ONCE):
            _open_sessions(min(amount - opened, _OPENED_AT_ONCE), file, up)
        asked = json.loads(work.body)
        ids = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
        random.shuffle(ids)
        bodies = [json.dumps({**asked, "vid": vid, "sid": sid}, separators=(",", ":")) for vid, sid in ids]
        _refuse_forgotten(bodies[-1], ids[-1][1], up)
        return Posts.write(folder / "posts", [(PATH, body) for body in bodies])
    if kind == "spaces":
        paths = [f"/__space/s{number}{PATH}" for number in range(amount)]
        posts = Posts.write(folder / "posts", [(path, work.body) for path in paths])
        send(up.ports.mock, posts, amount)
        return posts
    return Posts.write(folder / "posts", [(PATH, work.body)])


def _open_sessions(count: int, file: Path, up: Up) -> None:
    status, body = post(up.ports.mock, f"{count} {file}", FILL)
    if status != HTTPStatus.OK:
        raise Failed(f"{count} sessions could not be opened: {body!r} {up.tree.last_words()}")


def _refuse_forgotten(body: str, session: str, up: Up) -> None:
    """Raise `Failed` when a call does not continue the session that it names."""
    _, reply = post(up.ports.mock, body)
    if json.loads(reply).get("sessionId") != session:
        raise Failed(f"the server does not know the session {session} that was opened: {reply!r}")


#: Conditions on the call that is measured, and on one of so many others. The call meets the last stub of all.
_STUBS: dict[str, Callable[[str], dict[str, Any]]] = {
    "stubs": lambda name: {"visitor": name or "123"},
    "stubs by attribute": lambda name: {
        "engagement_attributes": [{"type": "personal", "personal": {"company": name or "liveperson"}}]
    },
}


def _scenario(amount: int, condition: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    names = [f"other{number}" for number in range(1, amount)] + [""]
    stubs = [{"name": name or "the one", "when": condition(name), "then": {"offer": {}}} for name in names]
    return {"scenario": "growth", "stubs": stubs}
