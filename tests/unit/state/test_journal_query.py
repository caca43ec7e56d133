"""What keeps an exchange from matching, and in which words."""

import pytest

from mockserver.state.journal import as_record
from mockserver.state.journal_query import Query
from tests.support.builders import NOW_MS, a_call, an_exchange

SENT = (
    b'{"appType": "EXTERNAL", "appDetails": {"os": "IOS", "osVersion": "1.2"}, "consumerSections": ["a", "b"], "n": 1}'
)


def a_record(**call):
    return as_record(an_exchange(call=a_call(**call)))


def test_an_empty_query_matches_everything():
    assert Query().differences(a_record()) == []


@pytest.mark.parametrize(
    ("query", "difference"),
    [
        (Query(operation="getDomain"), "operation: wanted 'getDomain', got 'getEngagement'"),
        (Query(status=400), "status: wanted 400, got 200"),
        (Query(visitor="x"), "visitor: wanted 'x', got None"),
        (Query(session="x"), "session: wanted 'x', got None"),
        (Query(stub="x"), "stub: wanted 'x', got 'available'"),
        (Query(path="/x"), "path: wanted '/x', got '/api/account/56072331/getEngagement'"),
        (Query(clause="GE-401-SID"), "clause: wanted 'GE-401-SID' among them, got []"),
        (Query(since_ms=NOW_MS + 1), f"at_ms: wanted {NOW_MS + 1} or later, got {NOW_MS}"),
        (Query(until_ms=NOW_MS - 1), f"at_ms: wanted {NOW_MS - 1} or earlier, got {NOW_MS}"),
        (Query(header={"X-Trace": "7"}), 'header.X-Trace: wanted "7", it was not sent'),
        (Query(header={"X-Trace": True}), "header.X-Trace: wanted any value, it was not sent"),
        (Query(header={"Content-Type": "x"}), 'header.Content-Type: wanted "x", got "application/json"'),
        (Query(header={"Content-Type": None}), 'header.Content-Type: wanted it not to be sent, got "application/json"'),
        (Query(query={"v": "1.0"}), 'query.v: wanted "1.0", it was not sent'),
        (Query(body=({},)), "body: wanted {}, got a body that is no JSON"),
    ],
)  # fmt: skip
def test_each_condition_says_how_it_was_missed(query, difference):
    assert query.differences(a_record()) == [difference]


def test_bounds_in_time_are_inclusive():
    assert Query(since_ms=NOW_MS, until_ms=NOW_MS).differences(a_record()) == []


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({}, id="any object"),
        pytest.param({"appType": "EXTERNAL"}, id="one member"),
        pytest.param({"appDetails": {"os": "IOS"}}, id="a member of a member"),
        pytest.param({"consumerSections": ["a", "b"]}, id="a list"),
        pytest.param({"n": 1.0}, id="a number written otherwise"),
    ],
)
def test_a_body_contains_what_is_wanted(wanted):
    assert Query(body=(wanted,)).differences(a_record(body=SENT)) == []


@pytest.mark.parametrize(
    ("wanted", "differences"),
    [
        ({"appType": "WEB"}, ['body.appType: wanted "WEB", got "EXTERNAL"']),
        ({"vid": "1"}, ['body.vid: wanted "1", it was not sent']),
        ({"vid": None}, ["body.vid: wanted null, it was not sent"]),
        ({"appDetails": {"os": "LINUX"}}, ['body.appDetails.os: wanted "LINUX", got "IOS"']),
        ({"appDetails": []}, ['body.appDetails: wanted [], got {"os":"IOS","osVersion":"1.2"}']),
        ({"consumerSections": ["a"]}, ['body.consumerSections: wanted 1 items, got 2: ["a","b"]']),
        ({"consumerSections": ["b", "b"]}, ['body.consumerSections[0]: wanted "b", got "a"']),
        ({"n": True}, ["body.n: wanted true, got 1"]),
        ({"n": "1"}, ['body.n: wanted "1", got 1']),
        ({"appType": "WEB", "n": 2}, ['body.appType: wanted "WEB", got "EXTERNAL"', "body.n: wanted 2, got 1"]),
    ],
)  # fmt: skip
def test_a_body_that_differs_says_where(wanted, differences):
    assert Query(body=(wanted,)).differences(a_record(body=SENT)) == differences


def test_a_long_value_is_cut():
    [difference] = Query(body=({"appType": "x" * 500},)).differences(a_record(body=SENT))

    assert len(difference) < 300


@pytest.mark.parametrize("depth", [300, 1000])
def test_a_body_of_any_depth_is_compared(depth):
    deep = a_record(body=b'{"a":' * depth + b"1" + b"}" * depth)
    wanted = {}
    for _ in range(depth):
        wanted = {"a": wanted}

    [difference] = Query(body=(wanted,)).differences(deep)

    assert difference.endswith("wanted {}, got 1")


def test_one_of_several_values_is_enough():
    record = a_record(query=[("skill", "a"), ("skill", "b")])

    assert Query(query={"skill": "b"}).differences(record) == []


@pytest.mark.parametrize("sent", [True, "application/json"])
def test_a_field_is_found_in_any_case(sent):
    assert Query(header={"CONTENT-TYPE": sent}).differences(a_record()) == []
