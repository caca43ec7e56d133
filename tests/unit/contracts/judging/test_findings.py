from dataclasses import replace

import pytest

from contracts.judging.findings import ExitStatus, Finding, Result, Verdict, finding
from tests.support.harness.contract import CONTRACT

FOUND = Finding("GE-401-SID", "here", "a", "b", "c", clause=CONTRACT.clauses["GE-401-SID"])


def a_verdict(*results, trouble=""):
    clauses = {name: CONTRACT.clauses[name] for name in ("GE-401-SID", "GE-401-VID", "GE-COOKIE")}
    return Verdict("somebody", "openapi.yaml", clauses, results, trouble)


def a_result(*findings, clauses=("GE-401-SID", "GE-401-VID"), not_examined=""):
    return Result("a case", "cases", clauses, findings, not_examined)


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        pytest.param(a_verdict(a_result()), ExitStatus.KEPT, id="kept"),
        pytest.param(a_verdict(a_result(), a_result(FOUND)), ExitStatus.BROKEN, id="one finding"),
        pytest.param(a_verdict(), ExitStatus.NOT_EXAMINED, id="nothing at all"),
        pytest.param(a_verdict(a_result(not_examined="why")), ExitStatus.NOT_EXAMINED, id="nothing examined"),
        pytest.param(a_verdict(a_result(), a_result(not_examined="why")), ExitStatus.KEPT, id="a part left out"),
        pytest.param(a_verdict(a_result(), trouble="broke off"), ExitStatus.NOT_EXAMINED, id="broken off"),
        pytest.param(a_verdict(a_result(FOUND), trouble="broke off"), ExitStatus.BROKEN, id="broken, and broken off"),
    ],
)
def test_a_run_that_examined_nothing_is_no_pass(verdict, status):
    assert verdict.status is status


def test_a_clause_is_kept_only_where_it_was_examined():
    verdict = a_verdict(a_result(clauses=("GE-401-VID",)), a_result(clauses=("GE-COOKIE",), not_examined="why"))

    assert verdict.coverage() == {"GE-401-SID": "not examined", "GE-401-VID": "kept", "GE-COOKIE": "not examined"}


def test_a_result_in_which_something_was_found_keeps_none_of_its_clauses():
    verdict = a_verdict(a_result(FOUND))

    assert verdict.coverage()["GE-401-SID"] == "broken"
    assert verdict.coverage()["GE-401-VID"] == "not examined"


def test_a_clause_that_is_broken_once_is_broken():
    verdict = a_verdict(a_result(), a_result(replace(FOUND, breaks=("GE-401-VID",))))

    assert verdict.coverage()["GE-401-VID"] == "broken"


def test_a_clause_that_was_judged_by_itself_is_kept_beside_a_broken_one():
    verdict = a_verdict(replace(a_result(FOUND), kept=("GE-401-VID",)))

    assert verdict.coverage()["GE-401-VID"] == "kept"


@pytest.mark.parametrize(
    ("result", "state"),
    [
        pytest.param(a_result(), "kept", id="kept"),
        pytest.param(a_result(FOUND), "broken", id="broken"),
        pytest.param(a_result(not_examined="why"), "not examined", id="not examined"),
        pytest.param(a_result(FOUND, not_examined="why"), "broken", id="broken before it came to what it was for"),
    ],
)
def test_a_result_counts_once(result, state):
    assert result.state == state


def test_one_cause_is_told_once_whichever_clauses_it_breaks():
    one = replace(FOUND, cause="no reply")
    other = replace(one, rule="GE-401-VID", expected="x", where="there")

    assert one.likeness == other.likeness


def test_a_finding_of_a_clause_points_at_its_line():
    made = finding(CONTRACT, "GE-401-SID", "here", "a", "b")

    assert made.clause is CONTRACT.clauses["GE-401-SID"]
    assert made.line == CONTRACT.line(made.pointer) > 1


def test_a_finding_of_a_check_has_no_clause():
    made = finding(CONTRACT, "documented_status", "here", "a", "b")

    assert (made.clause, made.pointer, made.line) == (None, "", 1)
