"""The cases of the server suite, T1 to T16 among them, hold in every way of serving.

Each call meets another worker than the one before, so nothing that a case needs can live in one process.
"""

import pytest

from tests.support.documented import DOCUMENTED_CALL, DOCUMENTED_NOT_AVAILABLE, DOCUMENTED_REPLY
from tests.support.harness.engagement_cases import amiss_at
from tests.support.serving.pinned import round_robin
from tests.support.serving.rotation import rotation, workers_of
from tests.support.serving.running import running

#: Ways of serving: how many workers, and which store they share.
WAYS = {"memory": 1, "sqlite": 2, "lmdb": 2, "redis": 2}

JS_DOOR = "/api/account/56072331/getEngagement"


@pytest.fixture(scope="module", params=WAYS)
def way(request):
    return request.param


@pytest.fixture(scope="module")
def served(way, request, tmp_path_factory):
    if way == "redis":
        store = request.getfixturevalue("redis_server").url
    else:
        store = "memory:" if way == "memory" else f"{way}:{tmp_path_factory.mktemp(way)}/state"
    with running("--workers", WAYS[way], "--store", store) as server:
        yield server


@pytest.fixture
def ask(served, way, space):
    """Ask in a space of one's own; no two requests in a row meet the same worker."""
    with round_robin(served, WAYS[way]) as next_worker:
        yield lambda method, path, body=None: next_worker(method, f"/__space/{space}{path}", json_body=body)


def test_every_case_holds_whichever_worker_answers_its_next_call(served, way):
    with rotation(workers_of(served, WAYS[way]), served.url) as subject:
        assert amiss_at(subject) == []


@pytest.mark.parametrize(
    ("preset", "reply"),
    [("documented-example", DOCUMENTED_REPLY), ("documented-not-available", DOCUMENTED_NOT_AVAILABLE)],
)
def test_the_documented_replies_come_byte_for_byte(ask, preset, reply):
    ask("PUT", "/__admin/scenario", {"preset": preset})

    answer = ask("POST", JS_DOOR, DOCUMENTED_CALL)

    assert (answer.status, answer.body) == (200, reply)


def test_the_same_seed_and_calls_give_the_same_bytes_whoever_answers(ask):
    def visit():
        ask("POST", "/__admin/reset")
        ask("PUT", "/__admin/seed", {"seed": 7})
        return [ask("POST", JS_DOOR, {}).body for _ in range(3)]

    assert visit() == visit()


def test_a_verification_sees_every_reply_that_was_sent_before_it(ask):
    missed = []
    for number in range(1, 101):
        exchange = ask("POST", JS_DOOR, {}).headers["Mock-Exchange"]
        verdict = ask("POST", "/__admin/journal/verify", {"match": {"status": 200}, "exactly": number}).json
        if not verdict["verified"] or exchange != str(number):
            missed.append(verdict)

    assert missed == []


def test_every_worker_had_its_share(ask, way):
    for _ in range(WAYS[way]):
        ask("POST", JS_DOOR, {})

    journal = ask("GET", "/__admin/journal").json

    assert len({exchange["call"]["connection"] for exchange in journal["exchanges"]}) == WAYS[way]
