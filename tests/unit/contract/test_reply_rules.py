import pytest

from mockserver.contract.reply_rules import DocumentRules
from tests.support.builders import CONTRACT

RULES = DocumentRules(CONTRACT)
ENGAGEMENT = CONTRACT.example("Available")["engagementDetails"]


def test_the_contract_is_told_to_scenarios():
    assert "updateSession" in RULES.operations
    assert RULES.example("Available")["engagementDetails"]["windowId"] == "3346847910"
    assert list(RULES.documented_statuses("getDomain")) == [200, 400, 401, 413, 500, 503]
    assert RULES.component_members("EngagementDetails")[:2] == ["campaignId", "engagementId"]


def test_a_value_that_keeps_its_component_has_no_problems():
    assert RULES.component_problems("EngagementDetails", ENGAGEMENT) == []


@pytest.mark.parametrize(
    ("component", "value", "where"),
    [
        ("EngagementDetails", {}, "the body: "),
        ("EngagementDetails", {**ENGAGEMENT, "skillId": "23"}, "skillId: "),
        ("AppDetails", {"ipAddress": "999.1.1.1"}, "ipAddress: "),
        ("VisitorId", "!", "the body: "),
    ],
)
def test_a_value_that_breaks_its_component_is_told_where(component, value, where):
    problems = RULES.component_problems(component, value)

    assert problems
    assert all(problem.startswith(where) for problem in problems)


@pytest.mark.parametrize(
    ("operation", "status", "body", "problem"),
    [
        pytest.param("getEngagement", 200, b'{"status":"Maybe"}', "the body: ", id="wrong reply"),
        pytest.param("getEngagement", 200, b"<html>", "the body is not JSON", id="no JSON"),
        pytest.param(
            "getEngagement", 299, b"{}", "status 299 is not documented for getEngagement; documented: 200", id="status"
        ),
        pytest.param("getEngagement", 500, b'{"message":"x"}', "the body: ", id="no error entity"),
        pytest.param(
            "updateSession", 200, b"{}", "the body of updateSession 200 is empty in the contract", id="not empty"
        ),
    ],
)
def test_a_reply_that_breaks_the_contract_is_told_how(operation, status, body, problem):
    problems = RULES.reply_problems(operation, status, body)

    assert problems
    assert problems[0].startswith(problem)


@pytest.mark.parametrize(
    ("operation", "status", "body"),
    [
        ("getEngagement", 200, b'{"status":"NotAvailable","sessionId":"a","visitorId":"b","pageId":"1","extra":1}'),
        ("getEngagement", 500, b'{"time":1,"internalCode":20}'),
        ("updateSession", 200, b""),
        ("getDomainScript", 200, b"anything"),
    ],
)
def test_a_reply_that_keeps_the_contract_has_no_problems(operation, status, body):
    assert RULES.reply_problems(operation, status, body) == []
