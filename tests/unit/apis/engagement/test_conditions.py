from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.scenarios.conditions.open_hours import OpenHours
from tests.support.scenario_fakes import ASKING, RULES, a_call, a_matcher, loaded_stub, read, refusal

SUNDAY = datetime(2026, 1, 4, 9, 12, tzinfo=UTC)
NOW = SUNDAY
OFFICE = read({"timezone": "Europe/Berlin", "monday": ["09:00-17:00"]}, lambda node: OpenHours.read(node, RULES))
PERSONAL = {"type": "personal", "personal": {"gender": "FEMALE", "contacts": [{"email": "a@b.c", "phone": "1"}]}}


def differences(matcher, call, now=NOW):
    return matcher.differences(call, now)


@pytest.mark.parametrize("operation", ["getEngagement", "createFirstSession", "createSession"])
def test_an_empty_matcher_matches_every_request_for_an_engagement(operation):
    assert differences(a_matcher(), a_call(operation)) == []


@pytest.mark.parametrize(
    ("matcher", "call", "difference"),
    [
        pytest.param(
            a_matcher(),
            a_call("updateSession"),
            "operation: wanted 'getEngagement' or 'createFirstSession' or 'createSession', got 'updateSession'",
            id="another operation than those an empty matcher is about",
        ),
        pytest.param(
            a_matcher(account=("1", "2")),
            a_call(account="3"),
            "account: wanted '1' or '2', got '3'",
            id="another account",
        ),
        pytest.param(
            a_matcher(visitor=("xyz",)), a_call(visitor="abc"), "visitor: wanted 'xyz', got 'abc'", id="another visitor"
        ),
        pytest.param(a_matcher(visitor=("xyz",)), a_call(), "visitor: wanted 'xyz', got nothing", id="no visitor"),
        pytest.param(
            a_matcher(session=("abc",)), a_call(session="x"), "session: wanted 'abc', got 'x'", id="another session"
        ),
        pytest.param(
            a_matcher(app_type=("MSDK",)),
            a_call("createSession", appType="EXTERNAL"),
            "appType: wanted 'MSDK', got 'EXTERNAL'",
            id="another app type",
        ),
        pytest.param(
            a_matcher(app_type=("MSDK",)),
            a_call(),
            "appType: wanted 'MSDK', got 'EXTERNAL'",
            id="the app type of the JS door when none is given",
        ),
        pytest.param(
            a_matcher(consumer_sections=("Support",)),
            a_call(consumerSections=["Sales"]),
            "consumerSections: wanted 'Support' among them, got ['Sales']",
            id="other sections",
        ),
        pytest.param(
            a_matcher(consumer_sections=("Support",)),
            a_call(),
            "consumerSections: wanted 'Support' among them, got nothing",
            id="no sections",
        ),
        pytest.param(
            a_matcher(app_details={"os": "IOS"}), a_call(), "appDetails.os: wanted 'IOS', got nothing", id="no details"
        ),
        pytest.param(
            a_matcher(app_details={"os": "IOS"}),
            a_call(appDetails={"os": "LINUX"}),
            "appDetails.os: wanted 'IOS', got 'LINUX'",
            id="other details",
        ),
        pytest.param(
            a_matcher(engagement_attributes=({"type": "cart"},)),
            a_call(engagementAttributes=[{"type": "lead"}]),
            "engagementAttributes: wanted one with {'type': 'cart'}, got [{'type': 'lead'}]",
            id="other attributes",
        ),
        pytest.param(
            a_matcher(headers={"x-tenant": "blue"}),
            a_call(headers={"x-tenant": "red"}),
            "headers.x-tenant: wanted 'blue', got 'red'",
            id="another header",
        ),
        pytest.param(
            a_matcher(open_hours=OFFICE),
            a_call(),
            "clock: wanted Monday 09:00-17:00 Europe/Berlin, got Sunday 10:12",
            id="another time",
        ),
        pytest.param(
            a_matcher(first_call=False),
            a_call(),
            "first call: wanted a call with a visitor or a session, got a first call",
            id="a first call",
        ),
    ],
)
def test_a_difference_says_what_was_wanted_and_what_came(matcher, call, difference):
    assert differences(matcher, call) == [difference]


def test_a_later_call_differs_from_a_first_one():
    assert differences(a_matcher(first_call=True), a_call(session="abc")) == [
        "first call: wanted a first call, got a call with a visitor or a session"
    ]


