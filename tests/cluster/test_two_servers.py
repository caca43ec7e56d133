"""Two servers on one Redis are one server: whoever answers, the state is the same, also when one of them is killed."""

import os
import signal
from itertools import cycle

import pytest

from tests.e2e.serving.test_workers import (  # noqa: F401 what holds for workers holds for servers
    ask,
    test_a_reset_by_one_worker_is_a_reset_for_all,
    test_a_scenario_given_to_one_worker_answers_at_all,
    test_a_sequence_goes_on_where_another_worker_left_it,
    test_what_one_worker_was_told_all_know,
)
from tests.support.calling.asking import Answer
from tests.support.calling.callers import JS_DOOR, calling, missing
from tests.support.calling.waiting import WAYS, kept_waiting
from tests.support.serving.running import eventually


@pytest.fixture
def workers(cluster):
    """Ask one server after the other, past the load balancer, so that no two requests in a row meet the same one."""
    servers = cycle(cluster.servers)

    def asked(method, path, **what) -> Answer:
        return next(servers).ask(method, path, **what)

    return asked


def test_the_load_balancer_lets_both_servers_answer(cluster, space):
    for _ in range(10):
        assert cluster.ask("POST", f"/__space/{space}{JS_DOOR}").status == 200
    journals = [server.ask("GET", f"/__space/{space}/__admin/journal").json for server in cluster.servers]

    assert journals[0] == journals[1]
    assert [exchange["number"] for exchange in journals[0]["exchanges"]] == list(range(1, 11))
    assert len({exchange["call"]["connection"] for exchange in journals[0]["exchanges"]}) >= 2


def test_any_server_answers_any_call_of_a_journey(cluster, space):
    one, other = cluster.servers
    prefix = f"/__space/{space}"
    first = one.ask("POST", prefix + JS_DOOR).json
    vid, sid, page = first["visitorId"], first["sessionId"], first["pageId"]

    continued = other.ask("POST", prefix + JS_DOOR, json_body={"vid": vid, "sid": sid})
    updated = one.ask(
        "PUT", f"{prefix}/api/account/1/app/engagement/visitors/{vid}?v=1.0&sid={sid}", json_body={"pageId": page}
    )
    stranger = other.ask("POST", prefix + JS_DOOR, json_body={"vid": vid})
    verdict = one.ask("POST", f"{prefix}/__admin/journal/verify", json_body={"match": {"visitor": vid}, "exactly": 4})

    assert [continued.status, updated.status, stranger.status] == [200, 200, 401]
    assert verdict.json["verified"], verdict.json


@pytest.mark.parametrize("sent", WAYS.values(), ids=WAYS)
def test_callers_who_wait_behind_the_load_balancer_stop_nobody(cluster, sent):
    with kept_waiting(cluster.url, sent, 2 * 20):
        asked = [("POST", JS_DOOR), ("GET", "/__admin/health"), ("GET", "/__admin/spaces")] * 4

        assert {cluster.ask(*what).status for what in asked} == {200}


def test_a_host_name_chooses_the_space_behind_the_load_balancer_too(cluster, space):
    cluster.ask("POST", JS_DOOR, headers={"Host": f"{space}.localhost"})

    assert cluster.ask("GET", f"/__space/{space}/__admin/journal").json["entries"] == 1


def test_a_refusal_of_the_mock_passes_the_load_balancer_as_it_is(cluster, space):
    answer = cluster.ask("POST", f"/__space/{space}{JS_DOOR}", headers={"Prefer": "code=503"})

    assert (answer.status, answer.headers["Mock-Stub"]) == (503, "prefer")


def test_a_fault_that_ends_the_connection_reaches_the_client_as_a_refusal_of_the_load_balancer(cluster, space):
    cluster.ask("PUT", f"/__space/{space}/__admin/faults", json_body={"faults": [{"reset": {}}]})

    answer = cluster.ask("POST", f"/__space/{space}{JS_DOOR}")
    journal = cluster.ask("GET", f"/__space/{space}/__admin/journal").json

    assert (answer.status, answer.json["internalCode"]) == (503, 18)
    assert journal["entries"] == 1, "what reached a server is not sent to another"


def test_a_journey_goes_on_when_one_server_is_killed_and_nothing_answered_is_lost(frail_cluster):
    victim, survivor = frail_cluster.servers
    first = frail_cluster.ask("POST", JS_DOOR).json
    ids = {"vid": first["visitorId"], "sid": first["sessionId"]}
    with calling(frail_cluster) as seen:
        seen.more(50)
        os.killpg(victim.pid, signal.SIGKILL)
        seen.more(50)
    victim.process.wait()

    again = [frail_cluster.ask("POST", JS_DOOR, json_body=ids) for _ in range(4)]
    victim.process.returncode = 0  # it was our wish

    assert {(answer.status, answer.json["sessionId"]) for answer in again} == {(200, ids["sid"])}
    assert missing(survivor, seen.answered) == set()
    assert seen.amiss == []


def test_with_no_server_left_the_load_balancer_says_so_in_the_contracts_shape(frail_cluster):
    for server in frail_cluster.servers:
        os.killpg(server.pid, signal.SIGKILL)
        server.process.wait()
        server.process.returncode = 0
    answer = eventually(lambda: frail_cluster.ask("POST", JS_DOOR), lambda answer: answer.status != 200)

    assert answer.status == 503
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json.keys() == {"time", "message", "internalCode"}
    assert answer.json["time"] > 1_700_000_000_000
