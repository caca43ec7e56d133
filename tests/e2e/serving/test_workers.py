"""Several workers are one server: whoever answers, the state is the same, also after one of them died."""

import os
import signal

import pytest

from tests.support.serving.pinned import round_robin
from tests.support.serving.running import Served, eventually, running

JS_DOOR = "/api/account/1/getEngagement"


@pytest.fixture(scope="module")
def served():
    with running("--workers", 2) as server:
        yield server


@pytest.fixture
def workers(served):
    with round_robin(served, 2) as next_worker:
        yield next_worker


@pytest.fixture
def ask(workers, space):
    """Ask in a space of one's own; no two requests in a row meet the same worker."""
    return lambda method, path, body=None: workers(method, f"/__space/{space}{path}", json_body=body)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/__admin/rules", {"second_request": "consumer"}),
        ("/__admin/faults", {"faults": [{"delay": {"ms": 1}}]}),
        ("/__admin/clock", {"frozen": True, "now_ms": 1_469_543_282_471}),
        ("/__admin/seed", {"seed": 7}),
    ],
)
def test_what_one_worker_was_told_all_know(ask, path, body):
    ask("PUT", path, body)

    answers = [ask("GET", path).json for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0] == {**answers[0], **body}


def test_a_scenario_given_to_one_worker_answers_at_all(ask):
    ask("PUT", "/__admin/scenario", {"preset": "not-available"})

    assert [ask("POST", JS_DOOR).json["status"] for _ in range(4)] == ["NotAvailable"] * 4


def test_a_sequence_goes_on_where_another_worker_left_it(ask):
    ask("PUT", "/__admin/scenario", {"preset": "loading"})

    assert [ask("POST", JS_DOOR).status for _ in range(4)] == [500, 500, 200, 200]


def test_a_reset_by_one_worker_is_a_reset_for_all(ask):
    ask("PUT", "/__admin/scenario", {"preset": "not-available"})
    for _ in range(2):
        ask("POST", JS_DOOR)
    ask("POST", "/__admin/reset")

    journals = [ask("GET", "/__admin/journal").json["entries"] for _ in range(2)]
    statuses = [ask("POST", JS_DOOR).json["status"] for _ in range(2)]

    assert (journals, statuses) == ([0, 0], ["Available", "Available"])


def test_a_changed_scenario_file_answers_the_next_call_of_every_worker(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("scenario: mine\nstubs:\n  - then: {offer: {skillName: Before}}\n")
    with running("--workers", 2, "--scenario", file) as served, round_robin(served, 2) as workers:
        before = [workers("POST", JS_DOOR).json["engagementDetails"]["skillName"] for _ in range(2)]
        file.write_text("scenario: mine\nstubs:\n  - then: {offer: {skillName: Afterwards}}\n")
        after = [workers("POST", JS_DOOR).json["engagementDetails"]["skillName"] for _ in range(2)]

        assert (before, after) == (["Before"] * 2, ["Afterwards"] * 2)


def killed(served: Served, worker: int, workers: int) -> list[int]:
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: worker in served.workers(workers), lambda there: not there)
    return served.workers(workers)


def test_a_worker_that_dies_is_replaced_and_the_sessions_live_on():
    with running("--workers", 2) as served:
        first = served.ask("POST", JS_DOOR).json
        ids = {"vid": first["visitorId"], "sid": first["sessionId"]}
        for worker in served.workers(2):
            killed(served, worker, 2)
        with round_robin(served, 2) as workers:
            answers = [workers("POST", JS_DOOR, json_body=ids).json["sessionId"] for _ in range(2)]

        assert answers == [first["sessionId"]] * 2


def test_a_single_worker_that_dies_is_replaced():
    with running() as served:
        [before] = served.workers(1)
        [after] = killed(served, before, 1)

        assert served.ask("POST", JS_DOOR).status == 200
        assert before != after


SCENARIO = "scenario: {}\nstubs: [{{then: {}}}]\n"


@pytest.mark.parametrize("store", ["lmdb", "sqlite"])
def test_one_version_of_the_scenario_file_answers_at_all_workers_whichever_saw_it_last(tmp_path, store):
    file = tmp_path / "mine.yaml"
    file.write_text(SCENARIO.format("first", "not_available"))
    options = "--workers", 2, "--store", f"{store}:{tmp_path}/state", "--scenario", file
    with running(*options) as served, round_robin(served, 2) as workers:
        first = [workers("POST", JS_DOOR).json["status"] for _ in range(2)]
        file.write_text(SCENARIO.format("second", "{offer: {}}"))
        second = workers("POST", JS_DOOR).json["status"]
        file.write_text("scenario: [")
        broken = [workers("POST", JS_DOOR).json["status"] for _ in range(6)]
        answers = [workers("GET", "/__admin/scenario").json for _ in range(2)]

        assert (first, second, broken) == (["NotAvailable"] * 2, "Available", ["Available"] * 6)
        assert answers[0] == answers[1]
        assert answers[0]["name"] == "second"
        assert answers[0]["text"] == SCENARIO.format("second", "{offer: {}}")
        assert f"{file}:2:1: this is not YAML" in answers[0]["error"]
        assert served.log().count("was read again: scenario 'second'") == 1
        assert served.log().count("cannot be read; the version before it stays active") == 1
