"""The image can be built, starts, and keeps its promises, as far as that can be seen without Docker."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.packaging.dockerfile import Ignored, build, copied, instructions, machine
from tests.support.pages.server import Server
from tests.support.scenario_fakes import VOCABULARY

CHECKOUT = Path(__file__).parents[3]
DOCKERFILE = CHECKOUT / "Dockerfile"


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return build(DOCKERFILE, tmp_path_factory.mktemp("image"))


@pytest.fixture
def started(image, tmp_path):
    """Start the server as the image would, but reachable from this machine only."""
    [program, *_], [command, *_] = image.settings["ENTRYPOINT"].words, image.settings["CMD"].words
    path = shutil.which(program, path=image.env["PATH"])
    env = machine() | image.env | {"MOCKSERVER_ADMIN_TOKEN": "secret"}
    server = Server([path, command, "--port", "0"], tmp_path, env)
    yield server
    server.close()


def files(root):
    """Return every file under *root* with the time of its last change."""
    return {
        path: path.lstat().st_mtime_ns
        for folder, _, names in os.walk(root)
        for path in (Path(folder, n) for n in names)
    }


@pytest.mark.parametrize("source", copied(DOCKERFILE))
def test_what_is_copied_exists_and_is_not_ignored(source):
    assert (CHECKOUT / source).exists()
    assert source not in Ignored(CHECKOUT / ".dockerignore")


@pytest.mark.parametrize(
    "path", [".git/config", ".venv/bin/python", "tests/support/pages/walk.py", "mockserver/__pycache__/a.pyc"]
)
def test_what_the_image_does_not_need_is_not_sent_to_the_builder(path):
    assert path in Ignored(CHECKOUT / ".dockerignore")


def test_every_stage_builds_on_one_image_that_is_named_by_its_tag_and_its_digest():
    steps = instructions(DOCKERFILE)
    bases = {step.words[0] for step in steps if step.name == "FROM"}
    [argument] = (step.text for step in steps if step.name == "ARG")

    assert bases == {"${PYTHON_IMAGE}"}
    assert re.fullmatch(r"PYTHON_IMAGE=python:3\.13\.[0-9]+-slim-[a-z]+@sha256:[0-9a-f]{64}", argument)


def test_the_entrypoint_is_in_the_image_and_explains_itself(image):
    done = image.run(*image.settings["ENTRYPOINT"].words, "--help")

    assert (done.returncode, done.stdout.split(maxsplit=2)[:2]) == (0, ["usage:", "mockserver"])


def test_the_image_holds_neither_pip_nor_the_build_backend(image):
    held = {path.name for path in image.root.glob("opt/*/lib/python*/site-packages/*")}

    assert {"pip", "hatchling"} & held == set()


def test_the_default_command_listens_for_other_machines(image):
    assert image.settings["CMD"].words == ["serve", "--host", "0.0.0.0"]


def test_the_health_check_is_the_program_itself_and_passes_while_the_server_runs(image, started):
    _, _, check = image.settings["HEALTHCHECK"].text.partition("CMD ")

    health = image.run(*json.loads(check), MOCKSERVER_PORT=str(started.port))

    assert (health.returncode, json.loads(health.stdout)["status"]) == (0, "ok")


def test_the_health_check_fails_when_nothing_answers(image):
    _, _, check = image.settings["HEALTHCHECK"].text.partition("CMD ")

    assert image.run(*json.loads(check), MOCKSERVER_PORT="1").returncode == 1


def test_contract_and_presets_are_parsed_when_the_image_is_built(image):
    kept = {path.name.partition(".yaml.")[0] for path in image.root.glob("opt/**/__pycache__/*.yaml.*.json")}

    assert kept - {"admin"} == {"openapi", *VOCABULARY.presets.names()}  # the health checks above read admin.yaml


def test_serving_writes_nothing_into_the_image(image, request):
    before = files(image.root)

    request.getfixturevalue("started")

    assert files(image.root) == before


def test_the_user_is_a_number_that_is_not_roots(image):
    user, _, group = image.settings["USER"].text.partition(":")

    assert min(int(user), int(group)) > 0


def test_it_is_stopped_by_the_signal_that_drains(image):
    assert image.settings["STOPSIGNAL"].text == "SIGTERM"
