"""The values near a schema: each member is met, from inside and from outside, and each value by the contract's word."""

import json
from functools import cache

import pytest

from contracts.server_suite.near.calls import NearCalls
from contracts.server_suite.near.values import ABSENT
from contracts.server_suite.own_visit import OwnVisit
from tests.support.harness.contract import CONTRACT

VISIT = OwnVisit(
    "56072331", "vUnknown", "sUnknown", visitor="vLive", session="sLive", page="4743822558", context="offered"
)


@cache
def near_calls(operation):
    """Make the calls once, when a test asks for them: that takes longer than all the tests."""
    return list(NearCalls(CONTRACT, VISIT).of(CONTRACT.operations[operation]))


def values(operation, where, *, accepted):
    return [near.value for near in near_calls(operation) if near.where == where and (near.refusal is None) == accepted]


def clause(operation, where, value):
    return next(near.refusal.clause for near in near_calls(operation) if near.where == where and near.value == value)


def members(pointer, where="body"):
    """Yield the place of every listed member of a schema."""
    schema = CONTRACT.at(CONTRACT.resolved(pointer))
    for branch in schema.get("discriminator", {}).get("mapping", {}).values():
        yield from members(branch.removeprefix("#"), where)
    if "items" in schema:
        yield from members(f"{CONTRACT.resolved(pointer)}/items", f"{where}.1")
    for name in schema.get("properties", ()):
        yield f"{where}.{name}"
        yield from members(f"{CONTRACT.resolved(pointer)}/properties/{name}", f"{where}.{name}")


@pytest.mark.parametrize("operation", ["getEngagement", "createFirstSession", "createSession", "updateSession"])
def test_every_member_of_a_body_is_met_from_both_sides(operation):
    holder = CONTRACT.resolved(f"{CONTRACT.operations[operation].pointer}/requestBody")
    listed = set(members(f"{holder}/content/application~1json/schema"))

    accepted = {near.where for near in near_calls(operation) if near.refusal is None}
    refused = {near.where for near in near_calls(operation) if near.refusal}

    # Three members may be anything.
    assert {where.rpartition(".")[2] for where in listed - refused} == (
        {"expanded", "userInit", "actionableItems"} if operation == "updateSession" else set()
    )
    # The only good value of some is the one that stands in every call around them.
    assert {where.rpartition(".")[0] for where in listed - accepted} <= accepted


@pytest.mark.parametrize("operation", CONTRACT.operations)
def test_every_parameter_is_met_from_both_sides(operation):
    for pointer in CONTRACT.parameters(CONTRACT.operations[operation]):
        parameter = CONTRACT.at(pointer)
        where = f"{parameter['in']}.{parameter['name']}"

        assert values(operation, where, accepted=False)
        assert values(operation, where, accepted=True) or operation == "updateSession"


@pytest.mark.parametrize(
    ("operation", "where", "value"),
    [
        pytest.param("getEngagement", "body.appDetails.os", "windows", id="a listed word in another case"),
        pytest.param("getEngagement", "body.appDetails.os", "WINDOW", id="one letter less"),
        pytest.param("createFirstSession", "body.appDetails.os", "WINDOWSS", id="one letter more"),
        pytest.param("createSession", "body.appDetails.ipAddress", "fe80::1%eth0", id="an address with a zone"),
        pytest.param("getEngagement", "body.appDetails.ipAddress", "01.2.3.4", id="an address with a zero before it"),
        pytest.param("createSession", "body.engagementAttributes.1.total", True, id="a truth for a number"),
        pytest.param("createSession", "body.engagementAttributes.1.total", "30", id="a text for a number"),
        pytest.param("getEngagement", "body.appDetails.osVersion", 7, id="a number for a text"),
        pytest.param("getEngagement", "body.engagementAttributes.1.service.status", 14, id="beyond a maximum"),
        pytest.param("getEngagement", "body.engagementAttributes.1.service.status", -1, id="below a minimum"),
        pytest.param("getEngagement", "body.vid", "a" * 129, id="longer than a pattern lets"),
        pytest.param("updateSession", "body.pageId", ABSENT, id="a required member left out"),
        pytest.param("updateSession", "body.impAttributes.1.eContext.1.id", ABSENT, id="an item without its id"),
        pytest.param("updateSession", "body.impAttributes.1.type", "personal", id="an attribute among impressions"),
        pytest.param("listDomains", "query.version", "01.0", id="a version in another form"),
        pytest.param("getDomain", "path.accountId", "a" * 21, id="an account that is too long"),
        pytest.param("getDomainScript", "query.cb", "a" * 129, id="a callback that is too long"),
    ],
)
def test_what_nearly_fits_is_to_be_refused(operation, where, value):
    assert value in values(operation, where, accepted=False)


@pytest.mark.parametrize(
    ("operation", "where", "value"),
    [
        pytest.param("getEngagement", "body.engagementAttributes.1.service.status", 13, id="a maximum"),
        pytest.param("getEngagement", "body.engagementAttributes.1.service.status", 0, id="a minimum"),
        pytest.param("getEngagement", "body.vid", "a" * 128, id="as long as a pattern lets"),
        pytest.param("createSession", "body.engagementAttributes.1.numItems", 30.0, id="an integer with a point"),
        pytest.param("updateSession", "body.impAttributes.1.eContext.1", {"id": "offered"}, id="the visit's context"),
        pytest.param("updateSession", "body.impAttributes.1.expanded", None, id="anything where anything goes"),
        pytest.param("getDomain", "query.version", "1.00", id="a version with more zeros"),
        pytest.param("getDomainScript", "query.cb", "$text", id="a callback with a sign"),
    ],
)
def test_what_fits_is_to_be_accepted(operation, where, value):
    assert value in values(operation, where, accepted=True)


def test_a_bad_item_stands_behind_a_good_one():
    bodies = [
        json.loads(near.call.body) for near in near_calls("getEngagement") if near.where == "body.consumerSections.1"
    ]

    assert {"consumerSections": ["text", 7]} in bodies


def test_a_refusal_is_expected_for_the_reason_of_the_member():
    assert clause("createSession", "body.appType", "msdk") == "REST-400-APPTYPE"
    assert clause("getEngagement", "body.sid", "") == "GE-401-MALFORMED"
    assert clause("updateSession", "query.sid", ABSENT) == "US-400-SID"
    assert clause("updateSession", "body.impAttributes.1.eContext.1.id", "") == "US-400-CONTEXT"
    assert clause("createFirstSession", "body.engagementAttributes.1.type", "impDisplay") == "GE-400-IMPRESSION"


def test_no_first_request_carries_an_id():
    calls = [near.call for near in near_calls("createFirstSession")]

    assert all(call.path.endswith("/visitors/") and "sid" not in dict(call.query) for call in calls)


def test_every_update_belongs_to_the_session_that_was_opened():
    others = [near for near in near_calls("updateSession") if near.where not in {"path.visitorId", "query.sid"}]

    assert {near.call.path.rpartition("/")[2] for near in others} == {"vLive"}
    assert {dict(near.call.query)["sid"] for near in others} == {"sLive"}
