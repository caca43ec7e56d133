"""What users install is complete, and works without the checkout."""

import json
import os
import subprocess
import sysconfig
import venv
from collections import Counter
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

import mockserver
from tests.support.packaging.wheels import pip
from tests.support.pages.server import Server

CHECKOUT = Path(__file__).parents[3]
PACKAGE = CHECKOUT / "mockserver"


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel into a new environment, beside the locked dependencies, and return its commands' folder.

    The dependencies are those that these tests run with; they came from the lock already.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    pip("--python", python, "install", "--no-deps", "--no-index", wheel)
    [site_packages] = folder.glob("lib/python*/site-packages")
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python.parent


def outside(installed):
    """Return the variables of a user who has only what was installed."""
    mine = ("MOCKSERVER_", "PYTHON", "VIRTUAL_ENV")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(mine)},
        "PATH": f"{installed}{os.pathsep}{os.environ['PATH']}",
    }


def test_the_wheel_carries_every_data_file_once(wheel):
    data = [path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".py"]
    wanted = {str(path.relative_to(CHECKOUT)) for path in data if path.parent.name != "__pycache__"} | {
        "mockserver/openapi.yaml"
    }

    carried = Counter(name for name in ZipFile(wheel).namelist() if name in wanted)

    assert carried == dict.fromkeys(wanted, 1)


@pytest.mark.parametrize(
    "name",
    [
        "openapi.yaml",
        "py.typed",
        "apis/engagement/presets/available.yaml",
        "web/admin/admin.yaml",
    ],
)
def test_the_wheel_carries_what_the_server_reads(wheel, name):
    assert f"mockserver/{name}" in ZipFile(wheel).namelist()


def test_the_contract_in_the_wheel_is_the_one_of_the_checkout(wheel):
    copies = [name for name in ZipFile(wheel).namelist() if name.endswith("openapi.yaml")]

    assert copies == ["mockserver/openapi.yaml"]
    assert ZipFile(wheel).read(copies[0]) == (CHECKOUT / "openapi.yaml").read_bytes()


def test_the_wheel_carries_the_packages_and_nothing_else(wheel):
    top = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}

    assert top == {"mockserver", "mockserver_contracts", f"engagement_mockserver-{mockserver.__version__}.dist-info"}


def test_the_installed_command_tells_its_version(installed, tmp_path):
    done = subprocess.run(
        ["mockserver", "--version"], cwd=tmp_path, env=outside(installed), check=True, capture_output=True, text=True
    )

    assert done.stdout == f"mockserver {mockserver.__version__}\n"


def test_the_installed_package_is_not_the_checkout(installed, tmp_path):
    done = subprocess.run(
        [installed / "python", "-c", "import mockserver; print(mockserver.__file__)"],
        cwd=tmp_path,
        env=outside(installed),
        check=True,
        capture_output=True,
        text=True,
    )

    assert Path(done.stdout.strip()).is_relative_to(installed.parent)


@pytest.mark.parametrize("words", [("check", "server", "--help"), ("selfcheck", "--client", "nobody")])
def test_the_installed_harness_is_not_mistaken_for_what_the_user_calls_contracts(installed, tmp_path, words):
    (tmp_path / "contracts.py").write_text("raise SystemExit('the contracts of somebody else')")

    done = subprocess.run(
        ["mockserver", *words],
        cwd=tmp_path,
        env=outside(installed) | {"PYTHONPATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert "somebody else" not in done.stderr
    assert done.stdout.startswith(("usage: mockserver check server", "There is no shipped client 'nobody'"))


def test_the_installed_harness_runs_without_the_command(installed, tmp_path):
    done = subprocess.run(
        [installed / "python", "-m", "mockserver_contracts", "--help"],
        cwd=tmp_path,
        env=outside(installed),
        check=True,
        capture_output=True,
        text=True,
    )

    assert done.stdout.startswith("usage: python -m mockserver_contracts ")


def test_the_installed_command_serves(installed, tmp_path):
    command = [str(installed / "mockserver"), "serve", "--port", "0", "--ready", "json"]
    server = Server(command, tmp_path, outside(installed))
    try:
        ready = json.loads(server.announced)
        with urlopen(f"{ready['url']}/__admin/health") as health:
            status = json.load(health)["status"]
    finally:
        server.close()

    assert (ready["ready"], status) == (True, "ok")
