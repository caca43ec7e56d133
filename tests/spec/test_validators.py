"""Four validators read both documents, each by its strictest rules, and have nothing to say."""

import os
import subprocess
import sys

import pytest
import yaml

from tests.spec.installed import TOOLS, npm_programs
from tests.support.serving.running import CHECKOUT

DOCUMENTS = [CHECKOUT / "openapi.yaml", CHECKOUT / "mockserver" / "web" / "admin" / "admin.yaml"]


def openapi_spec_validator():
    return [sys.executable, "-m", "openapi_spec_validator"]


def redocly():
    return [npm_programs() / "redocly", "lint", "--config", TOOLS / "redocly.yaml"]


def spectral():
    return [npm_programs() / "spectral", "lint", "--ruleset", TOOLS / "spectral.yaml", "--fail-severity", "hint"]


def swagger_parser():
    npm_programs()
    return ["node", TOOLS / "swagger_parser.mjs"]


VALIDATORS = pytest.mark.parametrize("validator", [openapi_spec_validator, redocly, spectral, swagger_parser])


def judged(validator, *documents):
    command = [*map(str, validator()), *map(str, documents)]
    # Redocly counts its users, unless it is told not to.
    environment = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    return subprocess.run(command, env=environment, cwd=CHECKOUT, capture_output=True, text=True, check=False)


@VALIDATORS
def test_a_validator_has_nothing_to_say_about_either_document(validator):
    done = judged(validator, *DOCUMENTS)

    assert done.returncode == 0, done.stdout + done.stderr


@VALIDATORS
def test_a_validator_finds_what_is_planted(validator, tmp_path):
    document = yaml.safe_load(DOCUMENTS[0].read_text(encoding="utf-8"))
    del document["info"]["title"]
    planted = tmp_path / "openapi.yaml"
    planted.write_text(yaml.safe_dump(document), encoding="utf-8")

    done = judged(validator, planted)

    assert done.returncode != 0
    assert "title" in done.stdout + done.stderr
