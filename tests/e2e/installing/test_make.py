"""The two commands of the README do all the set-up, and a test run that fails says so."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.pages.server import Server

CHECKOUT = Path(__file__).parents[3]
#: The environment that these tests run in stands for one that `make` has set up.
READY = [f"VENV={sys.prefix}", f"--assume-old={sys.prefix}/.can-test"]
TARGETS = re.compile(r"^([a-z]+):", re.MULTILINE)

PLANTED = """
import sys


def test_planted():
    assert not 'planted'


def test_what_is_compiled_is_kept_for_the_next_interpreter():
    assert not sys.dont_write_bytecode
"""


@pytest.fixture
def clone(tmp_path):
    """Copy what a clone would hold: all that is not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    folder = tmp_path / "clone"
    for name in filter(None, listed.stdout.split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, target)
    return folder


def newcomer():
    """Return the variables of somebody who has just cloned; a make around these tests is no part of them."""
    mine = ("MOCKSERVER_", "PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}


def make(*arguments, cwd=CHECKOUT, **variables):
    return subprocess.run(
        ["make", *map(str, arguments)],
        cwd=cwd,
        env={**newcomer(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_run_sets_up_a_fresh_clone_and_serves(clone):
    server = Server(["make", "run", "PORT=0", "SCENARIO=not-available", f"PYTHON={sys.executable}"], clone, newcomer())
    try:
        with urlopen(f"http://127.0.0.1:{server.port}/__admin/scenario") as scenario:
            in_force = scenario.read().decode()
    finally:
        server.close()

    assert "not-available" in in_force


def test_make_test_fails_when_a_test_fails(clone):
    (clone / "tests/unit/test_planted.py").write_text(PLANTED)

    result = make("test", *READY, "ARGS=tests/unit/test_planted.py", cwd=clone, PYTHONDONTWRITEBYTECODE="1")

    assert result.returncode != 0
    assert "1 failed, 1 passed" in result.stdout


def test_make_test_fails_when_no_test_ran():
    result = make("test", *READY, "ARGS=tests/docs/test_markdown.py -k nothing_has_this_name")

    assert result.returncode != 0
    assert "no tests ran" in result.stdout


def test_make_soak_writes_its_numbers(clone):
    result = make("soak", *READY, "SOAK_S=1", "FUZZ_S=1", "ARGS=-k 1-memory", cwd=clone)

    assert result.returncode == 0, result.stdout
    assert re.search(r'name="MiB" value="\[\d+, \d+\]"', (clone / "reports/soak.xml").read_text())


def test_make_refuses_an_old_python_and_names_the_way_out(tmp_path):
    old = tmp_path / "python"
    pretend = "import sys; sys.version_info = (3, 9); exec(sys.argv[1])"
    old.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{pretend}' \"$2\"\n")
    old.chmod(0o755)

    result = make("run", f"VENV={tmp_path}/none", f"PYTHON={old}")

    assert result.returncode != 0
    assert "is Python 3.9; 3.11 or newer is needed" in result.stderr


def test_make_alone_lists_every_target():
    listed = [line.split()[0] for line in make().stdout.splitlines()]

    assert listed == TARGETS.findall((CHECKOUT / "Makefile").read_text())


@pytest.mark.parametrize("status", [0, 5])
def test_ci_ends_as_the_tests_end(tmp_path, status):
    fake = tmp_path / "make"
    fake.write_text(f'#!/bin/sh\necho "$CI $*"\nexit {status}\n')
    fake.chmod(0o755)
    # Every program is found, so that nothing is installed here.
    for program in ["chromium", "curl", "git", "jq", "nginx", "node", "redis-server", "wrk"]:
        (tmp_path / program).symlink_to(fake)
    env = newcomer() | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}

    result = subprocess.run(
        ["bash", CHECKOUT / ".ci/run"], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout) == (status, "true test\n")
