"""The journal over the admin API: what it keeps, how it is asked, and what a verification says."""

import base64

import orjson
import pytest

from tests.support.builders import NOW_MS
from tests.support.serving.in_process import ids


def verify(mock, match=None, **wanted):
    return mock.steer("POST", "/journal/verify", {"match": match or {}, **wanted})


def test_an_exchange_is_kept_as_asked_and_as_answered(mock):
    answer = mock.js({"vid": "123"}, headers={"X-Trace": "7"}, query=[("a", "1"), ("a", "2")])

    [exchange] = mock.journal()
    assert exchange["number"] == 1 == int(answer.headers["Mock-Exchange"])
    assert exchange["operation"] == "getEngagement"
    assert exchange["call"]["path"] == "/api/account/56072331/getEngagement"
    assert exchange["call"]["query"] == [["a", "1"], ["a", "2"]]
    assert exchange["call"]["headers"]["x-trace"] == "7"
    assert exchange["call"]["body"] == '{"vid":"123"}'
    assert exchange["reply"]["status"] == 200
    assert exchange["reply"]["body"] == answer.text
    assert exchange["stub"] == answer.headers["Mock-Stub"] == "available"
    assert {"vid": exchange["visitor_id"], "sid": exchange["session_id"]} == ids(answer)
    assert exchange["violations"] == []
    assert exchange["took_us"] > 0


def test_a_refused_call_is_kept_with_its_violations_and_the_ids_it_named(mock):
    mock.js({"appType": "WEB", "vid": "123", "sid": "456"})

    [exchange] = mock.journal()
    assert [violation["clause"] for violation in exchange["violations"]] == ["JS-400-APPTYPE"]
    assert (exchange["visitor_id"], exchange["session_id"]) == ("123", "456")


def test_times_are_the_clock_of_the_space_and_real_time(mock):
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": 5})
    mock.js()

    [exchange] = mock.journal()
    assert (exchange["at_ms"], exchange["arrived_ms"]) == (5, NOW_MS)


def test_a_body_that_is_no_text_is_kept_in_base64(mock):
    mock.js(data=b"\xff\x00", content_type="application/json")

    [exchange] = mock.journal()
    assert base64.b64decode(exchange["call"]["body"]["base64"]) == b"\xff\x00"


def test_a_path_outside_ascii_is_kept_as_it_was_meant(mock):
    mock.ask("GET", "/grüße")

    assert mock.journal()[0]["call"]["path"] == "/grüße"


def test_a_call_outside_the_contract_is_kept_without_an_operation(mock):
    mock.ask("GET", "/nothing", headers={"Mock-Space": "default"})
    mock.ask("DELETE", "/api/account/1/getEngagement")

    assert [exchange["operation"] for exchange in mock.journal()] == [None, None]
    assert [exchange["reply"]["status"] for exchange in mock.journal()] == [404, 405]


def test_a_call_that_no_stub_answers_is_kept_with_the_nearest_ones(mock):
    mock.play(
        {"name": "far", "when": {"account": "1", "visitor": "xyz"}, "then": {"offer": {}}},
        {"name": "near", "when": {"consumer_sections": ["Sales"]}, "then": {"offer": {}}},
    )
    mock.js({"consumerSections": ["Support"]})

    [exchange] = mock.journal()
    assert exchange["stub"] == "none"
    assert [miss["stub"] for miss in exchange["near_misses"]] == ["near", "far"]
    assert "Sales" in exchange["near_misses"][0]["differences"][0]


@pytest.fixture
def visit(mock):
    """Keep three exchanges: a 200, a 400, and a 401 one second later. Return the ids of the first."""
    opened = ids(mock.js())
    mock.rest({"appType": "IVR"})
    mock.wall.now_ms += 1000
    mock.rest(sid="456")
    return opened


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        pytest.param({}, [1, 2, 3], id="everything"),
        pytest.param({"operation": "getEngagement"}, [1], id="operation"),
        pytest.param({"status": 400}, [2], id="status"),
        pytest.param({"clause": "GE-401-VID"}, [3], id="clause"),
        pytest.param({"stub": "available"}, [1], id="stub"),
        pytest.param({"path": "/api/account/56072331/getEngagement"}, [1], id="path"),
        pytest.param({"session": "456"}, [3], id="session"),
        pytest.param({"since_ms": NOW_MS + 1}, [3], id="since"),
        pytest.param({"until_ms": NOW_MS}, [1, 2], id="until"),
        pytest.param({"status": 400, "operation": "getEngagement"}, [], id="two conditions"),
        pytest.param({"after": 1}, [2, 3], id="after"),
        pytest.param({"limit": 2}, [1, 2], id="limit"),
        pytest.param({"after": 99}, [], id="after the last"),
    ],
)
@pytest.mark.usefixtures("visit")
def test_the_journal_is_asked_by_what_an_exchange_says(mock, query, numbers):
    assert [exchange["number"] for exchange in mock.journal(**query)] == numbers


