from dataclasses import replace

import pytest

from contracts.judging.findings import Finding, Result, Verdict
from contracts.report.kinds import advice, kinds

FOUND = Finding("GE-401-SID", "here", "a", "b", "c")
FIRST = replace(FOUND, at_first_call=True)


def a_verdict(*findings, suite="clients"):
    """Return a verdict with a result for each tuple of findings."""
    results = [Result(f"result {number}", suite, findings=found) for number, found in enumerate(findings)]
    return Verdict("somebody", "openapi.yaml", {}, tuple(results))


def test_findings_of_the_same_kind_are_told_once_with_their_places():
    there, other = replace(FOUND, where="there", got="x"), replace(FOUND, cure="another")

    first, second = kinds(a_verdict((FOUND, there), (other,)))

    assert [occurrence.finding.where for occurrence in first.occurrences] == ["here", "there"]
    assert first.also == "in 1 more place, such as there"
    assert (second.finding, second.also) == (other, "")


def test_what_is_found_in_most_results_comes_first():
    rare, common = replace(FOUND, rule="rare"), replace(FOUND, rule="common")

    found = kinds(a_verdict((rare, rare, rare), (common,), (common,)))

    assert [kind.finding.rule for kind in found] == ["common", "rare"]
    assert found[0].results == {2, 3}


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        pytest.param(a_verdict((FIRST,), (FIRST,)), "Every situation broke at the first call; mend that", id="all"),
        pytest.param(a_verdict((FIRST,), (FIRST,), ()), "2 of 3 situations broke at the first call", id="most"),
        pytest.param(a_verdict((FIRST,), (FIRST,), suite="cases"), "Every case broke", id="a server"),
    ],
)
def test_when_most_breaks_at_its_first_call_that_is_to_be_mended_first(verdict, words):
    assert advice(verdict).startswith(words)


@pytest.mark.parametrize(
    "verdict",
    [
        pytest.param(a_verdict((FIRST,), ()), id="half of it"),
        pytest.param(a_verdict((FIRST,)), id="a single run, which needs no words"),
        pytest.param(a_verdict((FOUND,), (FOUND,)), id="later calls"),
        pytest.param(a_verdict((FIRST,), (FIRST,), suite="generated"), id="calls that have no order"),
    ],
)
def test_there_is_no_advice_where_it_would_not_help(verdict):
    assert advice(verdict) == ""
