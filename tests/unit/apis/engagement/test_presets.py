from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mockserver.apis.engagement.outcomes import NotAvailable, Offer
from mockserver.apis.engagement.outcomes.error import NAMED_ERRORS
from mockserver.errors import ScenarioError
from mockserver.scenarios.outcomes.sequence import position_after
from mockserver.scenarios.reading.loading import load_preset, load_scenario
from mockserver.scenarios.vocabulary import Vocabulary
from tests.support.documented import DOCUMENTED_NOT_AVAILABLE, DOCUMENTED_REPLY
from tests.support.scenario_fakes import DEFAULT_ENGAGEMENT, ENGAGEMENT, VOCABULARY, FakeRules, a_call

MONDAY_MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)
SUNDAY_MORNING = datetime(2026, 1, 4, 9, tzinfo=UTC)


def loaded(name):
    return load_scenario(VOCABULARY.presets.text(name), name, VOCABULARY)


def outcomes(name, *calls, now=SUNDAY_MORNING):
    """Return what a scenario says to these calls, one after the other."""
    scenario, records, found = loaded(name), {}, []
    for call in calls:
        stub = scenario.pick(call, now)
        records[stub.name], step = position_after(records.get(stub.name), stub.steps, 0, repeat=stub.repeat)
        found.append(stub.steps[step].outcome)
    return found


@pytest.mark.parametrize("name", VOCABULARY.presets.names())
def test_a_preset_that_was_parsed_before_is_what_its_text_says(name):
    first, again = (load_preset(name, VOCABULARY) for _ in range(2))

    assert first == again == loaded(name)


class OtherRules(FakeRules):
    """Another contract, of which every identifier is wrong."""

    def component_problems(self, component, value):
        return ["is wrong"] if component.endswith("Id") else super().component_problems(component, value)


def test_a_preset_that_breaks_the_contract_is_refused_where_it_does():
    with pytest.raises(ScenarioError, match=r"^documented-example:\d+:\d+: ids\.\w+: breaks the contract: is wrong"):
        load_preset("documented-example", Vocabulary([replace(ENGAGEMENT, rules=OtherRules())], OtherRules()))


def test_these_presets_ship_with_the_server():
    assert VOCABULARY.presets.names() == (
        "authenticated",
        "available",
        "by-section",
        "documented-example",
        "documented-not-available",
        "loading",
        "loading-forever",
        "maintenance",
        "no-engagement",
        "no-skill",
        "not-available",
        "office-hours",
    )


@pytest.mark.parametrize("name", VOCABULARY.presets.names())
def test_a_preset_is_named_like_its_file_and_describes_itself(name):
    scenario = loaded(name)

    assert scenario.name == name
    assert scenario.description.endswith(".")


@pytest.mark.parametrize("name", VOCABULARY.presets.names())
def test_a_preset_explains_itself_in_comments(name):
    assert VOCABULARY.presets.text(name).startswith("# ")


def test_an_unknown_preset_is_refused_with_the_nearest_and_all_there_are():
    with pytest.raises(ScenarioError) as refusal:
        VOCABULARY.presets.text("availabel")

    assert str(refusal.value) == (
        f"unknown preset 'availabel'; did you mean 'available'? Presets: {', '.join(VOCABULARY.presets.names())}"
    )


def test_a_preset_is_never_a_path():
    with pytest.raises(ScenarioError, match="unknown preset"):
        VOCABULARY.presets.text("../presets/available")


def test_available_offers_the_default_engagement():
    assert outcomes("available", a_call()) == [Offer(DEFAULT_ENGAGEMENT)]


def test_not_available_offers_nothing():
    assert outcomes("not-available", a_call()) == [NotAvailable()]


@pytest.mark.parametrize(
    ("name", "body"),
    [("documented-example", DOCUMENTED_REPLY), ("documented-not-available", DOCUMENTED_NOT_AVAILABLE)],
)
def test_the_documented_replies_are_those_of_the_page_byte_for_byte(name, body):
    [reply] = outcomes(name, a_call())

    assert (reply.status, reply.headers, reply.body) == (200, (("Content-Type", "application/json"),), body)


@pytest.mark.parametrize("name", ["documented-example", "documented-not-available"])
def test_the_documented_replies_come_with_the_ids_of_the_page(name):
    assert loaded(name).ids == {"visitor": "xyz", "session": "abc", "page": "4743822558"}


def test_no_skill_leaves_the_skill_out():
    [offer] = outcomes("no-skill", a_call())

    assert [name for name in DEFAULT_ENGAGEMENT if name not in offer.details] == ["skillId", "skillName"]


def test_authenticated_adds_the_connector_to_the_default_engagement():
    assert outcomes("authenticated", a_call()) == [Offer({**DEFAULT_ENGAGEMENT, "connectorId": "568046210"})]


def test_loading_is_over_after_two_calls():
    loading = NAMED_ERRORS["loading"]

    assert outcomes("loading", *[a_call()] * 4) == [loading, loading, *[Offer(DEFAULT_ENGAGEMENT)] * 2]


def test_loading_forever_is_never_over():
    assert outcomes("loading-forever", *[a_call()] * 30) == [NAMED_ERRORS["loading"]] * 30


@pytest.mark.parametrize("operation", ["getEngagement", "createFirstSession", "createSession", "updateSession"])
def test_maintenance_answers_every_operation_on_engagements(operation):
    assert outcomes("maintenance", a_call(operation)) == [NAMED_ERRORS["unavailable"]]


def test_no_engagement_is_told_as_404():
    assert outcomes("no-engagement", a_call()) == [NAMED_ERRORS["no_engagement"]]


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param(MONDAY_MORNING, Offer(DEFAULT_ENGAGEMENT), id="on a working day"),
        pytest.param(SUNDAY_MORNING, NotAvailable(), id="on a Sunday"),
    ],
)
def test_office_hours_follow_the_clock(now, outcome):
    assert outcomes("office-hours", a_call(), now=now) == [outcome]


@pytest.mark.parametrize(
    ("call", "skill"),
    [
        pytest.param(
            a_call(
                consumerSections=["Support"], engagementAttributes=[{"type": "ctmrinfo", "info": {"ctype": "gold"}}]
            ),
            "GoldSupport",
            id="gold customer in the support section",
        ),
        pytest.param(a_call(consumerSections=["Other", "Support"]), "Support", id="anybody in the support section"),
        pytest.param(
            a_call(appDetails={"os": "IOS"}, engagementAttributes=[{"type": "cart"}]), "Checkout", id="cart on iOS"
        ),
        pytest.param(a_call(visitor="xyz", session="abc"), "Sales", id="later call of anybody else"),
    ],
)
def test_by_section_the_particular_stands_before_the_general(call, skill):
    [offer] = outcomes("by-section", call)

    assert offer.details["skillName"] == skill


def test_by_section_offers_nothing_to_who_has_just_arrived():
    assert outcomes("by-section", a_call()) == [NotAvailable()]
