from dataclasses import replace

from contracts.client_suite.judge import Run, judge
from contracts.client_suite.outcomes import ReportedOutcome, judge_outcome
from contracts.client_suite.profiles import Profile, Report
from contracts.client_suite.situations.model import Delivery, Situation
from contracts.contract.shapes import Shapes
from contracts.judging.attempts import Answer
from contracts.judging.calls.policies import Schedule, load_policy
from contracts.judging.calls.rules import CallRules
from tests.support.harness.client_builders import (
    AVAILABLE,
    DOCUMENT,
    FAILED,
    LOADING,
    NOT_AVAILABLE,
    ROUTES,
    a_record,
    an_update,
    broken,
    read,
)

RULES = CallRules(DOCUMENT, Shapes(DOCUMENT), ROUTES)
PROFILE = Profile(outcome_member="outcome")


def a_situation(name="s", outcomes=("available",), answer=Answer.DONE, status=200, features=()):
    return Situation(
        name,
        "",
        (),
        Delivery("engagement", answer, status),
        frozenset(outcomes),
        "GE-200-STATUS",
        features=dict(features),
    )


def a_run(*records, outcome="available", situation=None, finished=True):
    report = Report(0, f'{{"outcome": "{outcome}"}}' if outcome else "", finished=finished)
    return Run(situation or a_situation(), read(*records), report)


def judged(*runs, profile=PROFILE):
    return [broken(one.judgements) for one in judge(runs, RULES, load_policy("documented"), profile)]


def test_a_right_visit_is_found_right():
    assert judged(a_run(a_record(0), a_record(1, vid="xyz", sid="abc"), an_update(2))) == [[]]


def test_a_report_that_no_right_client_gives_is_found():
    assert judged(a_run(a_record(0), outcome="not_available")) == [[("outcome", "GE-200-STATUS")]]


def test_a_client_that_reports_nothing_is_found():
    assert judged(a_run(a_record(0), outcome="")) == [[("outcome", "GE-200-STATUS")]]


def test_a_client_whose_profile_names_no_outcome_is_not_judged_on_it():
    assert judged(a_run(a_record(0), outcome="not_available"), profile=Profile()) == [[]]


def test_an_error_that_follows_from_a_broken_call_is_not_told_twice():
    assert judged(a_run(a_record(0), a_record(1, 401, FAILED, vid="xyz"), outcome="error")) == [[("ids", "GE-401-SID")]]


def test_loading_taken_for_not_available_is_told_once_even_where_it_would_come_true():
    situation = a_situation(outcomes=("not_available",), answer=Answer.LOADING, status=500)
    run = a_run(a_record(0, 500, LOADING), outcome="not_available", situation=situation)

    assert judged(run) == [[("outcome", "GE-200-STATUS")]]


def test_a_client_that_gives_up_on_a_5xx_is_told_so_and_reports_rightly():
    situation = a_situation(answer=Answer.SERVER_ERROR, status=500)
    run = a_run(a_record(0, 500, FAILED), outcome="error", situation=situation)

    assert judged(run) == [[("not-retried", "CL-RETRY-5XX")]]


def test_a_stopped_client_is_told_that_it_did_not_end():
    assert ("ends", "CL-ENDS") in judged(a_run(a_record(0), outcome="", finished=False))[0]


def test_a_wrong_report_is_blamed_on_what_no_right_report_had():
    plain = {"language en-US": "GE-200-AVAILABLE", "no extra": "GE-200-OPEN"}
    strange = {"language en-US": "GE-200-AVAILABLE", "an extra": "GE-200-OPEN"}
    right = ReportedOutcome(a_situation("right", features=plain), "available", Report(0))
    wrong = ReportedOutcome(a_situation("wrong", features=strange), None, Report(1))

    judgement = judge_outcome(wrong, [right, wrong])

    assert judgement.clause == "GE-200-OPEN"
    assert "no run with an extra was reported rightly" in judgement.what


def test_of_several_suspects_the_one_with_most_wrong_reports_is_blamed():
    often, once = {"a number": "GE-200-ID-TYPES"}, {"renewed": "CL-IDS-CARRIED"}
    wrong = [
        ReportedOutcome(a_situation(str(n), features=often | (once if n == 0 else {})), None, Report(1))
        for n in range(3)
    ]

    assert {judge_outcome(one, wrong).clause for one in wrong} == {"GE-200-ID-TYPES"}


def test_a_run_without_a_call_was_not_examined():
    assert "no call arrived" in a_run(outcome="").missing


def test_a_run_in_which_the_client_never_met_the_situation_was_not_examined():
    situation = a_situation(answer=Answer.NOT_AVAILABLE)

    assert "never came to it" in a_run(a_record(0, said=AVAILABLE), situation=situation).missing
    assert a_run(a_record(0, said=NOT_AVAILABLE), situation=situation).missing == ""


REFUSED = {"clause": "US-400-CONTEXT", "where": "body.impAttributes.0", "what": "is unknown"}


def test_a_refusal_by_the_mock_that_nothing_explains_is_told_in_its_words():
    run = a_run(a_record(0), an_update(1, 400, stub="none", violations=[REFUSED]), outcome="error")
    [judgement] = [one for one in judge([run], RULES, load_policy("documented"), PROFILE)[0].judgements if not one.kept]

    assert (judgement.check, judgement.clause, judgement.where) == ("refused", "US-400-CONTEXT", "body.impAttributes.0")
    assert "is unknown" in judgement.what
    assert "body.impAttributes.0" in judgement.cure


def test_a_refusal_that_is_explained_already_is_not_told_twice():
    update = an_update(1, 400, context="7", stub="none", violations=[REFUSED])

    assert judged(a_run(a_record(0), update, outcome="error")) == [[("ids", "US-400-CONTEXT")]]


def test_a_refusal_that_the_situation_wants_is_no_finding():
    assert judged(
        a_run(a_record(0), an_update(1, 400), outcome="error", situation=a_situation(outcomes=["error"]))
    ) == [[]]


def test_a_client_whose_policy_has_no_more_retries_may_report_an_error():
    policy = replace(load_policy("documented"), schedules={Answer.SERVER_ERROR: Schedule(1, 1, (5,))})
    run = a_run(a_record(0), *failing_twice(), outcome="error")

    assert [broken(one.judgements) for one in judge([run], RULES, policy, PROFILE)] == [[]]


def failing_twice():
    return [a_record(at_s, 500, FAILED, vid="xyz", sid="abc") for at_s in (1, 6)]


def test_a_client_that_dies_of_a_loading_reply_is_told_to_try_again():
    situation = a_situation(
        answer=Answer.LOADING, status=500,
        features={"engagementId printed": "GE-200-ID-TYPES", "a Loading reply": "GE-LOADING-NO-STATUS"},
    )  # fmt: skip

    assert judged(a_run(a_record(0, 500, LOADING), outcome="", situation=situation)) == [
        [("not-retried", "CL-RETRY-5XX")]
    ]


def test_no_shape_of_an_answer_that_never_came_is_to_blame():
    situation = a_situation(
        answer=Answer.SERVER_ERROR, status=500,
        features={"engagementId printed": "GE-200-ID-TYPES", "message without": "ERR-ENTITY"},
    )  # fmt: skip
    records = [a_record(at_s, 500, FAILED) for at_s in (0, 5, 15, 30)]

    assert judged(a_run(*records, outcome="", situation=situation)) == [[("outcome", "ERR-ENTITY")]]
