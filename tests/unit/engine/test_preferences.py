import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.apis.engagement.outcomes import Offer
from mockserver.engine import preferences
from mockserver.engine.apis import Apis
from mockserver.engine.preferences import NO_PREFERENCE, Preference
from mockserver.errors import InvalidCall
from mockserver.own_apis import own_apis
from mockserver.scenarios.outcomes import Verbatim
from tests.support.builders import DOCUMENT

APIS = Apis(own_apis(DOCUMENT))
ENGAGEMENT = APIS.bound["getEngagement"]


def outcome(preference, operation="getEngagement", seed="7"):
    return preferences.outcome(preference, APIS.bound[operation], seed)


def said_of(header):
    """Return `read`, or the clauses that a header breaks."""
    try:
        preferences.read(header, ENGAGEMENT)
    except InvalidCall as error:
        return [v.clause for v in error.violations]
    return ["read"]


@pytest.mark.parametrize("header", [None, "", "wait=10", "respond-async"])
def test_nothing_is_asked_for(header):
    assert preferences.read(header, ENGAGEMENT) is NO_PREFERENCE


def test_everything_is_read():
    assert preferences.read('code=200, example="NoSkill", delay-ms=5', ENGAGEMENT) == Preference(
        code=200, example="NoSkill", delay_ms=5, applied="code=200, example=NoSkill, delay-ms=5"
    )


@pytest.mark.parametrize(
    ("preference", "wanted"),
    [
        (Preference(), False),
        (Preference(delay_ms=5), False),
        (Preference(code=200), True),
        (Preference(example="NoSkill"), True),
        (Preference(dynamic=True), True),
    ],
)
def test_only_some_preferences_pass_the_scenario_over(preference, wanted):
    assert preference.outcome_wanted is wanted


@given(st.text(alphabet=' ",;=\\abc0159codeynami', max_size=60) | st.text(max_size=60))
def test_any_header_is_read_or_refused_with_the_clause(header):
    assert said_of(header) in (["read"], ["REQ-400-PREFER"])


@pytest.mark.parametrize("piece", ['"', "a=", " ", ";", "a ", 'a="\\', ",=", '\\"', 'a;b="', 'code="'])
def test_a_header_made_to_be_slow_is_judged_at_once(piece):
    header = piece * 100_000

    assert said_of(header) in (["read"], ["REQ-400-PREFER"])


def test_an_example_without_a_status_is_found_under_the_lowest_that_has_it():
    answer = outcome(Preference(example="Loading"))

    assert answer.status == 500
    assert b"Loading account" in answer.body


def test_an_empty_reply_stays_empty():
    assert outcome(Preference(code=200), "updateSession") == Verbatim(200)
    assert outcome(Preference(dynamic=True), "updateSession") == Verbatim(200)


def test_a_dynamic_engagement_is_an_offer_so_that_the_session_stays_real():
    assert isinstance(outcome(Preference(dynamic=True)), Offer)


def test_a_script_is_never_drawn():
    drawn = outcome(Preference(dynamic=True), "getDomainScript")

    assert drawn.headers == (("Content-Type", "application/javascript"),)
    assert drawn.body.startswith(b"cb({")


def test_another_seed_draws_another_reply():
    assert outcome(Preference(dynamic=True), seed="1/drawn/2") != outcome(Preference(dynamic=True), seed="2/drawn/1")
