"""The schema classes say what the contract says, and explain what breaks it."""

from pathlib import Path

import pytest
import yaml

from mockserver.contract.schemas import SCHEMAS, explained, explained_call
from tests.support.contract_words import differences


def test_the_schemas_say_what_the_contract_says():
    contract = yaml.load((Path(__file__).parents[3] / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)

    assert differences(contract) == []


def test_everything_wrong_with_a_body_is_told_at_once_in_the_order_of_the_contract():
    body = {
        "engagementAttributes": [
            {"type": "searchInfo", "keywords": ["a", 1]},
            {"type": "cart"},
            {"type": "personl"},
            7,
        ],
        "consumerSections": "Support",
        "appDetails": {"osVersion": 12, "os": "AMIGA", "ipAddress": None},
        "appType": "MSDK",
    }

    assert explained(SCHEMAS["CreateSessionRequest"], body) == [
        ("appDetails.ipAddress", "must be an IPv4 or IPv6 address, got null; leave out what has no value"),
        ("appDetails.os", 'must be one of WINDOWS, MAC_OSX, LINUX, IOS, ANDROID, got "AMIGA"'),
        ("appDetails.osVersion", "must be a string, got a number (12)"),
        ("consumerSections", 'must be a list, got a string ("Support")'),
        ("engagementAttributes.0.type", "must not be searchInfo when appType is MSDK"),
        ("engagementAttributes.0.keywords.1", "must be a string, got a number (1)"),
        ("engagementAttributes.1.total", "is required"),
        ("engagementAttributes.1.numItems", "is required"),
        (
            "engagementAttributes.2.type",
            (
                "must be one of personal, ctmrinfo, mrktInfo, cart, purchase, prodView, lead, service, error, "
                "searchInfo, got \"personl\"; did you mean 'personal'?"
            ),
        ),
        ("engagementAttributes.3", "must be an object, got a number (7)"),
    ]


def test_members_that_the_contract_does_not_list_are_ignored():
    body = {"appType": "EXTERNAL", "appDetails": {"colour": 7}, "engagementAttributes": [{"type": "lead", "id": []}]}

    assert explained(SCHEMAS["CreateSessionRequest"], body) == []


@pytest.mark.parametrize("event", SCHEMAS["ImpressionEvent"].alternatives)
def test_an_impression_among_engagement_attributes_is_told_where_it_belongs(event):
    found = explained(SCHEMAS["GetEngagementRequest"], {"engagementAttributes": [{"type": event}]})

    assert found == [
        (
            "engagementAttributes.0.type",
            "impression events are not engagement attributes; send them as impAttributes of an Update Session",
        )
    ]


def test_searched_content_is_welcome_from_an_external_system():
    body = {"appType": "EXTERNAL", "engagementAttributes": [{"type": "searchInfo"}]}

    assert explained(SCHEMAS["CreateSessionRequest"], body) == []


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        pytest.param({}, [("status", "is required")], id="no status"),
        pytest.param(
            {"status": True},
            [("status", "must be one of Available, NotAvailable, got true")],
            id="status of another type",
        ),
        pytest.param(
            {"status": "NotAvailable", "sessionId": "a", "visitorId": "b", "pageId": "1", "engagementDetails": None},
            [("engagementDetails", "must be left out, got null")],
            id="details of no engagement",
        ),
    ],
)
def test_a_reply_is_read_by_the_status_it_has(reply, found):
    assert explained(SCHEMAS["EngagementReply"], reply) == found


@pytest.mark.parametrize(
    ("value", "got"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param([], "a list", id="list"),
        pytest.param("{}", 'a string ("{}")', id="text"),
        pytest.param(False, "false", id="flag"),
        pytest.param({1}, "a value of type set", id="nothing of JSON"),
    ],
)
@pytest.mark.parametrize("schema", ["GetEngagementRequest", "EngagementReply"])
def test_a_value_that_is_no_object_is_told_as_a_whole(schema, value, got):
    assert explained(SCHEMAS[schema], value) == [("", f"must be an object, got {got}")]


def test_a_value_nested_beyond_any_measure_is_read_like_any_other():
    deep = []
    for _ in range(100_000):
        deep = [deep]

    found = explained(SCHEMAS["UpdateSessionRequest"], {"pageId": deep, "impAttributes": [deep], "unlisted": deep})

    assert found == [
        ("pageId", "must be a string, got a list"),
        ("impAttributes.0", "must be an object, got a list"),
    ]


def test_a_call_is_explained_part_by_part():
    seen = {"path": {"accountId": "a b", "visitorId": "v"}, "query": {"v": "2.0"}, "body": []}

    assert list(explained_call("updateSession", seen)) == [
        ("path.accountId", 'must match ^[a-zA-Z0-9_]{1,20}$, got "a b"'),
        ("query.v", 'must be 1.0, written as 1.0 or 1, got "2.0"'),
        ("query.sid", "is required"),
        ("body", "must be an object, got a list"),
    ]


def test_a_part_of_a_call_that_could_not_be_read_is_not_judged():
    seen = {"path": {"accountId": "1", "visitorId": "v"}, "query": {"v": "1.0", "sid": "s"}}

    assert list(explained_call("updateSession", seen)) == []


def test_the_body_of_a_call_that_takes_none_is_not_judged():
    seen = {"path": {"accountId": "1"}, "query": {"version": "1.0"}, "body": []}

    assert list(explained_call("listDomains", seen)) == []
