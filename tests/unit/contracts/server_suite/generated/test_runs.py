"""What Schemathesis recorded becomes findings; that it really runs is tested in tests/contract/."""

import base64
import json
import tomllib

import pytest

from contracts.errors import GeneratedError
from contracts.judging.replies.examiner import NO_REPLY, Examiner
from contracts.server_suite.bench import Bench
from contracts.server_suite.generated import runs as generated
from contracts.server_suite.generated.pinned import pinned
from contracts.server_suite.own_visit import OwnVisit
from contracts.wire.wsgi import WsgiSubject
from tests.support.harness.contract import CONTRACT
from tests.unit.contracts.server_suite.generated.test_recordings import a_line, an_error

EXAMINER = Examiner(CONTRACT)
REPLIES = {
    200: {"status": "NotAvailable", "sessionId": "abc", "visitorId": "xyz", "pageId": "1"},
    401: {"time": 1469543282471, "message": "sid is required on a second request", "internalCode": 10},
}


def a_bench(*, mock=True):
    subject = WsgiSubject(lambda _environ, _start: []).within("/__space/x")
    return Bench(subject, EXAMINER, account="le1234", seed=1, mock=mock, run="r")


def tallied(*lines, mock=True):
    tallies = generated._tallied(a_bench(mock=mock), ("getEngagement",), lines)
    return list(generated._results(tallies, 1.0))


def a_failure(check):
    return {"name": check, "status": "failure", "failure_info": {"failure": {"title": "T", "message": "M\n  N"}}}


def test_the_mock_is_asked_for_any_account():
    assert "parameters" not in tomllib.loads(generated._config(a_bench()))


def test_another_server_is_asked_for_its_own_account_only():
    settings = tomllib.loads(generated._config(a_bench(mock=False)))

    assert settings["parameters"] == {"path.accountId": "le1234"}


def test_the_run_is_hermetic():
    settings = tomllib.loads(generated._config(a_bench()))

    assert settings["cache"] == {"enabled": False}
    assert settings["generation"]["database"] == "none"
    assert settings["analysis"] == {"constants": {"enabled": False}}
    assert settings["phases"]["fuzzing"]["error-feedback"] == {"enabled": False}


def test_a_failed_check_of_schemathesis_is_told_like_any_finding():
    [result] = tallied(a_line("TRACE", checks=[a_failure("unsupported_method")]))

    [finding] = result.findings
    assert (finding.rule, finding.check) == ("REQ-405", "unsupported_method")
    assert finding.expected == "T: M N"
    assert finding.cure == "answer 405 with the header Allow"
    assert finding.repeat.startswith("curl -i -X TRACE")
    assert finding.line == CONTRACT.line(CONTRACT.operations["getEngagement"].pointer)


def test_what_both_find_is_told_in_the_words_of_the_contract():
    [result] = tallied(a_line(checks=[a_failure("content_type_conformance")]))

    checks = {finding.check for finding in result.findings}
    assert "media_type" in checks
    assert "content_type_conformance" not in checks


def test_what_only_schemathesis_finds_is_told_too():
    [result] = tallied(a_line("TRACE", checks=[a_failure("content_type_conformance")]))

    assert [finding.rule for finding in result.findings] == ["content_type_conformance"]


def test_one_cause_is_told_once_with_the_number_of_calls():
    [result] = tallied(*[a_line("TRACE", checks=[a_failure("unsupported_method")])] * 8)

    [finding] = result.findings
    assert finding.where == "generated call of getEngagement (coverage), and 7 more"
    assert result.notes == ("calls: 8 coverage; 0 accepted, 0 refused",)


def test_a_call_without_an_answer_is_a_finding():
    [result] = tallied(a_line("TRACE"), an_error("ConnectionError"))

    assert [finding.rule for finding in result.findings] == [NO_REPLY]


def test_an_operation_without_any_answer_was_not_examined():
    [result] = tallied()

    assert result.not_examined == "no generated call was answered"


def answered(status):
    """Return the record of a call that nobody complains about."""
    event = json.loads(a_line())
    response = event["ScenarioFinished"]["recorder"]["interactions"]["k"]["response"]
    response |= {"status_code": status, "headers": {"Content-Type": ["application/json"]}}
    response["content"] = {"$base64": base64.b64encode(json.dumps(REPLIES[status]).encode()).decode()}
    return json.dumps(event)


def test_accepted_and_refused_calls_are_counted():
    [result] = tallied(answered(200), answered(401), answered(401))

    assert (result.calls.accepted, result.calls.refused) == (1, 2)
    assert result.not_examined == ""


def test_an_operation_of_which_no_call_was_accepted_was_not_examined():
    [result] = tallied(answered(401), answered(401))

    assert result.not_examined == "none of 2 generated calls was accepted, so that no refusal says anything"


def test_updates_are_generated_for_a_session_that_was_opened():
    visit = OwnVisit("le1234", "u", "u", visitor="the-visitor", session="the-session", context="7")

    data = pinned(CONTRACT, visit)

    update = data["paths"]["/api/account/{accountId}/app/engagement/visitors/{visitorId}"]["put"]
    chosen = {each["name"]: each["schema"]["enum"] for each in update["parameters"] if "enum" in each.get("schema", {})}
    assert chosen == {"visitorId": ["the-visitor"], "sid": ["the-session"]}
    assert data["components"]["schemas"]["EngagementContext"]["properties"]["id"]["enum"] == ["7"]
    assert "enum" not in CONTRACT.at("/components/schemas/EngagementContext/properties/id")


def test_a_breakdown_of_the_generator_is_trouble():
    with pytest.raises(GeneratedError, match="stumbled: TypeError"):
        tallied(an_error("TypeError"))


def test_a_server_error_is_a_finding_on_the_mock_and_may_be_documented_elsewhere():
    event = json.loads(a_line())
    response = event["ScenarioFinished"]["recorder"]["interactions"]["k"]["response"]
    response |= {"status_code": 503, "headers": {"Content-Type": ["application/json"]}}
    response["content"] = {"$base64": "eyJ0aW1lIjoxNDY5NTQzMjgyNDcxLCJpbnRlcm5hbENvZGUiOjE4fQ=="}

    [on_the_mock] = tallied(json.dumps(event))
    [elsewhere] = tallied(json.dumps(event), mock=False)

    assert [finding.rule for finding in on_the_mock.findings] == ["not_a_server_error"]
    assert elsewhere.findings == ()
