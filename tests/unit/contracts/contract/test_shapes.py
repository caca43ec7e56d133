import pytest

from contracts.contract.document import load
from contracts.contract.shapes import Shapes

SHAPES = Shapes(load())
REPLY = "/components/schemas/EngagementReply"
ERROR = "/components/schemas/Error"
NOT_AVAILABLE = {"status": "NotAvailable", "sessionId": "abc", "visitorId": "xyz", "pageId": "1"}


def told(pointer, value):
    return [(misfit.where, misfit.cure) for misfit in SHAPES.misfits(pointer, value)]


def test_what_fits_has_no_misfits():
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
def test_a_misfit_says_where_and_what_would_mend_it(change, where, cure):
    assert told(REPLY, {**NOT_AVAILABLE, **change}) == [(where, cure)]


def test_a_missing_member_points_at_the_clause_that_speaks_about_it():
    reply = {name: value for name, value in NOT_AVAILABLE.items() if name != "pageId"}

    [misfit] = SHAPES.misfits(REPLY, reply)

    assert (misfit.cure, misfit.pointer) == ("send pageId", "/components/schemas/PageId")


def test_a_missing_member_without_a_clause_of_its_own_points_at_the_list_of_required_ones():
    [misfit] = SHAPES.misfits(ERROR, {"internalCode": 5})

    assert misfit.pointer == "/components/schemas/Error/required"


def test_a_missing_discriminator_is_a_missing_member():
    [misfit] = SHAPES.misfits(REPLY, {})

    assert misfit.what == '"status" is a required property'


def test_several_misfits_are_all_told():
    assert sorted(told(ERROR, {"time": "now", "internalCode": -1})) == [
        ("internalCode", "make internalCode at least 0"),
        ("time", "send time as integer"),
    ]