def test_the_journal_is_asked_by_visitor(mock, visit):
    assert [exchange["number"] for exchange in mock.journal(visitor=visit["vid"])] == [1]


@pytest.mark.usefixtures("visit")
def test_a_list_that_the_limit_cut_says_so(mock):
    cut, whole = (mock.steer("GET", "/journal", query={"limit": limit}) for limit in (2, 3))

    assert (cut["more"], whole["more"]) == (True, False)
    assert (whole["entries"], whole["dropped"]) == (3, 0)


def test_a_page_ends_before_it_is_too_large_and_the_next_begins_there(mock, monkeypatch):
    for _ in range(3):
        mock.js({"appDetails": {"osVersion": "x" * 100}})
    [*_, longest] = sorted(len(orjson.dumps(exchange)) for exchange in mock.journal())
    monkeypatch.setattr("mockserver.web.admin.journal.MOST_PAGE_BYTES", 2 * longest)
    first = mock.steer("GET", "/journal")
    last = first["exchanges"][-1]["number"]
    second = mock.steer("GET", "/journal", query={"after": last})

    assert [exchange["number"] for exchange in first["exchanges"] + second["exchanges"]] == [1, 2, 3]
    assert (len(first["exchanges"]), first["more"], second["more"]) == (2, True, False)


def test_an_exchange_that_is_larger_than_a_page_has_one_of_its_own(mock, monkeypatch):
    for _ in range(2):
        mock.js()
    monkeypatch.setattr("mockserver.web.admin.journal.MOST_PAGE_BYTES", 10)
    page = mock.steer("GET", "/journal")

    assert ([exchange["number"] for exchange in page["exchanges"]], page["more"]) == ([1], True)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        pytest.param("statuss=400", "'statuss' is unknown here; did you mean 'status'?", id="misspelt"),
        pytest.param("status=400&status=401", "'status' must be sent once", id="twice"),
        pytest.param("status=four", "status:", id="no number"),
        pytest.param("status=99", "status:", id="no status"),
        pytest.param("limit=0", "limit:", id="no limit"),
        pytest.param("limit=" + "9" * 5000, "limit:", id="an enormous number"),
        pytest.param("operation=", "operation:", id="nothing"),
    ],
)
def test_a_question_that_is_none_is_refused(mock, query, says):
    answer = mock.admin("GET", "/journal", query=query)

    assert answer.status_code == 400
    assert says in answer.json["error"]


@pytest.mark.parametrize(
    ("wanted", "verified", "words"),
    [
        pytest.param({"exactly": 2}, True, "exactly 2", id="exactly"),
        pytest.param({"exactly": 1}, False, "exactly 1", id="not exactly"),
        pytest.param({"exactly": 0}, False, "exactly 0", id="not never"),
        pytest.param({"at_least": 2}, True, "at least 2", id="at least"),
        pytest.param({"at_least": 3}, False, "at least 3", id="fewer than at least"),
        pytest.param({"at_most": 2}, True, "at most 2", id="at most"),
        pytest.param({"at_most": 1}, False, "at most 1", id="more than at most"),
        pytest.param({"at_least": 1, "at_most": 2}, True, "1 to 2", id="between"),
        pytest.param({"at_least": 3, "at_most": 4}, False, "3 to 4", id="outside"),
        pytest.param({}, True, "at least 1", id="nothing said"),
    ],
)
def test_a_verification_counts_what_matches(mock, wanted, verified, words):
    for _ in range(2):
        mock.js()

    verdict = verify(mock, {"operation": "getEngagement", "status": 200}, **wanted)

    assert (verdict["verified"], verdict["count"], verdict["dropped"]) == (verified, 2, 0)
    assert verdict["message"] == f"wanted {words} matching exchanges, found 2"


