"""The examination of a client as the command line carries it out: what it says, writes and returns."""

import io
import json
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.client_suite.examination import Plan, examine, list_situations, shipped_clients, verdict_on
from contracts.client_suite.profiles import load_profile
from contracts.errors import SteeringError
from contracts.judging.findings import ExitStatus
from contracts.mock.own_mock import mock_at
from contracts.mock.spaces import Space
from tests.support.serving.running import running

CLIENTS = Path(__file__).parents[1] / "clients"


@pytest.fixture(scope="module")
def mock_url():
    with mock_at(None) as url:
        yield url


@pytest.fixture
def profile(tmp_path):
    path = tmp_path / "profile.yaml"
    path.write_text(
        f"client: planted\nenvironment: {{PAUSES_S: '0.4,0.8,1.2'}}\n"
        f"policy: {CLIENTS / 'fast.yaml'}\noutcome: {{line: outcome}}\n"
    )
    return path


def planted(*words):
    return [sys.executable, "-S", str(CLIENTS / "planted.py"), *words]


def test_a_right_client_is_told_so_with_its_coverage_and_status_0(mock_url, profile):
    out = io.StringIO()
    status = examine(planted("js"), profile=profile, url=mock_url, out=out)

    assert status == 0
    assert re.search(r"^clauses: \d+ kept, 0 broken, \d+ not examined\n  not examined: ", out.getvalue(), re.MULTILINE)
    assert "situations," not in out.getvalue(), "a progress bar belongs on a terminal"


def test_a_broken_client_is_told_why_and_how_to_mend_it_with_status_1(mock_url, profile, tmp_path):
    out, report = io.StringIO(), tmp_path / "reports" / "client.json"
    status = examine(planted("rest", "short-pauses"), profile=profile, url=mock_url, reports={"json": report}, out=out)

    assert status == 1
    assert "wait 0.4 s before retry 1" in out.getvalue()
    assert "later, POST visitors/" in out.getvalue(), "the timeline is drawn"
    assert "CL-RETRY-5XX" in json.dumps(json.loads(report.read_text()))


@pytest.mark.parametrize(
    ("command", "url", "words"),
    [
        pytest.param(["no-such-program"], None, "cannot be run", id="a program that is not there"),
        pytest.param([], None, "no command was given", id="no command"),
        pytest.param(["true"], "http://127.0.0.1:9", "does not answer", id="nobody at the URL"),
        pytest.param(["true"], None, "no call arrived", id="a client that calls nobody"),
        pytest.param(["yes"], None, "(was stopped after 1 s; the first ", id="a client that prints for ever"),
    ],
)
def test_an_examination_that_saw_nothing_says_so_with_status_2(mock_url, profile, command, url, words):
    out = io.StringIO()
    with profile.open("a") as more:
        more.write("limit_s: 1\n")
    status = examine(command, profile=profile, url=url or mock_url, situations=["not-available"], out=out)

    assert status == 2
    assert words in out.getvalue()


def ids_of(mock_url, profile, path, seed):
    """Return the ids that the calls of one situation carried, with the number of the seed that the report names."""
    examine(
        planted("rest"), profile=profile, url=mock_url, seed=seed, situations=["second-not-available"],
        reports={"json": path}, out=io.StringIO(),
    )  # fmt: skip
    report = json.loads(path.read_text())
    return report["examination"]["seed"], re.findall(r"vid \S+, sid [^)]+", "\n".join(report["results"][0]["timeline"]))


def test_the_same_seed_gives_the_same_ids_and_another_gives_others(mock_url, profile, tmp_path):
    first, again, other = (ids_of(mock_url, profile, tmp_path / "report.json", seed) for seed in (5, 5, 6))

    assert first[0] == 5
    assert first[1]
    assert first == again
    assert first[1] != other[1]


def test_what_a_client_said_too_much_is_told_in_its_report(mock_url, profile, tmp_path):
    out, report = io.StringIO(), tmp_path / "client.json"
    says_much = ["sh", "-c", f"yes | head -c 3000000; exec {shlex.join(planted('js'))}"]
    status = examine(
        says_much, profile=profile, url=mock_url, situations=["not-available"], reports={"json": report}, out=out
    )

    assert status == 0, out.getvalue()
    assert "the first 2.0 MB on standard output were not kept" in report.read_text()


def test_a_journal_that_dropped_exchanges_rules_on_nothing(profile):
    out = io.StringIO()
    with running("--journal-entries", 1) as served:
        status = examine(planted("rest"), profile=profile, url=served.url, out=out)

    assert status == 2
    assert "the journal dropped" in out.getvalue()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param("echo no luck >&2; exit 1", "the mock did not start: no luck", id="one that ends"),
        pytest.param("echo '{}'; echo what >&2", "the mock did not start: {} what", id="one that says something else"),
        pytest.param("exec sleep 300", "the mock did not start: it said nothing for 2 s", id="one that hangs"),
    ],
)
def test_a_mock_that_does_not_start_is_told_with_its_words(tmp_path, script, said):
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)

    with pytest.raises(SteeringError, match=f"^{said}$"), mock_at(None, python=str(program), patience_s=2):
        pass


def test_a_space_can_be_chosen_by_path_or_by_host():
    space = Space("http://127.0.0.1:8080", "client-1")

    assert space.base("path") == "http://127.0.0.1:8080/__space/client-1"
    assert space.base("host") == "http://client-1.localhost:8080"


def test_every_situation_is_listed_with_its_sentence():
    out = io.StringIO()

    assert list_situations(out=out) == 0
    assert (
        "loading-1: The account is found loading once; then an engagement is available. -> available" in out.getvalue()
    )


def shipped(in_short):
    """Name the shipped clients that are programs; those but *in_short* take their time, and are alike."""
    names = [name for name in shipped_clients() if name != "browser"]
    return [pytest.param(name, marks=() if name == in_short else pytest.mark.nightly) for name in names]


@pytest.mark.parametrize("name", shipped(in_short="shell_curl"))
def test_a_shipped_client_keeps_the_contract_wherever_it_need_not_wait_long(mock_url, name):
    profile = replace(load_profile(shipped_clients()[name]), at_once=8)
    verdict = verdict_on([], profile, Plan(mock_url, only=lambda situation: situation.waits_s <= 5))

    assert [(finding.rule, finding.where, finding.got) for finding in verdict.findings] == []
    assert [(doubt.where, doubt.got) for doubt in verdict.doubts] == []
    assert verdict.status is ExitStatus.KEPT
    assert len(verdict.examined) > 40


@pytest.mark.parametrize("name", [name for name in shipped_clients() if name != "shell_curl"])
def test_a_shipped_client_or_page_keeps_the_contract_in_a_situation_of_each_kind(mock_url, name):
    wanted = {"available-1", "not-available", "loading-1", "first-400-with-message", "session-lost", "status-unknown"}
    profile = load_profile(shipped_clients()[name])
    verdict = verdict_on([], profile, Plan(mock_url, only=lambda situation: situation.name in wanted))

    assert [(finding.rule, finding.where, finding.got) for finding in verdict.findings] == []
    assert [(doubt.where, doubt.got) for doubt in verdict.doubts] == []
    assert {result.name for result in verdict.examined} == wanted
