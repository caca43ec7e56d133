from itertools import combinations

import pytest

from contracts.client_suite.outcomes import CURES
from contracts.client_suite.situations.enumeration import enumerate_situations
from contracts.client_suite.situations.pairs import every, pairwise
from contracts.client_suite.situations.variants import details_axes
from contracts.contract.shapes import Shapes
from tests.support.harness.client_builders import DOCUMENT

AXES = {"a": ("1", "2", "3"), "b": ("x", "y"), "c": ("p", "q", "r"), "d": ("m", "n")}
SITUATIONS = enumerate_situations(DOCUMENT)


def bodies(situations):
    return [
        stub["then"]["reply"]["body"]
        for situation in situations
        if situation.name.startswith(("available", "not-available-extra"))
        for stub in situation.stubs
    ]


def test_pairs_meet_with_far_fewer_rows_than_combinations():
    rows = list(pairwise(AXES))

    met = {frozenset(pair) for row in rows for pair in combinations(row.items(), 2)}
    wanted = {frozenset(pair) for row in every(AXES) for pair in combinations(row.items(), 2)}
    assert met == wanted
    assert len(rows) < len(list(every(AXES))) / 2


def test_pairs_are_the_same_in_every_run():
    assert list(pairwise(AXES)) == list(pairwise(AXES))


def test_every_situation_has_a_name_of_its_own():
    names = [situation.name for situation in SITUATIONS]

    assert len(set(names)) == len(names)


def test_every_good_reply_that_is_sent_keeps_the_contract():
    shapes = Shapes(DOCUMENT)
    violations = [
        (body, violation)
        for body in bodies(enumerate_situations(DOCUMENT, exhaustive=True))
        for violation in shapes.violations("/components/schemas/EngagementReply", body)
    ]

    assert violations == []


@pytest.mark.parametrize("member", ["skillId", "skillName", "connectorId"])
def test_an_optional_member_is_there_and_absent(member):
    seen = {member in body.get("engagementDetails", {}) for body in bodies(SITUATIONS)}

    assert seen == {True, False}


@pytest.mark.parametrize("member", ["campaignId", "engagementId", "connectorId"])
def test_an_id_is_text_and_number(member):
    details = [body.get("engagementDetails", {}) for body in bodies(SITUATIONS)]

    assert {type(one[member]) for one in details if member in one} == {str, int}


def test_the_choices_follow_the_members_of_the_contract():
    members = DOCUMENT.data["components"]["schemas"]["EngagementDetails"]["properties"]

    assert details_axes(DOCUMENT).keys() == members.keys()


def test_every_documented_error_status_is_met():
    documented = {status for status in DOCUMENT.operations["getEngagement"].responses if status >= 400}

    assert {one.delivery.status for one in SITUATIONS} >= documented


def test_exhaustive_has_every_error_at_every_place():
    names = {one.name for one in enumerate_situations(DOCUMENT, exhaustive=True)}
    statuses = [status for status in DOCUMENT.operations["getEngagement"].responses if status >= 400]
    wanted = {
        f"{place}-{status}-{message}-message"
        for place in ("first", "second", "update")
        for status in statuses
        for message in ("with", "without")
    }

    assert wanted <= names


def test_every_clause_that_a_wrong_outcome_can_break_exists_and_has_a_cure():
    clauses = {clause for one in SITUATIONS for clause in (one.clause, *one.features.values())}

    assert clauses <= DOCUMENT.clauses.keys()
    assert clauses <= CURES.keys()
