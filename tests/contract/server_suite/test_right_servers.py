"""Nobody is accused who keeps the contract in another way than the mock does."""

import pytest

from contracts.judging.findings import ExitStatus
from contracts.server_suite.examination import Plan, verdict_on
from contracts.wire.subjects import UrlSubject
from tests.contract.servers.right import RIGHT_SERVERS, RightServer, chunked, serving


def accusations(right, plan):
    with serving(right) as url:
        subject = UrlSubject(url)
        verdict = verdict_on(subject, plan)
        subject.session.close()
    assert verdict.trouble == ""
    assert verdict.status is not ExitStatus.NOT_EXAMINED
    return [(found.rule, found.check, found.where, found.expected, found.got) for found in verdict.findings]


@pytest.mark.parametrize("right", RIGHT_SERVERS, ids=lambda right: right.sentence)
def test_no_case_accuses_a_right_server(right):
    assert accusations(right, Plan(suites=("cases",), operations=right.operations)) == []


def test_no_value_of_an_update_accuses_a_server_that_has_no_engagement_to_offer():
    right = next(server for server in RIGHT_SERVERS if "no engagement" in server.sentence)

    assert accusations(right, Plan(suites=("values",), operations=("updateSession",))) == []


def test_no_generated_call_accuses_a_server_that_is_right_in_many_ways_at_once():
    """A process each would cost more than it tells; what is apart over the wire is together here."""
    cookies, members, headers = (RIGHT_SERVERS[number].changed for number in (3, 12, 17))
    right = RightServer(
        "many ways",
        lambda reply: headers(cookies(members(reply))),
        written=chunked,
        calls_per_connection=3,
        host="::1",
    )

    assert accusations(right, Plan(suites=("generated",), operations=("getDomain",), max_examples=2)) == []