def test_each_condition_that_fails_is_told():
    matcher = a_matcher(account=("1",), consumer_sections=("A", "B"), headers={"x-tenant": "blue"})

    assert differences(matcher, a_call(account="2", consumerSections=["B"])) == [
        "account: wanted '1', got '2'",
        "consumerSections: wanted 'A' among them, got ['B']",
        "headers.x-tenant: wanted 'blue', got nothing",
    ]


@pytest.mark.parametrize(
    ("matcher", "call"),
    [
        pytest.param(a_matcher(account=("1", "2")), a_call(account="2"), id="one of the alternatives"),
        pytest.param(
            a_matcher(consumer_sections=("Support",)), a_call(consumerSections=["A", "Support"]), id="among others"
        ),
        pytest.param(
            a_matcher(app_details={"os": "IOS"}), a_call(appDetails={"os": "IOS", "osVersion": "1"}), id="more details"
        ),
        pytest.param(
            a_matcher(engagement_attributes=({"type": "personal", "personal": {"gender": "FEMALE"}},)),
            a_call(engagementAttributes=[{"type": "cart"}, PERSONAL]),
            id="contained in one attribute",
        ),
        pytest.param(a_matcher(headers={"x-tenant": "blue"}), a_call(headers={"x-tenant": "blue"}), id="the header"),
        pytest.param(a_matcher(app_type=("EXTERNAL",)), a_call(), id="EXTERNAL where the JS door leaves it out"),
    ],
)
def test_a_call_that_meets_all_conditions_has_no_difference(matcher, call):
    assert differences(matcher, call) == []


@pytest.mark.parametrize("value", [5, "Support", {"Support": 1}])
def test_a_member_that_the_operation_does_not_know_may_be_anything(value):
    matcher = a_matcher(
        "updateSession",
        consumer_sections=("Support",),
        app_details={"os": "IOS"},
        engagement_attributes=({"type": "cart"},),
    )

    found = differences(matcher, a_call("updateSession", consumerSections=value, appDetails=value))

    assert [line.partition(":")[0] for line in found] == ["consumerSections", "appDetails.os", "engagementAttributes"]


def test_a_difference_stays_short_and_on_one_line():
    sections = ["line\nbreak" * 1000, *["B" * 50] * 1000]

    [difference] = differences(a_matcher(consumer_sections=("A",)), a_call(consumerSections=sections))

    assert len(difference) < 300
    assert "\n" not in difference


def test_of_a_long_list_only_the_first_items_are_told():
    [difference] = differences(a_matcher(consumer_sections=("Z",)), a_call(consumerSections=list("ABCDEFGH")))

    assert difference == "consumerSections: wanted 'Z' among them, got ['A', 'B', 'C', 'D', 'E', 'F', ...]"


texts = st.sampled_from("ab")
some = st.lists(texts, max_size=2, unique=True).map(tuple)
matchers = st.builds(
    lambda operations, **conditions: a_matcher(*operations, **conditions),
    operations=st.sampled_from([("getEngagement",), ("updateSession", "getEngagement"), ("createSession",)]),
    account=some,
    visitor=some,
    session=some,
    app_type=st.sampled_from([(), ("EXTERNAL",), ("MSDK",)]),
    first_call=st.sampled_from([None, True, False]),
    consumer_sections=some,
    app_details=st.dictionaries(texts, texts, max_size=1),
    engagement_attributes=st.lists(st.dictionaries(texts, texts, max_size=1), max_size=1).map(tuple),
    headers=st.dictionaries(texts, texts, max_size=1),
    open_hours=st.sampled_from([None, OFFICE]),
)
calls = st.builds(
    a_call,
    st.sampled_from(["getEngagement", "createSession", "updateSession"]),
    account=texts,
    visitor=st.none() | texts,
    session=st.none() | texts,
    headers=st.dictionaries(texts, texts, max_size=2),
    consumerSections=st.lists(texts, max_size=3) | st.just(5),
    appDetails=st.dictionaries(texts, texts, max_size=2),
    engagementAttributes=st.lists(st.dictionaries(texts, texts, max_size=2), max_size=2),
)
moments = st.sampled_from([SUNDAY, datetime(2026, 1, 5, 9, tzinfo=UTC)])


@settings(deadline=None)
@given(matchers, calls, moments)
def test_a_call_matches_exactly_when_it_has_no_difference(matcher, call, now):
    assert matcher.matches(call, now) == (not matcher.differences(call, now))


