import orjson
import pytest

from mockserver.model import Unlisted, Violation
from mockserver.state.journal import LOG, Count, Journal, as_record
from mockserver.state.journal_query import Query
from mockserver.stores.base import Limit, Limits
from mockserver.stores.memory import MemoryStore
from tests.support.builders import NOW_MS, a_call, a_reply, an_exchange, no_losses


def a_record(**members):
    return as_record(an_exchange(**members))


@pytest.fixture
def journal():
    """Make a journal that keeps three exchanges."""
    store = MemoryStore(Limits(named={LOG: Limit(entries=3, bytes=1 << 20)}))
    return Journal(store, no_losses(store))


def test_a_record_is_json_and_says_everything():
    record = a_record(
        call=a_call(body=b"\xff", query=[("a", "1"), ("a", "2")]),
        reply=a_reply(200, {"status": "NotAvailable"}, ("Set-Cookie", "LPVID=1")),
        violations=(Violation("body.sid", "is missing", "GE-401-SID"),),
        notes=(Unlisted("body.apptype", "appType"),),
        near_misses=({"stub": "support", "differences": ["x"]},),
        visitor_id="123",
    )

    assert orjson.loads(orjson.dumps(record)) == {
        "at_ms": NOW_MS,
        "arrived_ms": NOW_MS,
        "took_us": 1,
        "operation": "getEngagement",
        "call": {
            "method": "POST",
            "sent_method": "POST",
            "path": "/api/account/56072331/getEngagement",
            "query": [["a", "1"], ["a", "2"]],
            "headers": {"content-type": "application/json"},
            "body": {"base64": "/w=="},
            "connection": "",
        },
        "reply": {
            "status": 200,
            "headers": [["Content-Type", "application/json"], ["Set-Cookie", "LPVID=1"]],
            "body": '{"status":"NotAvailable"}',
            "delay_ms": 0,
        },
        "faults": [],
        "stub": "available",
        "violations": [{"where": "body.sid", "what": "is missing", "clause": "GE-401-SID"}],
        "notes": [
            {
                "where": "body.apptype",
                "what": "is not listed in the contract; did you mean 'appType'?",
                "nearest": "appType",
            }
        ],
        "near_misses": [{"stub": "support", "differences": ["x"]}],
        "visitor_id": "123",
        "session_id": None,
    }


@pytest.mark.parametrize(
    ("count", "kept", "words"),
    [
        (Count(), {1, 2, 3}, "at least 1"),
        (Count(2, 2), {2}, "exactly 2"),
        (Count(0, 0), {0}, "exactly 0"),
        (Count(0, 2), {0, 1, 2}, "at most 2"),
        (Count(1, 2), {1, 2}, "1 to 2"),
        (Count(0), {0, 1, 2, 3}, "at least 0"),
    ],
)
def test_a_count_says_what_it_wants_and_when_it_has_it(count, kept, words):
    assert {number for number in range(4) if count.holds(number)} == kept
    assert str(count) == words


def test_exchanges_are_found_oldest_first_with_their_numbers(journal):
    for took_us in (10, 20, 30):
        journal.append(an_exchange(took_us=took_us))

    assert [(found["number"], found["took_us"]) for found in journal.find("default", Query())] == [
        (1, 10),
        (2, 20),
        (3, 30),
    ]
    assert [found["number"] for found in journal.find("default", Query(), after=2)] == [3]


def test_a_verification_shows_the_three_nearest_and_of_equals_the_oldest(journal):
    for status in (200, 400, 401):
        journal.append(an_exchange(reply=a_reply(status)))

    verdict = journal.verify("default", Query(operation="getDomain", status=400), Count())

    assert [near["number"] for near in verdict.nearest] == [2, 1, 3]
    assert (verdict.verified, verdict.count) == (False, 0)


def test_dropped_exchanges_spoil_every_upper_bound_and_no_lower_one(journal):
    for _ in range(4):
        journal.append(an_exchange())

    verdicts = {
        str(count): journal.verify("default", Query(), count).verified
        for count in (Count(3, 3), Count(0, 9), Count(3), Count(4))
    }
    assert verdicts == {"exactly 3": False, "at most 9": False, "at least 3": True, "at least 4": False}


def test_a_cleared_journal_counts_from_one_again(journal):
    journal.append(an_exchange())
    journal.clear("default")

    assert journal.append(an_exchange()) == 1
