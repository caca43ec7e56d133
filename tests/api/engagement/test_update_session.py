"""Update Session: what it notes, and what it refuses."""

import pytest

from tests.support.builders import NOW_MS, SIX_HOURS_MS
from tests.support.serving.in_process import broken, ids, refusal_of

ACCEPT = {"type": "impAccept", "eContext": [{"type": "engagementContext", "id": "1"}]}
DISPLAY = {"type": "impDisplay", "eContext": [{"type": "engagementContext", "id": "1"}]}


@pytest.fixture
def opened(mock):
    """Open a session and return its ids."""
    return ids(mock.rest())


def session_of(mock):
    [session] = mock.steer("GET", "/sessions")["sessions"]
    return session


def test_an_update_is_answered_with_an_empty_body(mock, opened):
    answer = mock.update(**opened)

    assert (answer.status_code, answer.data) == (200, b"")
    assert "Content-Type" not in answer.headers
    assert answer.headers["Content-Length"] == "0"


def test_the_session_notes_the_page_of_the_update(mock, opened):
    mock.update(**opened, body={"pageId": "never handed out"})

    session = session_of(mock)
    assert (session["page"], session["updates"], session["calls"]) == ("never handed out", 1, 1)


@pytest.mark.parametrize("method", ["PUT", "put", " Put "])
def test_an_update_may_be_tunnelled_through_a_post(mock, opened, method):
    answer = mock.update(**opened, method="POST", headers={"X-HTTP-Method-Override": method})

    assert (answer.status_code, answer.data) == (200, b"")
    [exchange] = mock.journal(operation="updateSession")
    assert (exchange["call"]["method"], exchange["call"]["sent_method"]) == ("PUT", "POST")


OTHER_OVERRIDES = [
    "GET",
    "POST",
    "DELETE",
    "PATCH",
    "TRACE",
    "UPDATE",
    "PUT, PUT",
    "PUT, DELETE",
    "",
    "\xe9",
    "P\tUT",
    "x" * 10_000,
]


@pytest.mark.parametrize("value", OTHER_OVERRIDES)
def test_a_post_that_means_anything_else_is_refused_and_does_nothing(mock, door, value):
    answer = door.ask(mock, headers={"X-HTTP-Method-Override": value})

    status, code, message, clauses = refusal_of(answer)
    assert (status, code, clauses) == (400, 5, ["REQ-400-OVERRIDE"])
    assert message.startswith("X-HTTP-Method-Override of a POST must be PUT, sent once, got ")
    assert broken(answer) == [("header.X-HTTP-Method-Override", "REQ-400-OVERRIDE")]
    assert mock.steer("GET", "/sessions") == {"sessions": []}


def test_of_two_overrides_neither_is_chosen(mock, opened):
    headers = [("X-HTTP-Method-Override", "PUT"), ("X-HTTP-Method-Override", "PUT")]

    answer = mock.update(**opened, method="POST", headers=headers)

    assert refusal_of(answer)[::3] == (400, ["REQ-400-OVERRIDE"])


def test_where_no_put_is_a_tunnelled_one_is_told_by_its_header(mock):
    answer = mock.js(headers={"X-HTTP-Method-Override": "PUT"})

    assert refusal_of(answer)[::3] == (405, ["REQ-405"])
    assert (
        answer.json["message"]
        == "PUT, which X-HTTP-Method-Override asks for, is not allowed here; allowed: OPTIONS, POST"
    )


@pytest.mark.parametrize("value", OTHER_OVERRIDES)
def test_other_methods_than_post_are_what_they_are(mock, opened, value):
    assert mock.update(**opened, headers={"X-HTTP-Method-Override": value}).status_code == 200


def test_the_admin_api_obeys_no_other_override_either(mock):
    answer = mock.admin("POST", "/journal", headers={"X-HTTP-Method-Override": "DELETE"})

    assert answer.status_code == 400
    assert "X-HTTP-Method-Override of a POST must be PUT" in answer.json["error"]


def test_only_a_post_tunnels(mock, opened):
    answer = mock.update(**opened, method="GET", headers={"X-HTTP-Method-Override": "PUT"})

    assert refusal_of(answer)[::3] == (405, ["REQ-405"])


def test_impressions_may_come_in_any_order_and_name_the_context_that_was_offered(mock, opened):
    body = {"pageId": "1", "impAttributes": [ACCEPT, DISPLAY]}

    assert mock.update(**opened, body=body).status_code == 200


def test_ids_in_impressions_may_be_numbers(mock, opened):
    event = {**ACCEPT, "campaign": 3115242510, "engId": 3115242810, "revision": 537}

    assert mock.update(**opened, body={"pageId": "1", "impAttributes": [event]}).status_code == 200


def test_an_impression_for_a_context_that_was_never_offered_is_refused(mock, opened):
    event = {"type": "impDisplay", "eContext": [{"id": "1"}, {"id": "2"}]}

    answer = mock.update(**opened, body={"pageId": "1", "impAttributes": [ACCEPT, event]})

    assert refusal_of(answer) == (400, 5, "impAttributes.1.eContext.1.id", ["US-400-CONTEXT"])


@pytest.mark.usefixtures("opened")
def test_a_context_of_another_session_is_not_offered_in_this_one(mock):
    mock.play({"then": "not_available"})
    other = ids(mock.rest())

    answer = mock.update(**other, body={"pageId": "1", "impAttributes": [ACCEPT]})

    assert refusal_of(answer)[::3] == (400, ["US-400-CONTEXT"])


