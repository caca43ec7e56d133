import pytest

from mockserver.contract.reply_rules import DocumentRules
from mockserver.contract.spec import Contract
from tests.support.builders import CONTRACT
from tests.support.documents import changed

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


TEXT = {"type": "string", "pattern": "^[a-z/]+$"}
HEADERS = {
    "Location": {"required": True, "schema": TEXT, "example": "/a"},
    "X-Left": {"schema": {"type": "integer", "minimum": 1}},
    "X-Share": {"schema": {"type": "number"}},
    "X-Last": {"schema": {"type": "boolean"}},
    "X-Tags": {"schema": {"type": "array", "minItems": 2, "items": {"type": "string"}}},
    "X-Account": {"schema": {"$ref": "#/components/schemas/AccountId"}},
    "Set-Cookie": {"schema": {"type": "string", "pattern": "^seen=[0-9]"}, "example": "seen=1"},
    "Mock-Stub": {"required": True, "schema": TEXT},
}
MADE = DocumentRules(Contract(changed("components", "responses", "Updated", headers=HEADERS)))


def made(**headers):
    """Say what is wrong with an update that is answered with these headers, beside a right Location."""
    sent = [("location", "/a"), *((name.replace("_", "-"), text) for name, text in headers.items())]
    return MADE.reply_problems("updateSession", 200, b"", sent)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Left": "12", "X_Share": "0.5", "X_Last": "true"},
        {"x_left": "1"},
        {"X_Tags": "a, b"},
        {"X_Account": "56072331", "X_Other": "!"},
        {"Set_Cookie": "seen=1; Path=/"},
        {"Set_Cookie": "other=x"},
    ],
    ids=str,
)
def test_headers_that_are_as_documented_have_no_problems(headers):
    assert made(**headers) == []


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({"X_Left": "0"}, "header X-Left: 0 is less than the minimum of 1"),
        ({"X_Left": "many"}, 'header X-Left: "many" is not of type "integer"'),
        ({"X_Share": "half"}, 'header X-Share: "half" is not of type "number"'),
        ({"X_Last": "yes"}, 'header X-Last: "yes" is not of type "boolean"'),
        ({"X_Tags": "a"}, "header X-Tags: "),
        ({"X_Account": "!"}, "header X-Account: "),
        ({"Set_Cookie": "seen=x"}, "header Set-Cookie: "),
        ({"X_Left": "1", "x_left": "2"}, "header X-Left: must be sent once, got it 2 times"),
    ],
    ids=str,
)
def test_a_header_that_does_not_fit_its_schema_is_told_by_name(headers, problem):
    (told,) = made(**headers)

    assert told.startswith(problem)


def test_a_required_header_that_is_missing_is_told_but_those_of_the_mock_are_its_own():
    assert MADE.reply_problems("updateSession", 200, b"") == ["header Location: is required"]
