"""Each check of the client's judge finds the client that breaks just its rule, and no other check does."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.client_suite.examination import Plan, verdict_on
from contracts.client_suite.profiles import Profile
from contracts.errors import CommandError
from contracts.judging.calls.policies import load_policy
from contracts.judging.findings import ExitStatus
from contracts.mock.own_mock import mock_at
from tests.contract.clients.planted import Client
from tests.contract.clients.playing import SITUATIONS, patient, play

CLIENTS = Path(__file__).parents[1] / "clients"
PROFILE = Profile(
    name="planted",
    environment={"PAUSES_S": "0.4,0.8,1.2"},
    policy=str(CLIENTS / "fast.yaml"),
    outcome_member="outcome",
    at_once=16,
)

DOCUMENTED = load_policy("documented")

#: The defect, the door it is at, and the only thing that may be found: the clause, by the check.
DEFECTS = [
    ("drop-sid", "rest", "GE-401-SID", "ids"),
    ("drop-sid", "js", "GE-401-SID", "ids"),
    ("drop-vid", "rest", "GE-401-VID", "ids"),
    ("drop-vid", "js", "GE-401-VID", "ids"),
    ("drop-both", "rest", "CL-IDS-CARRIED", "ids"),
    ("change-vid", "rest", "GE-401-FOREIGN", "ids"),
    ("made-up-sid", "js", "CL-IDS-CARRIED", "ids"),
    ("keep-old-sid", "rest", "CL-IDS-CARRIED", "ids"),
    ("made-up-context", "rest", "US-400-CONTEXT", "ids"),
    ("retry-4xx", "rest", "CL-RETRY-4XX", "retried-final"),
    ("retry-not-available", "rest", "CL-NOTAVAILABLE-FINAL", "retried-final"),
    ("no-retry", "rest", "CL-RETRY-5XX", "not-retried"),
    ("short-pauses", "rest", "CL-RETRY-5XX", "pause"),
    ("too-many-retries", "rest", "CL-RETRY-5XX", "retried-too-often"),
    ("hasty-429", "rest", "CL-RETRY-429", "pause"),
    ("loading-without-vid", "rest", "CL-RETRY-LOADING", "loading-vid"),
    ("loading-without-vid", "js", "CL-RETRY-LOADING", "loading-vid"),
    ("loading-stale-sid", "rest", "CL-RETRY-LOADING", "loading-sid"),
    ("loading-is-not-available", "rest", "GE-LOADING-NO-STATUS", "outcome"),
    ("unknown-is-available", "rest", "CL-UNKNOWN-STATUS", "outcome"),
    ("closed-reply", "rest", "GE-200-OPEN", "outcome"),
    ("numeric-ids", "rest", "GE-200-ID-TYPES", "outcome"),
    ("text-ids", "rest", "GE-200-ID-TYPES", "outcome"),
    ("skill-required", "rest", "GE-200-SKILL", "outcome"),
    ("connector-forbidden", "rest", "GE-200-CONNECTOR", "outcome"),
    ("message-required", "rest", "ERR-ENTITY", "outcome"),
    ("app-type-wrong", "rest", "REST-400-APPTYPE", "call"),
    ("app-type-missing", "rest", "REST-400-APPTYPE", "call"),
    ("app-type-wrong", "js", "JS-400-APPTYPE", "call"),
    ("os-wrong", "js", "GE-400-DETAILS", "call"),
    ("sections-as-text", "rest", "GE-400-SECTIONS", "call"),
    ("v-missing", "rest", "REST-400-VERSION", "call"),
    ("v-wrong", "rest", "REST-400-VERSION", "call"),
    ("v-twice", "rest", "REQ-400-REPEATED", "call"),
    ("singular-path", "rest", "REST-SINGULAR-PATH", "call"),
    ("get", "rest", "REQ-405", "call"),
    ("content-type", "rest", "REQ-415", "call"),
    ("impression-as-attribute", "rest", "GE-400-IMPRESSION", "call"),
    ("page-missing", "rest", "US-400-PAGE", "call"),
    ("update-without-sid", "rest", "US-400-SID", "call"),
]


@pytest.fixture(scope="module")
def mock_url():
    with mock_at(None) as url:
        yield url


def examined(url, door, *defect, profile=PROFILE, only=lambda _situation: True):
    command = [sys.executable, "-S", str(CLIENTS / "planted.py"), door, *defect]
    return verdict_on(command, profile, Plan(url, only=only))


def what_matters(check):
    """Leave out what takes long and tells nothing: slow answers, and Available in its many shapes."""
    shapes = {f"available-{number}" for number in range(4, 100)} if check != "outcome" else set()
    return [name for name in SITUATIONS if name not in {"slow", *shapes}]


def told_apart(verdict):
    return {(finding.rule, finding.got.rpartition("[")[2].rstrip("]")) for finding in verdict.findings}


@pytest.mark.parametrize("door", ["rest", "js"])
def test_the_client_without_a_defect_passes(mock_url, door):
    verdict = examined(mock_url, door)

    assert [(finding.rule, finding.where, finding.got) for finding in verdict.findings] == []
    assert [(doubt.where, doubt.got) for doubt in verdict.doubts] == []
    assert verdict.status is ExitStatus.KEPT


@pytest.mark.parametrize(
    ("defect", "door", "clause", "check"), DEFECTS, ids=[f"{defect} at {door}" for defect, door, *_ in DEFECTS]
)
def test_a_defect_is_found_by_its_own_check_and_by_no_other(mock_url, defect, door, clause, check):
    kind = patient(Client)
    verdict = play(mock_url, lambda url, account: kind(url, account, door, defect), DOCUMENTED, what_matters(check))

    assert told_apart(verdict) == {(clause, check)}, [(f.rule, f.where, f.got) for f in verdict.findings]
    assert [(doubt.where, doubt.got) for doubt in verdict.doubts] == []
    assert all(finding.cure for finding in verdict.findings)
    assert verdict.status is ExitStatus.BROKEN


def test_a_client_that_does_not_come_to_an_end_is_stopped_and_told(mock_url):
    profile = replace(PROFILE, limit_s=3)
    verdict = examined(
        mock_url, "rest", "never-ends", profile=profile, only=lambda situation: situation.name == "not-available"
    )

    assert told_apart(verdict) == {("CL-ENDS", "ends")}


def test_a_command_that_cannot_be_run_is_not_examined(mock_url):
    with pytest.raises(CommandError, match="'no-such-program' cannot be run"):
        verdict_on(["no-such-program"], PROFILE, Plan(mock_url, only=lambda one: one.waits_s == 0))
