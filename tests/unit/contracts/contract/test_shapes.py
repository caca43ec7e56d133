import pytest

from contracts.contract.shapes import Shapes
from tests.support.harness.contract import CONTRACT

SHAPES = Shapes(CONTRACT)
REPLY = "/components/schemas/EngagementReply"
ERROR = "/components/schemas/Error"
NOT_AVAILABLE = {"status": "NotAvailable", "sessionId": "abc", "visitorId": "xyz", "pageId": "1"}


def told(pointer, value):
    return [(violation.where, violation.cure) for violation in SHAPES.violations(pointer, value)]


def test_what_fits_has_no_violations():
    assert told(REPLY, NOT_AVAILABLE) == []


@pytest.mark.parametrize(
    ("change", "where", "cure"),
    [
        pytest.param(
            {"status": "Not Available"}, "status", "send status as 'Available' or 'NotAvailable'", id="discriminator"
        ),
        pytest.param({"engagementDetails": None}, "engagementDetails", "leave engagementDetails out", id="never"),
        pytest.param({"pageId": 7}, "pageId", "send pageId as string", id="type"),
        pytest.param({"pageId": "x"}, "pageId", "make pageId fit ^[0-9]{1,20}$", id="pattern"),
    ],
)
def test_a_violation_says_where_and_what_would_mend_it(change, where, cure):
    assert told(REPLY, {**NOT_AVAILABLE, **change}) == [(where, cure)]


def test_a_missing_member_points_at_the_clause_that_speaks_about_it():
    reply = {name: value for name, value in NOT_AVAILABLE.items() if name != "pageId"}

    [violation] = SHAPES.violations(REPLY, reply)

    assert (violation.cure, violation.pointer) == ("send pageId", "/components/schemas/PageId")


def test_a_missing_member_without_a_clause_of_its_own_points_at_the_list_of_required_ones():
    [violation] = SHAPES.violations(ERROR, {"internalCode": 5})

    assert violation.pointer == "/components/schemas/Error/required"


def test_a_missing_discriminator_is_a_missing_member():
    [violation] = SHAPES.violations(REPLY, {})

    assert violation.what == '"status" is a required property'


def test_several_violations_are_all_found():
    assert sorted(told(ERROR, {"time": "now", "internalCode": -1})) == [
        ("internalCode", "make internalCode at least 0"),
        ("time", "send time as integer"),
    ]
