"""The package can be installed as README says, and every line that installs it uses a name that works."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from email import message_from_bytes
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
import yaml
from trove_classifiers import classifiers

from mockserver.errors import installing
from tests.support.packaging.wheels import CHECKOUT, pip
from tests.support.pages.markdown import blocks, links
from tests.support.pages.server import Server

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
EXAMPLES = {
    "github": yaml.safe_load((CHECKOUT / "docs/examples/github-actions.yml").read_text())["env"],
    "gitlab": yaml.safe_load((CHECKOUT / "docs/examples/gitlab-ci.yml").read_text())["variables"],
}
#: `pip install NAME[extra]`, wherever a reader meets it.
INSTALLED_WITH_EXTRA = re.compile(r"(?:pip|pipx|uv pip|uv tool) install '?([\w-]+)\\?\[(\w+)\\?\]'?")


@pytest.fixture
def metadata(wheel):
    with ZipFile(wheel) as opened:
        [name] = [name for name in opened.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_bytes(opened.read(name))


@pytest.fixture
def desk(wheel, tmp_path):
    """Return a folder with the wheel and nothing else."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / wheel.name).symlink_to(wheel)
    return folder


@pytest.fixture
def environment(wheelhouse, tmp_path):
    """Return variables with which uv and pipx leave the machine alone and need no network."""
    mine = ("MOCKSERVER_", "PYTHON", "VIRTUAL_ENV", "UV_", "PIPX_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(mine)},
        "PATH": f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}",
        "UV_CACHE_DIR": str(tmp_path / "uv"),
        "UV_FIND_LINKS": str(wheelhouse),
        "UV_NO_INDEX": "1",
        "UV_PYTHON": sys.executable,
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_DEFAULT_BACKEND": "uv",
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
    }


def line_of_readme(program):
    """Return the line of README that installs with *program*."""
    [line] = [
        line.removeprefix("$ ")
        for block in blocks(CHECKOUT / "README.md")
        for line in block.text.splitlines()
        if line.startswith(f"$ {program} ") and ".whl" in line
    ]
    return line


def test_uvx_serves_from_a_wheel_as_readme_says(desk, environment):
    server = Server(["bash", "-c", f"exec {line_of_readme('uvx')} --port 0"], desk, environment)
    try:
        with urlopen(f"http://127.0.0.1:{server.port}/__admin/health") as health:
            assert health.status == 200
    finally:
        server.close()


@pytest.mark.nightly  # it differs from uvx in who fetches the same wheels
def test_pipx_installs_the_command_from_a_wheel_as_readme_says(desk, environment):
    subprocess.run(["bash", "-c", line_of_readme("pipx")], cwd=desk, env=environment, check=True)

    command = [f"{environment['PIPX_BIN_DIR']}/mockserver", "--version"]
    assert subprocess.run(command, env=environment, check=True, capture_output=True).stdout.startswith(b"mockserver ")


def test_pip_takes_a_wheel_as_readme_says(desk):
    words = line_of_readme("pip").replace("pip install ", f"{sys.executable} -m pip install --dry-run ")

    done = subprocess.run(
        ["bash", "-c", f"{words} --force-reinstall --no-deps --no-index"], cwd=desk, check=True, capture_output=True
    )

    assert b"Would install engagement-mockserver-" in done.stdout


@pytest.mark.nightly
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_one_requirement_of_an_example_for_ci_can_be_installed(wheel, name, tmp_path):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / wheel.name).symlink_to(wheel)
    [requirement] = EXAMPLES[name].values()

    pip("install", "--dry-run", "--force-reinstall", "--no-deps", "--no-index", requirement, cwd=tmp_path)


def test_the_package_says_what_it_is_in_words_that_an_index_knows(metadata):
    assert metadata["Name"] == "engagement-mockserver"
    assert set(metadata.get_all("Classifier")) <= classifiers
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_no_link_of_the_package_s_page_needs_the_checkout(metadata, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(metadata.get_payload(), encoding="utf-8")

    targets = [link.target for link in links(page)]

    assert targets
    assert [target for target in targets if not target.startswith("https://")] == []


def test_whatever_names_an_extra_names_this_package_and_an_extra_that_it_has():
    files = [
        *CHECKOUT.glob("*.md"),
        *(CHECKOUT / "docs").rglob("*.md"),
        *(CHECKOUT / "docs").rglob("*.yml"),
        *(CHECKOUT / "mockserver").rglob("*.py"),
        *(CHECKOUT / "contracts").rglob("*.py"),
    ]
    named = [found for file in files for found in INSTALLED_WITH_EXTRA.findall(file.read_text(encoding="utf-8"))]
    named += [
        pair for extra in PROJECT["optional-dependencies"] for pair in INSTALLED_WITH_EXTRA.findall(installing(extra))
    ]

    assert {name for name, _ in named} == {PROJECT["name"]}
    assert {extra for _, extra in named} == set(PROJECT["optional-dependencies"])
