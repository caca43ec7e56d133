"""The JS door: what it answers, and what a reply consists of."""

import re

import pytest

from tests.support.builders import ACCOUNT, DOCUMENT, NOW_MS
from tests.support.documented import DETAILS, DOCUMENTED_CALL
from tests.support.serving.in_process import Mock, broken, ids, refusal_of


def test_the_documented_request_is_answered_with_the_documented_engagement(mock):
    answer = mock.js(DOCUMENTED_CALL)

    assert answer.status_code == 200
    assert answer.json["status"] == "Available"
    assert answer.json["engagementDetails"] == DETAILS


def test_the_documented_request_keeps_its_visitor_and_is_given_a_new_session(mock):
    answer = mock.js(DOCUMENTED_CALL)

    assert answer.json["visitorId"] == "123"
    assert answer.json["sessionId"] != "456"


def test_ids_have_the_shapes_of_real_ones(mock):
    answer = mock.js()

    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", answer.json["visitorId"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", answer.json["sessionId"])
    assert re.fullmatch(r"[0-9]{10}", answer.json["pageId"])


def test_a_reply_carries_the_documented_members_in_their_order_and_no_others(mock):
    answer = mock.js()

    assert list(answer.json) == ["status", "sessionId", "visitorId", "pageId", "engagementDetails"]
    assert list(answer.json["engagementDetails"]) == list(DETAILS)
    assert answer.content_type == "application/json"


def test_not_available_is_a_200_without_the_engagement(mock):
    mock.play({"then": "not_available"})

    answer = mock.js()

    assert answer.status_code == 200
    assert list(answer.json) == ["status", "sessionId", "visitorId", "pageId"]
    assert answer.json["status"] == "NotAvailable"


def test_not_available_opens_a_session_all_the_same(mock):
    mock.play({"then": "not_available"})
    first = mock.js()

    second = mock.js(ids(first))

    assert ids(second) == ids(first)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"data": b""}, id="no body"),
        pytest.param({"data": b"", "content_type": "application/json"}, id="no body that is called JSON"),
        pytest.param({"data": b"", "content_type": "text/plain"}, id="no body that is called text"),
        pytest.param({"body": {}}, id="no options"),
        pytest.param({"body": {"appType": "EXTERNAL"}}, id="the type that would be filled in"),
        pytest.param(
            {"data": b" {} ", "content_type": "Application/JSON; charset=utf-8"}, id="a type with a parameter"
        ),
    ],
)
def test_options_may_be_left_out(mock, options):
    assert mock.js(**options).status_code == 200


def test_members_that_are_not_listed_are_ignored_wherever_they_stand(mock):
    body = {
        "colour": "red",
        "appDetails": {"platform": "x", "name": 7},
        "engagementAttributes": [{"type": "personal", "colour": "red", "personal": {"shoe": 46}}],
    }

    assert mock.js(body).status_code == 200


def test_query_parameters_that_are_not_listed_are_ignored_even_when_repeated(mock):
    assert mock.js(query=[("v", "9"), ("utm", "1"), ("utm", "2")]).status_code == 200


@pytest.mark.parametrize("app_type", ["WEB", "IVR", "MSDK", "external", "", 5, None, ["EXTERNAL"]])
def test_any_app_type_but_external_is_refused(mock, app_type):
    answer = mock.js({"appType": app_type})

    assert refusal_of(answer) == (400, 5, "appType", ["JS-400-APPTYPE"])
    assert broken(answer) == [("body.appType", "JS-400-APPTYPE")]


def test_a_scenario_can_fix_the_ids(mock):
    mock.play({"then": {"offer": {}}}, ids={"visitor": "xyz", "session": "abc", "page": "4743822558"})

    answer = mock.js()

    assert ids(answer) == {"vid": "xyz", "sid": "abc"}
    assert answer.json["pageId"] == "4743822558"


def test_an_authenticated_engagement_has_its_connector():
    assert Mock(scenario="authenticated").js().json["engagementDetails"]["connectorId"] == "568046210"


def test_an_engagement_without_a_skill_leaves_both_members_out():
    details = Mock(scenario="no-skill").js().json["engagementDetails"]

    assert details == {name: value for name, value in DETAILS.items() if not name.startswith("skill")}


def test_the_skill_of_engagements_without_one_may_be_minus_one(mock):
    mock.play({"then": {"offer": {"skillId": -1, "skillName": None}}})

    assert mock.js().json["engagementDetails"]["skillId"] == -1


def test_ids_are_numbers_on_demand(mock):
    mock.play({"then": {"offer": {"connectorId": "568046210"}}})
    mock.rules(id_type="number")

    details = mock.js().json["engagementDetails"]

    assert [details[name] for name in ("campaignId", "engagementId", "connectorId")] == [
        3346848610,
        3562981110,
        568046210,
    ]
    assert details["windowId"] == "3346847910"
    assert details["contextId"] == "1"


def test_a_space_may_know_its_accounts(mock):
    mock.rules(accounts=[ACCOUNT])

    known, unknown = mock.js(), mock.js(account="1")

    assert known.status_code == 200
    assert refusal_of(unknown) == (404, 6, "Data not found", ["GE-404-ACCOUNT"])
    assert broken(unknown) == [("path.accountId", "GE-404-ACCOUNT")]


def test_an_account_without_an_engagement_for_apps_has_no_data():
    assert refusal_of(Mock(scenario="no-engagement").js())[:3] == (404, 6, "Data not found")


@pytest.mark.parametrize("operation", ["getEngagement", "createFirstSession", "createSession"])
def test_a_reply_has_only_documented_headers(mock, operation):
    answers = {
        "getEngagement": mock.js(),
        "createFirstSession": mock.rest(),
        "createSession": mock.rest(vid="123"),
    }
    path = "/api/account/{accountId}/app/engagement/visitors/"
    item = {"getEngagement": DOCUMENT["paths"]["/api/account/{accountId}/getEngagement"]}.get(
        operation, DOCUMENT["paths"][path]
    )
    assert item["post"]["responses"]["200"] == {"$ref": "#/components/responses/Engagement"}
    documented = DOCUMENT["components"]["responses"]["Engagement"]["headers"]

    assert set(dict(answers[operation].headers)) <= {*documented, "Content-Type", "Content-Length"}


def test_time_in_errors_is_the_clock_of_the_space(mock):
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": NOW_MS + 5})

    assert refusal_of(mock.js({"appType": "WEB"}), at_ms=NOW_MS + 5)[0] == 400