@pytest.mark.parametrize(
    ("rule", "late_ms", "status"),
    [
        pytest.param("accept", 900_001, 200, id="accepted when it is late"),
        pytest.param("refuse", 900_000, 200, id="accepted in its last millisecond"),
        pytest.param("refuse", 900_001, 400, id="refused when it is late"),
    ],
)
def test_an_impression_after_the_engagement_was_valid_is_a_rule_of_the_space(mock, opened, rule, late_ms, status):
    mock.rules(expired_offer=rule)
    mock.wall.now_ms += late_ms

    answer = mock.update(**opened, body={"pageId": "1", "impAttributes": [ACCEPT]})

    assert answer.status_code == status
    assert status == 200 or refusal_of(answer, at_ms=NOW_MS + late_ms)[3] == ["US-400-CONTEXT"]


@pytest.mark.parametrize(
    ("body", "message", "clause"),
    [
        pytest.param({}, "pageId", "US-400-PAGE", id="no page"),
        pytest.param({"pageId": 5}, "pageId", "US-400-PAGE", id="page as a number"),
        pytest.param({"pageId": "1", "impAttributes": {}}, "impAttributes", "US-400-IMPRESSION", id="no list"),
        pytest.param(
            {"pageId": "1", "impAttributes": [{"type": "impHover"}]},
            "impAttributes.0.type",
            "US-400-IMPRESSION",
            id="unknown event",
        ),
        pytest.param(
            {"pageId": "1", "impAttributes": [{"type": "personal"}]},
            "impAttributes.0.type",
            "US-400-IMPRESSION",
            id="an attribute among the events",
        ),
        pytest.param(
            {"pageId": "1", "engagementAttributes": [{"type": "impDisplay"}]},
            "engagementAttributes.0.type",
            "GE-400-IMPRESSION",
            id="an event among the attributes",
        ),
        pytest.param([], "body", "GE-400-BODY", id="a list"),
    ],
)
def test_a_body_that_breaks_the_contract_is_refused(mock, opened, body, message, clause):
    answer = mock.update(**opened, body=body)

    assert refusal_of(answer) == (400, 5, message, [clause])


def test_a_body_is_required(mock, opened):
    assert refusal_of(mock.update(**opened, data=b"")) == (400, 5, "body", ["GE-400-BODY"])


def test_sid_and_version_are_required(mock, opened):
    without_sid = mock.update(opened["vid"], None)
    without_version = mock.update(**opened, v=None)

    assert refusal_of(without_sid) == (400, 5, "sid", ["US-400-SID"])
    assert refusal_of(without_version) == (400, 33, "Illegal Version", ["REST-400-VERSION"])


def test_an_unknown_visitor_is_404_37(mock):
    answer = mock.update("nobody", "456")

    assert refusal_of(answer) == (404, 37, "visitorId is unknown", ["US-404-VISITOR"])
    assert broken(answer) == [("path.visitorId", "US-404-VISITOR")]


def test_an_unknown_session_is_404_39(mock, opened):
    answer = mock.update(opened["vid"], "never-opened")

    assert refusal_of(answer) == (404, 39, "sid is unknown or has expired", ["US-404-SESSION"])
    assert broken(answer) == [("query.sid", "US-404-SESSION")]


@pytest.mark.parametrize(("age_ms", "status"), [(SIX_HOURS_MS - 1, 200), (SIX_HOURS_MS, 404)])
def test_a_session_is_updated_while_it_lives(mock, opened, age_ms, status):
    mock.wall.now_ms += age_ms

    answer = mock.update(**opened)

    assert answer.status_code == status
    assert status == 200 or refusal_of(answer, at_ms=NOW_MS + age_ms)[1] == 39


def test_the_session_of_another_visitor_is_401(mock, opened):
    other = ids(mock.rest())

    answer = mock.update(opened["vid"], other["sid"])

    assert refusal_of(answer)[::3] == (401, ["GE-401-FOREIGN"])
    assert broken(answer) == [("query.sid", "GE-401-FOREIGN")]


@pytest.mark.parametrize(("vid", "sid", "where"), [("!", "456", "path.visitorId"), ("123", "!", "query.sid")])
def test_malformed_ids_are_refused(mock, vid, sid, where):
    answer = mock.update(vid, sid)

    assert answer.status_code == (401 if where == "path.visitorId" else 400)
    assert broken(answer) == [(where, "GE-401-MALFORMED" if where == "path.visitorId" else "US-400-SID")]


def test_an_unknown_account_is_404_6(mock, opened):
    mock.rules(accounts=["1"])

    assert refusal_of(mock.update(**opened)) == (404, 6, "Data not found", ["GE-404-ACCOUNT"])


def test_search_info_may_be_reported_in_an_update(mock, opened):
    body = {"pageId": "1", "engagementAttributes": [{"type": "searchInfo"}]}

    assert mock.update(**opened, body=body).status_code == 200


def test_a_scenario_can_answer_an_update(mock, opened):
    mock.play({"when": {"operation": "updateSession"}, "then": {"error": "internal"}})

    assert refusal_of(mock.update(**opened))[:3] == (500, 18, "Internal server error")
    assert session_of(mock)["updates"] == 0
