import json

import pytest

from contracts.client_suite.judge import Run
from contracts.client_suite.profile_fit import mismatch_of
from contracts.client_suite.profiles import Profile, Report
from tests.support.harness.client_builders import a_record, read
from tests.unit.contracts.client_suite.test_outcomes import a_situation

BY_LINE = Profile(outcome_member="outcome")
BY_EXIT = Profile(outcome_exits={3: "not_available"})


def runs(*outputs):
    """Return one run for each exit status and printed object."""
    return [
        Run(a_situation(f"s{number}"), read(a_record(0)), Report(status, json.dumps(printed) if printed else ""))
        for number, (status, printed) in enumerate(outputs)
    ]


@pytest.mark.parametrize(
    ("profile", "outputs", "said"),
    [
        pytest.param(
            BY_LINE, [(0, {"outcome": "AVAILABLE"}), (1, {"outcome": "error"})], "reports 'AVAILABLE'", id="capitals"
        ),
        pytest.param(BY_LINE, [(0, {"outcome": "not-available"})], "reports 'not-available'", id="a dash"),
        pytest.param(BY_LINE, [(0, {"outcome": "ok"}), (1, {"outcome": "ko"})], "reports 'ok'", id="other words"),
        pytest.param(
            BY_LINE, [(0, {"outcom": "available"}), (1, None)], "the members that it prints are outcom", id="a member"
        ),
        pytest.param(BY_LINE, [(0, None)], "in none of 1 runs", id="nothing printed"),
        pytest.param(BY_EXIT, [(0, None), (1, None)], "exit statuses that the client ended with: 0, 1", id="a status"),
    ],
)
def test_a_profile_that_does_not_fit_the_client_is_told_once(profile, outputs, said):
    violation = mismatch_of(profile, runs(*outputs))

    assert violation.startswith("the profile does not fit what the client reports: ")
    assert said in violation


@pytest.mark.parametrize(
    ("profile", "outputs"),
    [
        pytest.param(BY_LINE, [(0, {"outcome": "available"}), (1, None)], id="one run died"),
        pytest.param(BY_LINE, [(1, None), (1, None)], id="every run died"),
        pytest.param(BY_LINE, [(0, {"outcome": "available"}), (0, {"outcome": "Busy"})], id="a status passed on"),
        pytest.param(BY_EXIT, [(3, None), (0, None)], id="one status is known"),
        pytest.param(Profile(), [(0, None)], id="no outcome is told"),
        pytest.param(BY_LINE, [], id="no run"),
    ],
)
def test_a_client_that_reports_its_outcome_or_dies_fits_its_profile(profile, outputs):
    assert mismatch_of(profile, runs(*outputs)) == ""
