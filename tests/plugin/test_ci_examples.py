"""The files that are copied into other projects: every command in them is understood."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from contracts.__main__ import _parser
from contracts.report import wanted
from tests.plugin.test_sample_project import SAMPLE, run

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def read(name):
    return yaml.safe_load((EXAMPLES / name).read_text())


def steps_of_github():
    return [step for job in read("github-actions.yml")["jobs"].values() for step in job["steps"]]


def commands():
    """Return the words of every command in the examples."""
    lines = [line for step in steps_of_github() for line in step.get("run", "").splitlines()]
    lines += [line for name in ("client", "any-language") for line in read("gitlab-ci.yml")[name]["script"]]
    return [shlex.split(line, comments=True) for line in lines]


COMPOSE = read("docker-compose.client.yml")["services"]
TESTED = [
    *(words[1:] for words in commands() if words[0] == "pytest"),
    COMPOSE["client"]["command"][3:],
]
JUDGED = [words for words in commands() if words[:2] == ["mockserver", "check"]]


def test_each_example_tests_and_the_two_for_ci_judge():
    assert (len(TESTED), len(JUDGED)) == (3, 4)


@pytest.mark.parametrize("words", JUDGED, ids=" ".join)
def test_the_judge_understands_its_command(words):
    options = _parser("mockserver check").parse_args(words[2:])

    assert "html" in wanted(options.report)


@pytest.mark.parametrize("words", TESTED, ids=["github", "gitlab", "compose"])
def test_pytest_understands_its_command(words, tmp_path):
    here = [re.sub("^--junitxml=", f"--junitxml={tmp_path}/", word) for word in words]

    done = run(SAMPLE, "--collect-only", "-q", *here)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_report_that_github_uploads_is_one_that_is_written():
    uploaded = [step["with"]["sarif_file"] for step in steps_of_github() if "upload-sarif" in step.get("uses", "")]

    [words] = [words for words in JUDGED if any("sarif" in word for word in words)]
    assert [f"sarif={file}" in words for file in uploaded] == [True]


def test_the_container_with_the_client_waits_for_a_mock_it_can_steer():
    client, mock = COMPOSE["client"], COMPOSE["mock"]

    assert client["depends_on"] == {"mock": {"condition": "service_healthy"}}
    assert client["environment"] == mock["environment"] != {}
    assert "http://mock:8080" in client["command"]
