"""What lies in the user's folder is called like a module of Python's, or like one of ours, and is not taken for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.client_suite.examination import shipped_clients
from tests.support.serving.running import CHECKOUT, environment, running

#: The command as it was installed; `python -m` would let the user's folder come first.
COMMAND = Path(sys.executable).with_name("mockserver")
NAMES = ["mockserver", "contracts", "secrets", "types", "queue"]
CALL = "/api/account/1/getEngagement"
VALID = {"appType": "EXTERNAL"}


def called(folder, *names):
    """Make *folder* a project that has modules of these *names*; to import one ends the program."""
    for name in names:
        (folder / f"{name}.py").write_text(f"raise SystemExit('the {name} of somebody else')\n")
    return folder


def run(*words, cwd, env=None):
    return subprocess.run(
        [COMMAND, *words], cwd=cwd, env=environment(env), capture_output=True, text=True, timeout=120, check=False
    )


def test_a_server_and_its_replies_need_no_module_of_the_current_folder(tmp_path):
    folder = called(tmp_path, *NAMES, *sys.stdlib_module_names - {"__future__"})

    with running(cwd=folder, env={"PYTHONSAFEPATH": "on"}) as served:
        statuses = [
            served.ask("POST", CALL, json_body=VALID).status,
            served.ask("GET", "/nowhere").status,
            served.ask("PUT", "/__admin/scenario", json_body={"preset": "by-section"}).status,
            served.ask("GET", "/__admin/clauses").status,
        ]

    assert statuses == [200, 404, 200, 200]


@pytest.mark.parametrize("name", NAMES)
def test_the_harness_starts_its_own_mock_beside(tmp_path, name):
    profile = shipped_clients()["python_requests"]

    done = run("check", "client", "--profile", profile, "--situation", "not-available", cwd=called(tmp_path, name))

    assert "somebody else" not in done.stdout + done.stderr
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["contracts", "secrets", "queue"])
def test_the_command_works_with_the_folder_on_the_import_path(tmp_path, name):
    path = {"PYTHONPATH": os.pathsep.join([str(called(tmp_path, name)), str(CHECKOUT)])}

    listed = run("check", "client", "--list", cwd=tmp_path, env=path)
    with running(env=path) as served:
        status = served.ask("POST", CALL, json_body=VALID).status

    assert (listed.returncode, listed.stderr, status) == (0, "", 200)
