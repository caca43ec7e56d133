"""Schemathesis finds nothing: neither on the contract nor on the admin API's own document."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from contracts.contract.links import with_link_bodies
from tests.support.serving.running import CHECKOUT

CONTRACT = CHECKOUT / "openapi.yaml"
ADMIN = CHECKOUT / "mockserver" / "web" / "admin" / "admin.yaml"

#: Each line that departs from the default settings says why. No 5xx is excused: the default scenario serves none.
SETTINGS = """
continue-on-failure = true # one run tells everything

[cache]
enabled = false # nothing is carried from one run to the next

[analysis.constants]
enabled = false # the evidence comes from the document, not from the server's source

[generation]
database = "none" # no examples of an earlier run
max-examples = 20 # fuzzing and links; examples and coverage are complete whatever stands here

[phases.fuzzing]
error-feedback.enabled = false # what a refusal says must not teach the generator to agree with the server
"""

#: Valid data may be refused where a rule needs more than JSON Schema can say.
REFUSALS_OF_THE_CONTRACT = """
[[operations]] # a context that was never handed out has the right shape, and is refused (clause US-400-CONTEXT)
include-operation-id = "updateSession"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "404"]
"""
REFUSALS_OF_THE_ADMIN_API = """
[[operations]] # a scenario is checked by its own schema, and by the contract
include-operation-id = "putScenario"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400"]

[[operations]] # a fault is read by the code that will carry it out
include-operation-id = "putFaults"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400"]

[[operations]] # an operation or a clause that the contract does not have is refused
include-operation-id = "verifyJournal"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400"]

[[operations]] # as above, or a date that only looks like one
include-operation-id = "putClock"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400"]

[[operations]] # as above; and a query can be too long for the request line, right or wrong
include-operation-id = "getJournal"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "414"]
checks.negative_data_rejection.expected-statuses = ["400", "414"]
"""


RUNS = pytest.mark.parametrize("seed", [1, pytest.param(20_461, marks=pytest.mark.nightly)])


@dataclass(frozen=True)
class Run:
    """What one run of Schemathesis came to."""

    status: int
    output: str
    report: Any


def examined(document, url, seed, folder, excused=""):
    (folder / "schemathesis.toml").write_text(SETTINGS + excused)
    copy = folder / "document.json"
    copy.write_text(json.dumps(with_link_bodies(yaml.safe_load(document.read_text()))))
    arguments = ["--url", url, "--seed", str(seed), "--report", "json", "--report-json-path", "report.json"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", str(copy), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    output = done.stdout + done.stderr
    report = folder / "report.json"
    return Run(done.returncode, output, json.loads(report.read_text()) if report.exists() else None)


def operations(document):
    items = yaml.safe_load(document.read_text())["paths"].values()
    return [entry["operationId"] for item in items for entry in item.values() if "operationId" in entry]


def assert_found_nothing(run, document):
    assert run.status == 0, run.output
    assert (run.report["failures"], run.report["errors"]) == ([], []), run.output
    assert {name: told for name, told in run.report["warnings"].items() if told} == {}, run.output
    assert run.report["complete"]
    assert run.report["operations"]["tested"] == len(operations(document)), run.output


@RUNS
def test_the_contract_is_kept(served, space, seed, tmp_path):
    run = examined(CONTRACT, f"{served.url}/__space/{space}", seed, tmp_path, REFUSALS_OF_THE_CONTRACT)

    assert_found_nothing(run, CONTRACT)
    assert {phase["status"] for phase in run.report["phases"].values()} == {"success"}, run.output
    unanswered = [name for name in operations(CONTRACT) if not answered_well(served, space, name)]
    assert unanswered == [], "links and examples must lead every operation to a 200"


@RUNS
def test_the_admin_document_is_kept(served, space, seed, tmp_path):
    run = examined(ADMIN, f"{served.url}/__space/{space}", seed, tmp_path, REFUSALS_OF_THE_ADMIN_API)

    assert_found_nothing(run, ADMIN)
    ran = {name for name, phase in run.report["phases"].items() if phase["status"] == "success"}
    assert ran >= {"examples", "coverage", "fuzzing"}, run.output


def test_a_document_that_promises_too_much_is_found_out(served, space, tmp_path):
    document = yaml.safe_load(ADMIN.read_text())
    document["components"]["schemas"]["Health"]["required"].append("mood")
    document["paths"] = {"/__admin/health": document["paths"]["/__admin/health"]}
    changed = tmp_path / "changed.yaml"
    changed.write_text(yaml.safe_dump(document))

    run = examined(changed, f"{served.url}/__space/{space}", 1, tmp_path)

    assert (run.status, [failure["code"] for failure in run.report["failures"]]) == (1, ["ST108"]), run.output


def answered_well(served, space, operation):
    match = {"match": {"operation": operation, "status": 200}}
    return served.ask("POST", f"/__space/{space}/__admin/journal/verify", json_body=match).json["verified"]
