"""A step that goes wrong breaks the clauses that it is about, and none that the case never got to."""

import pytest

from contracts.judging.findings import finding
from contracts.judging.replies.examiner import NO_REPLY
from contracts.server_suite.cases.blame import blamed, broken_clauses
from contracts.server_suite.cases.case import CallSpec, Case, Expectation, Step
from contracts.wire.messages import Reply
from tests.support.harness.contract import CONTRACT, all_cases


def a_step(status=200, **expected):
    return Step(CallSpec("getEngagement"), Expectation(status, **expected))


OPENING = a_step(keep={"vid": "visitorId"})
GOING_ON = a_step(body={"visitorId": "{vid}"})
REFUSED = a_step(401, clause=("GE-401-SID",))


def a_case(*steps, clauses=("GE-CONTINUE",)):
    return Case("getEngagement/x", "x", clauses, steps)


def broken(case, step, status):
    return broken_clauses(CONTRACT, case, step, Reply(status) if status else None)


@pytest.mark.parametrize("status", [None, 404, 501])
def test_a_case_that_dies_where_it_opens_a_session_never_got_to_its_clauses(status):
    case = a_case(OPENING, GOING_ON)

    assert broken(case, OPENING, status) == ("GE-200-STATUS",)


@pytest.mark.parametrize("status", [None, 200, 404, 501])
def test_the_step_that_a_case_is_about_breaks_its_clauses(status):
    case = a_case(OPENING, GOING_ON)

    assert broken(case, GOING_ON, status) == ("GE-CONTINUE",)


def test_a_step_that_names_a_clause_breaks_no_other_steps_clauses():
    case = a_case(GOING_ON, REFUSED, clauses=("GE-CONTINUE", "GE-401-SID"))

    assert broken(case, GOING_ON, 500) == ("GE-CONTINUE",)
    assert broken(case, REFUSED, 200) == ("GE-401-SID",)


def test_the_last_step_breaks_what_the_whole_case_shows():
    case = a_case(REFUSED, clauses=("REQ-NULL",))

    assert broken(case, REFUSED, 200) == ("GE-401-SID", "REQ-NULL")


def test_a_clause_about_replies_is_broken_only_by_a_reply_with_its_status():
    case = a_case(a_step(body={}), clauses=("GE-200-STATUS", "GE-200-AVAILABLE"))

    assert broken(case, case.steps[0], 501) == ("GE-200-STATUS",)
    assert broken(case, case.steps[0], 200) == ("GE-200-STATUS", "GE-200-AVAILABLE")


def test_what_holds_for_every_reply_is_not_broken_by_a_reply_that_should_have_been_another():
    refusal = a_step(400, headers={"Content-Type": "application/json"})

    assert broken(a_case(refusal, clauses=("REP-TYPE",)), refusal, 422) == ("ERR-400",)
    assert broken(a_case(refusal, clauses=("REP-TYPE",)), refusal, 400) == ("REP-TYPE",)


def test_a_good_reply_under_another_status_breaks_the_clause_that_has_the_status():
    assert broken(a_case(GOING_ON), GOING_ON, 201) == ("GE-200-STATUS",)


def test_a_finding_that_has_a_clause_of_its_own_keeps_it():
    own = finding(CONTRACT, "GE-200-IDS", "here", "a", "b")

    assert blamed(own, CONTRACT, a_case(GOING_ON), GOING_ON, Reply(200)) is own


@pytest.mark.parametrize("check", ["documented_status", NO_REPLY])
def test_a_call_that_was_answered_by_no_reply_of_the_contract_names_what_it_was_to_show(check):
    found = finding(CONTRACT, check, "here", "a", "b")
    told = blamed(found.__class__(**{**vars(found), "check": check}), CONTRACT, a_case(REFUSED), REFUSED, None)

    assert (told.rule, told.check) == ("GE-401-SID", check)
    assert told.clause is CONTRACT.clauses["GE-401-SID"]


def test_every_clause_of_a_case_is_put_to_the_test_by_one_of_its_steps():
    def untested(case):
        steps = [step for step in case.steps if step.call]
        examined = {name for step in steps for name in (*case.examined_by(step), *case.completed_by(step))}
        return set(case.clauses) - examined - {name for step in steps for name in step.expect.clause}

    assert {case.name: untested(case) for case in all_cases() if untested(case)} == {}
