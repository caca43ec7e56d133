"""What Schemathesis objects to is told by the member and the clause."""

import json

import pytest

from contracts.judging.replies.examiner import Examiner
from contracts.server_suite.generated.findings import ExchangeJudge
from contracts.server_suite.generated.recordings import Failure, Generated
from contracts.wire.messages import Call, Reply
from tests.support.harness.contract import CONTRACT

JUDGE = ExchangeJudge(Examiner(CONTRACT), mock=False)
JSON = ("Content-Type", "application/json")
REST = CONTRACT.operations["createFirstSession"]
GOOD = {"status": "NotAvailable", "sessionId": "s", "visitorId": "v", "pageId": "1"}


def a_call(body, query=(("v", "1.0"),)):
    path = "/api/account/56072331/app/engagement/visitors/"
    return Call("POST", path, query, dict([JSON]), json.dumps(body).encode())


def a_reply(code, /, **body):
    return Reply(code, (JSON,), json.dumps(body).encode())


def a_refusal(message):
    return a_reply(400, time=1469543282471, internalCode=5, message=message)


def findings(check, call, reply):
    failures = (Failure(check, "T", "M"),) if check else ()
    return list(JUDGE.findings(Generated("fuzzing", REST, True, call, reply, failures)))


def test_an_accepted_call_is_told_by_the_member_that_is_wrong_and_its_clause():
    call = a_call({"appType": "MSDK", "appDetails": {"os": "AMIGA"}})

    [found] = findings("negative_data_rejection", call, a_reply(200, **GOOD))

    assert (found.rule, found.check) == ("GE-400-DETAILS", "negative_data_rejection")
    assert found.clause is CONTRACT.clauses["GE-400-DETAILS"]
    assert "This call breaks it, at body.appDetails.os:" in found.expected
    assert found.cure == "refuse the call with 400 and internalCode 5"


def test_the_same_member_in_another_item_is_the_same_cause():
    def found_with(attributes):
        body = {"appType": "EXTERNAL", "engagementAttributes": attributes}
        [found] = findings("negative_data_rejection", a_call(body), a_reply(200, **GOOD))
        return found

    wrong, right = {"type": "personal", "personal": {"firstname": 1}}, {"type": "personal", "personal": {}}

    assert found_with([wrong]).likeness == found_with([right, wrong]).likeness


@pytest.mark.parametrize(
    ("message", "clause"),
    [
        pytest.param("appDetails.os", "GE-400-DETAILS", id="a member"),
        pytest.param("v", "REST-400-VERSION", id="a parameter"),
        pytest.param("engagementAttributes.0.type", "GE-400-ATTRIBUTES", id="a part of a list"),
        pytest.param("consumerSections, appType", "GE-400-SECTIONS", id="the first of several"),
    ],
)
def test_a_refused_call_that_is_right_is_told_by_the_member_that_the_reply_names(message, clause):
    [found] = findings("positive_data_acceptance", a_call({"appType": "MSDK"}), a_refusal(message))

    member = message.partition(",")[0]
    assert found.rule == clause
    assert found.expected.endswith(f"This call keeps it, so {member} is no reason to refuse it.")
    assert found.cure == f"accept {member} as this call has it"


def test_a_refusal_that_names_no_member_is_told_as_schemathesis_does():
    [found] = findings("positive_data_acceptance", a_call({"appType": "MSDK"}), a_refusal("Illegal things, sorry"))

    assert found.rule == "positive_data_acceptance"


def test_a_failure_at_a_wrong_call_breaks_the_clause_that_was_to_refuse_it():
    entity = {"time": 1469543282471, "internalCode": 18}

    [found] = findings("not_a_server_error", a_call({"appType": "IVR"}), a_reply(500, **entity))

    assert (found.rule, found.check) == ("REST-400-APPTYPE", "not_a_server_error")


def test_a_good_reply_under_another_status_breaks_the_clause_that_has_the_status():
    [found] = findings("", a_call({"appType": "MSDK"}), a_reply(201, **GOOD))

    assert (found.rule, found.check) == ("GE-200-STATUS", "documented_status")
