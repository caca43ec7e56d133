"""Faults of stubs and of spaces: which calls they meet, what they leave in the journal, and what is refused."""

import pytest

from mockserver.app import create_app
from mockserver.errors import ScenarioError, StoreUnavailable
from mockserver.settings import Settings
from mockserver.stores.memory import MemoryStore
from tests.support.builders import DOCUMENT, NOW_MS
from tests.support.serving.in_process import Mock


def statuses(mock, calls=6, **options):
    """Return the status of each of so many calls."""
    return [mock.js(**options).status_code for _ in range(calls)]


def failing(**window):
    """Make a fault that can be seen from outside."""
    return {"status": {"code": 503}, "window": window}


def test_a_fault_of_a_space_meets_the_calls_in_its_window(mock):
    mock.steer("PUT", "/faults", {"faults": [failing(every=3)]})

    assert statuses(mock) == [200, 200, 503, 200, 200, 503]


def test_a_fault_of_a_stub_counts_the_calls_of_that_stub(mock):
    mock.play(
        {"when": {"account": "1"}, "then": {"offer": {}}, "faults": [failing(first=1)]},
        {"then": {"offer": {}}, "faults": [failing(**{"from": 2, "to": 2})]},
    )

    assert statuses(mock, 3, account="2") == [200, 503, 200]
    assert statuses(mock, 2, account="1") == [503, 200]


def test_calls_are_counted_for_each_space(mock):
    for space in ("one", "two"):
        mock.steer("PUT", "/faults", {"faults": [failing(first=1)]}, space=space)

    assert statuses(mock, 2, space="one") == [503, 200]
    assert statuses(mock, 2, space="two") == [503, 200]


def test_faults_of_stub_and_space_count_for_themselves(mock):
    mock.play({"then": {"offer": {}}, "faults": [failing(first=1)]})
    statuses(mock, 2)

    mock.steer("PUT", "/faults", {"faults": [failing(first=1)]})

    assert statuses(mock, 2) == [503, 200]


@pytest.mark.parametrize("path", ["/faults", "/scenario"])
def test_putting_faults_in_force_again_starts_their_windows_over(mock, path):
    bodies = {
        "/faults": {"faults": [failing(first=1)]},
        "/scenario": {
            "scenario": {"scenario": "test", "stubs": [{"then": {"offer": {}}, "faults": [failing(first=1)]}]}
        },
    }
    mock.steer("PUT", path, bodies[path])
    statuses(mock, 2)

    mock.steer("PUT", path, bodies[path])

    assert statuses(mock, 2) == [503, 200]


def test_chance_follows_the_seed(mock):
    mock.steer("PUT", "/faults", {"faults": [failing(probability=0.5)]})
    once = statuses(mock, 12)

    mock.steer("PUT", "/seed", {"seed": 7})

    assert statuses(mock, 12) == once
    assert {200, 503} == set(once)


def test_a_delivered_fault_leaves_a_receipt_in_the_journal(mock):
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 429, "retry_after_s": 1}}, {"delay": {"ms": 5}}]})

    answer = mock.js()

    [exchange] = mock.journal()
    status, delay = exchange["receipts"]
    assert answer.headers["Retry-After"] == "1"
    assert exchange["faults"] == ["status", "delay"]
    assert status == {
        "fault": "status",
        "bytes_sent": status["bytes_sent"],
        "ending": "kept",
        "at_ms": NOW_MS,
        "sent_ms": delay["sent_ms"],
    }
    assert delay == {**status, "fault": "delay"}
    assert status["bytes_sent"] > len(answer.data)
    assert delay["sent_ms"] >= 5


def test_a_call_that_no_fault_met_has_no_receipt(mock):
    mock.steer("PUT", "/faults", {"faults": [failing(first=1)]})
    statuses(mock, 2)

    met, spared = mock.journal()

    assert [receipt["fault"] for receipt in met["receipts"]] == ["status"]
    assert (spared["faults"], spared["receipts"]) == ([], [])