class TestWhen:
    @pytest.mark.parametrize(
        ("when", "operations"),
        [
            pytest.param({}, ASKING, id="by default those that ask for an engagement"),
            pytest.param({"operation": "updateSession"}, ("updateSession",), id="one"),
            pytest.param({"operation": ["updateSession", "getDomain"]}, ("updateSession", "getDomain"), id="several"),
            pytest.param({"door": "js"}, ("getEngagement",), id="those behind the JS door"),
            pytest.param(
                {"door": "rest"}, ("createFirstSession", "createSession", "updateSession"), id="behind the REST door"
            ),
            pytest.param(
                {"door": "rest", "operation": ["getEngagement", "createSession"]},
                ("createSession",),
                id="those that door and operation have in common",
            ),
        ],
    )
    def test_a_matcher_is_about_these_operations(self, when, operations):
        stub = loaded_stub({"when": when, "then": {"error": {"status": 400, "internalCode": 5}}})

        assert stub.matcher.operation.names == operations

    def test_every_condition_is_read(self):
        when = {
            "account": ["1", "2"],
            "visitor": "xyz",
            "session": "abc",
            "first_call": False,
            "app_type": "MSDK",
            "consumer_sections": ["Support"],
            "app_details": {"os": "IOS"},
            "engagement_attributes": [{"type": "cart"}],
            "headers": {"X-Tenant": "blue"},
        }

        assert loaded_stub({"when": when, "then": "not_available"}).matcher == a_matcher(
            account=("1", "2"),
            visitor=("xyz",),
            session=("abc",),
            first_call=False,
            app_type=("MSDK",),
            consumer_sections=("Support",),
            app_details={"os": "IOS"},
            engagement_attributes=({"type": "cart"},),
            headers={"x-tenant": "blue"},
        )

    def test_open_hours_are_read(self):
        when = {"open_hours": {"timezone": "UTC", "monday": ["09:00-17:00"]}}

        [open_hours] = loaded_stub({"when": when, "then": "not_available"}).matcher.conditions

        assert open_hours.written() == "Monday 09:00-17:00 UTC"

    @pytest.mark.parametrize(
        ("when", "message"),
        [
            pytest.param(
                {"operation": "getEngagment"},
                "stubs[0].when.operation: unknown operation 'getEngagment'; did you mean 'getEngagement'? "
                "Valid values: "
                "getEngagement, createFirstSession, createSession, updateSession, getDomain",
                id="unknown operation",
            ),
            pytest.param(
                {"operation": ["getEngagement", 5]},
                "stubs[0].when.operation[1]: wanted text, got the number 5; put it in quotes: '5'",
                id="operation that is no text",
            ),
            pytest.param(
                {"operation": []},
                "stubs[0].when.operation: no operation is left that could match",
                id="no operation",
            ),
            pytest.param(
                {"door": "js", "operation": "createSession"},
                "stubs[0].when.operation: the js door has getEngagement; no operation is left that could match",
                id="operation of the other door",
            ),
            pytest.param(
                {"door": "front"},
                "stubs[0].when.door: unknown door 'front'. Valid values: js, rest",
                id="unknown door",
            ),
            pytest.param(
                {"account": []},
                "stubs[0].when.account: wanted a text or a list of at least one, got a list",
                id="no alternative",
            ),
            pytest.param(
                {"account": "not-an-account"},
                "stubs[0].when.account: no call can meet this, the contract forbids it: "
                "'not-an-account' is no AccountId",
                id="account that cannot be",
            ),
            pytest.param(
                {"app_type": "WEB"},
                "stubs[0].when.app_type: no call can meet this, the contract forbids it: "
                "appType is one of MSDK, EXTERNAL",
                id="app type that cannot be",
            ),
            pytest.param(
                {"app_details": {"osVersion": 15}},
                "stubs[0].when.app_details: no call can meet this, the contract forbids it: osVersion is no text",
                id="details that cannot be",
            ),
            pytest.param(
                {"first_call": "yes"},
                "stubs[0].when.first_call: wanted true or false, got the text 'yes'",
                id="a word of YAML 1.1",
            ),
            pytest.param(
                {"engagement_attributes": ["cart"]},
                "stubs[0].when.engagement_attributes[0]: wanted a mapping, got the text 'cart'",
                id="attribute that is no mapping",
            ),
            pytest.param(
                {"headers": {"x-tenant": True}},
                "stubs[0].when.headers.x-tenant: wanted text, got true; put it in quotes: 'true'",
                id="header that is no text",
            ),
            pytest.param(None, "stubs[0].when: wanted a mapping, got nothing", id="nothing"),
        ],
    )
    def test_conditions_that_cannot_be_read_or_met_are_refused(self, when, message):
        assert refusal({"when": when, "then": "not_available"}) == message