def test_a_broken_verification_shows_what_came_nearest(mock):
    mock.rest({"appType": "IVR"})
    mock.js({"appType": "WEB"})

    verdict = verify(mock, {"operation": "getEngagement", "status": 200})

    assert [(near["number"], near["differences"]) for near in verdict["nearest"]] == [
        (2, ["status: wanted 200, got 400"]),
        (1, ["operation: wanted 'getEngagement', got 'createFirstSession'", "status: wanted 200, got 400"]),
    ]
    assert verdict["nearest"][0]["exchange"]["call"]["body"] == '{"appType":"WEB"}'


def test_a_kept_verification_shows_nothing_more(mock):
    mock.js()

    assert verify(mock)["nearest"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"exactly": 1, "at_least": 1},
        {"exactly": -1},
        {"exactly": "1"},
        {"times": 1},
        {"match": {"colour": "red"}},
        {"match": []},
        {"match": {"status": 9}},
        {"match": {"header": {"x": 7}}},
        {"match": {"header": {"x": False}}},
        [],
    ],
)
def test_a_verification_that_is_none_is_refused(mock, body):
    assert mock.admin("POST", "/journal/verify", body).status_code == 400


def test_a_verification_compares_what_was_sent(mock):
    mock.js({"vid": "123"}, headers={"X-Trace": "7"}, query={"a": "1"})

    sent = {"body": {"vid": "123"}, "header": {"x-trace": "7"}, "query": {"a": "1"}}
    assert verify(mock, sent, exactly=1)["verified"]
    assert verify(mock, {**sent, "body": {"vid": "124"}})["nearest"][0]["differences"] == [
        'body.vid: wanted "124", got "123"'
    ]


@pytest.mark.parametrize(
    ("match", "says"),
    [
        (
            {"operation": "getEngagment"},
            "'getEngagment' is no operation of the contract, so no exchange can match; did",
        ),
        ({"clause": "GE-401-SIT"}, "no clause of the contract, so no exchange can match; did you mean 'GE-401-SID'?"),
        ({"clause": "CL-ENDS"}, "'CL-ENDS' is about a client, and an exchange names only clauses that its call broke"),
        ({"clause": "ERR-400"}, "'ERR-400' is about a reply"),
        ({"status": 201}, "no reply can have status 201, so no exchange can match; known are 200 and the errors"),
        (
            {"operation": "updateSession", "status": 204},
            "no reply of updateSession can have status 204, so no exchange can match; known are 200 and",
        ),
        ({"since_ms": 2, "until_ms": 1}, "since_ms: 2 is more than until_ms, which is 1; exchange the two"),
        ({"colour": "red"}, "'colour' is unknown here; known: operation, status, visitor, session, clause, stub, path"),
    ],
)
def test_a_filter_that_nothing_can_match_is_refused_with_the_way_out(mock, match, says):
    refusal = mock.admin("POST", "/journal/verify", {"match": match, "exactly": 0})

    assert refusal.status_code == 400
    assert says in refusal.json["error"]


def test_bounds_between_which_nothing_lies_are_refused(mock):
    refusal = mock.admin("POST", "/journal/verify", {"at_least": 2, "at_most": 1})

    assert refusal.status_code == 400
    assert "at_least: 2 is more than at_most, which is 1" in refusal.json["error"]


def test_a_list_with_an_operation_that_there_is_not_is_refused(mock):
    assert mock.admin("GET", "/journal", query={"operation": "getEngagment"}).status_code == 400


@pytest.mark.parametrize(
    ("body", "read"),
    [(b'{"vid": "123"}', {"vid": "123"}), (b"[1, 2]", [1, 2]), (b"null", None)],
)
def test_what_a_body_says_stands_beside_it(mock, body, read):
    mock.js(data=body, content_type="application/json")

    assert mock.journal()[0]["call"]["json"] == read


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 300 + b"]" * 300])
def test_a_body_that_says_nothing_readable_stands_alone(mock, body):
    mock.js(data=body, content_type="application/json")

    [exchange] = mock.journal()
    assert "json" not in exchange["call"]
    assert exchange["reply"]["json"]["internalCode"] == 5