def test_a_refused_call_leaves_a_receipt_as_well(mock):
    mock.steer("PUT", "/faults", {"faults": [{"malformed": {}}]})

    mock.js(data=b"{", content_type="application/json")

    [exchange] = mock.journal()
    assert exchange["reply"]["status"] == 400
    assert [receipt["fault"] for receipt in exchange["receipts"]] == ["malformed"]


def test_a_failed_verification_shows_receipts(mock):
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 503}}]})
    mock.js()

    verdict = mock.steer("POST", "/journal/verify", {"match": {"status": 200}})

    assert [receipt["fault"] for receipt in verdict["nearest"][0]["exchange"]["receipts"]] == ["status"]


def test_a_new_exchange_never_gets_the_receipt_of_a_forgotten_one_with_its_number(mock):
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 503}}]})
    mock.js()
    mock.steer("DELETE", "/journal")

    mock.wall.now_ms += 1
    mock.js()

    [exchange] = mock.journal()
    assert exchange["number"] == 1
    assert [receipt["at_ms"] for receipt in exchange["receipts"]] == [NOW_MS + 1]


def test_receipts_are_bounded_like_the_journal():
    mock = Mock(journal_entries=3)
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 503}}]})
    statuses(mock, 5)

    assert [exchange["number"] for exchange in mock.journal()] == [3, 4, 5]
    assert all(exchange["receipts"] for exchange in mock.journal())
    assert mock.engine.store.usage("default", "receipt").entries == 3


class Counting(MemoryStore):
    """A store that notes what it is asked."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def get(self, space, kind, key):
        self.asked.append(f"{kind} {key}")
        return super().get(space, kind, key)

    def update(self, space, kind, key, change):
        self.asked.append(f"{kind} {key}")
        return super().update(space, kind, key, change)


def test_a_call_without_faults_pays_nothing_for_them():
    store = Counting()
    mock = Mock(store=store)
    mock.js()
    store.asked.clear()

    mock.js()
    mock.journal()

    for_faults = ("counter fault", "window", "sequence", "receipt")
    assert store.asked
    assert [record for record in store.asked if record.startswith(for_faults)] == []


class Forgetful(MemoryStore):
    """A store that stops answering when a receipt is to be kept."""

    def update(self, space, kind, key, change):
        if kind == "receipt":
            raise StoreUnavailable("gone")
        return super().update(space, kind, key, change)


def test_a_receipt_that_cannot_be_kept_does_not_keep_the_reply_back():
    mock = Mock(store=Forgetful())
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 503}}]})

    assert mock.js().json["internalCode"] == 18
    assert [exchange["receipts"] for exchange in mock.journal()] == [[]]


@pytest.mark.parametrize("fault", ["dribble", "truncate", "wrong_length", "empty", "close", "reset", "hang"])
def test_a_server_that_cannot_carry_a_fault_refuses_it(mock, fault):
    refused = mock.admin("PUT", "/faults", {"faults": [{fault: {}}]})
    scenario = {"scenario": "a", "stubs": [{"then": "not_available", "faults": [{fault: {}}]}]}
    refused_too = mock.admin("PUT", "/scenario", {"scenario": scenario})

    assert refused.status_code == refused_too.status_code == 400
    assert f"the fault '{fault}' needs the connection itself" in refused.json["error"]
    assert f"the fault '{fault}' needs the connection itself" in refused_too.json["error"]


def test_a_scenario_file_with_a_fault_that_cannot_be_carried_is_refused_at_start(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("scenario: a\nstubs: [{then: not_available, faults: [{reset: {}}]}]\n")

    with pytest.raises(ScenarioError, match="the fault 'reset' needs the connection itself"):
        create_app(Settings(scenario=str(file)), document=DOCUMENT)


def test_a_server_that_can_carry_a_fault_takes_it():
    app = create_app(Settings(), document=DOCUMENT, wire=True)

    answer = app.test_client().put("/__admin/faults", json={"faults": [{"reset": {}}]})

    assert answer.json == {"faults": [{"reset": {}}]}
