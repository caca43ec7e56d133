"""Sixteen clients at once in worlds of their own: nobody ever meets what belongs to another world."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlsplit

import pytest

from tests.support.calling.asking import ask_over, connection_to
from tests.support.serving.running import running

CLIENTS = 16
JOURNEYS = 6
#: Calls of one journey, each an exchange in the journal.
CALLS = 5


@dataclass(frozen=True)
class World:
    """What is particular to one space."""

    space: str
    number: int

    @property
    def account(self):
        return f"account_{self.number}"

    @property
    def skill(self):
        return f"Skill {self.number}"

    @property
    def now_ms(self):
        return 1_500_000_000_000 + self.number

    def scenario(self):
        stub = {"name": self.space, "then": {"offer": {"skillName": self.skill}}}
        return {"scenario": {"scenario": self.space, "stubs": [stub]}}


@dataclass(frozen=True)
class Seen:
    """What one journey met."""

    visitor: str
    session: str
    skills: frozenset[str]
    stubs: frozenset[str]
    times: frozenset[int]
    base: str
    statuses: tuple[int, ...]


class Client:
    """Chooses its space by path, header or host name, and keeps its connection."""

    def __init__(self, served, world, number):
        self._world = world
        self._connection = connection_to(served.url)
        port = urlsplit(served.url).port
        ways = [
            (f"/__space/{world.space}", {}),
            ("", {"Mock-Space": world.space}),
            ("", {"Host": f"{world.space}.localhost:{port}"}),
        ]
        self._prefix, self._headers = ways[number % len(ways)]

    def ask(self, method, path, body=None):
        return ask_over(self._connection, method, self._prefix + path, json_body=body, headers=self._headers)

    def journey(self):
        account = f"/api/account/{self._world.account}"
        door = f"{account}/getEngagement"
        first = self.ask("POST", door, {})
        vid, sid = first.json["visitorId"], first.json["sessionId"]
        second = self.ask("POST", door, {"vid": vid, "sid": sid})
        rest = f"{account}/app/engagement/visitors/{vid}?v=1.0&sid={sid}"
        update = self.ask("PUT", rest, {"pageId": second.json["pageId"]})
        refusal = self.ask("POST", door, {"vid": vid})
        look_up = self.ask("GET", f"{account}/service/smt/baseURI.json?version=1.0")
        assert {second.json["visitorId"], second.json["sessionId"]} == {vid, sid}
        return Seen(
            vid,
            sid,
            frozenset(answer.json["engagementDetails"]["skillName"] for answer in (first, second)),
            frozenset(answer.headers["Mock-Stub"] for answer in (first, second)),
            frozenset([refusal.json["time"]]),
            look_up.json["account"],
            tuple(answer.status for answer in (first, second, update, refusal, look_up)),
        )

    def close(self):
        self._connection.close()


@pytest.fixture(scope="module", params=[1, 2], ids=["1 worker, memory", "2 workers, SQLite"])
def served(request):
    with running("--workers", request.param) as server:
        yield server


def steered(served, world, *, seeded=True):
    """Give *world* its scenario, clock and seed."""
    steering = {"scenario": world.scenario(), "clock": {"frozen": True, "now_ms": world.now_ms}}
    if seeded:
        steering["seed"] = {"seed": world.number}
    with closing(Client(served, world, 0)) as client:
        for path, body in steering.items():
            assert client.ask("PUT", f"/__admin/{path}", body).status == 200


def travelled(served, worlds):
    """Let all clients travel at once, and return what each world's clients saw."""
    start = Barrier(CLIENTS, timeout=60)

    def travel(number):
        world = worlds[number % len(worlds)]
        with closing(Client(served, world, number // len(worlds))) as client:
            start.wait()
            if number < len(worlds):
                steered(served, world, seeded=False)  # once more, while others are on their way: it changes nothing
            return world, [client.journey() for _ in range(JOURNEYS)]

    seen = defaultdict(list)
    with ThreadPoolExecutor(CLIENTS) as threads:
        for world, journeys in threads.map(travel, range(CLIENTS)):
            seen[world] += journeys
    return seen


@pytest.mark.parametrize("count", [2, 16])
def test_clients_meet_only_their_own_world(served, space, count):
    worlds = [World(f"{space}-{number}", number) for number in range(1, count + 1)]
    for world in worlds:
        steered(served, world)

    seen = travelled(served, worlds)

    assert set(seen) == set(worlds)
    for world, journeys in seen.items():
        assert {journey.statuses for journey in journeys} == {(200, 200, 200, 401, 200)}
        assert set().union(*(journey.skills for journey in journeys)) == {world.skill}
        assert set().union(*(journey.stubs for journey in journeys)) == {world.space}
        assert set().union(*(journey.times for journey in journeys)) == {world.now_ms}
        assert {journey.base for journey in journeys} == {world.account}
        with closing(Client(served, world, 1)) as client:
            sessions = client.ask("GET", "/__admin/sessions").json["sessions"]
            journal = client.ask("GET", "/__admin/journal").json
            scenario = client.ask("GET", "/__admin/scenario").json
        assert sorted(s["session"] for s in sessions) == sorted(journey.session for journey in journeys)
        assert {s["calls"] for s in sessions} == {2}
        assert len(journal["exchanges"]) == len(journeys) * CALLS
        assert {x["call"]["path"].split("/")[3] for x in journal["exchanges"]} == {world.account}
        assert {x["at_ms"] for x in journal["exchanges"]} == {world.now_ms}
        assert [x["number"] for x in journal["exchanges"]] == list(range(1, len(journeys) * CALLS + 1))
        assert scenario["name"] == world.space
    visitors = [journey.visitor for journeys in seen.values() for journey in journeys]
    assert len(set(visitors)) == len(visitors) == CLIENTS * JOURNEYS


def test_the_default_space_sees_nothing_of_the_others(served, space):
    world = World(space, 1)
    steered(served, world)
    with closing(Client(served, world, 1)) as client:
        client.journey()

    scenario = served.ask("GET", "/__admin/scenario").json["name"]
    journal = served.ask("GET", "/__admin/journal").json["entries"]

    assert (scenario, journal) == ("available", 0)
