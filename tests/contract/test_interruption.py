"""An examination that is ended by a signal: nothing that it started is left, and the shell is told which signal."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from contracts.errors import Interrupted
from contracts.processes.interruption import ProcessGroups, interruptible
from tests.e2e.serving.test_signals import lives
from tests.e2e.test_losses import kill_the_worker
from tests.plugin.test_endings import descendants, serves
from tests.support.serving.running import COMMAND, PATIENCE, environment, eventually, running

ROOT = Path(__file__).parents[2]
BUTTON = Path(__file__).parent / "clients" / "button.py"
STATUSES = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def name(number):
    return number.name


@contextmanager
def checking(*words, cwd):
    """Run a check, in a session of its own as in a terminal."""
    with subprocess.Popen(
        [*COMMAND, "check", *map(str, words)],
        cwd=cwd, env=environment(None), stdin=subprocess.DEVNULL, stdout=-1, stderr=-1, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def checking_a_client(folder):
    """Check a client that does not end, and give the check once two of them run, with all its processes."""
    (folder / "profile.yaml").write_text("client: endless\nat_once: 2\n")
    client = ["sh", "-c", f"touch {folder}/ready-$$; sleep 300; true"]
    with checking("client", "--profile", "profile.yaml", "--", *client, cwd=folder) as process:
        eventually(lambda: len(list(folder.glob("ready-*"))), lambda found: found >= 2)
        yield process, descendants(process.pid)


@pytest.mark.parametrize("number", STATUSES, ids=name)
def test_clients_and_mock_end_with_the_check_of_a_client(tmp_path, number):
    with checking_a_client(tmp_path) as (process, others):
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=PATIENCE)

        assert (process.returncode, out) == (STATUSES[number], "")
        assert err == f"ended by {number.name}, so nothing is judged\n"
        assert len(others) >= 4
        eventually(lambda: [other for other in others if lives(other)], lambda left: left == [])


@pytest.mark.parametrize("number", STATUSES, ids=name)
def test_what_is_known_of_a_client_is_told_when_a_signal_ends_its_check(tmp_path, number):
    (tmp_path / "profile.yaml").write_text("client: slow at last\nat_once: 1\n")
    later = f"if [ -e {tmp_path}/once ]; then touch {tmp_path}/ready; sleep 300; true; fi; touch {tmp_path}/once"
    client = ["sh", "-c", f"{later}; exec {sys.executable} {BUTTON}"]
    words = ["--profile", "profile.yaml", "--situation", "not-available", "--situation", "available-1"]
    with checking("client", *words, "--report", "json=report.json", "--", *client, cwd=tmp_path) as process:
        eventually((tmp_path / "ready").exists, bool)
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == STATUSES[number]
    assert err == f"ended by {number.name}; what was found until then stands above\n"
    assert "clients: 1 kept, 0 broken, 0 not examined" in out
    assert f"The examination is incomplete: ended by {number.name} (after 1 of 2 situations)" in out
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["verdict"], report["exit_status"]) == ("not_examined", STATUSES[number])


def test_the_mock_ends_with_a_check_that_was_killed(tmp_path):
    with checking_a_client(tmp_path) as (process, others):
        mock = [other for other in others if serves(other)]
        clients = set(others) - set(mock)
        process.kill()

        try:
            eventually(lambda: [one for one in mock if lives(one)], lambda left: left == [])
        finally:
            for client in clients:
                with suppress(ProcessLookupError):
                    os.kill(client, signal.SIGKILL)


@pytest.mark.parametrize("number", STATUSES, ids=name)
def test_the_check_of_a_server_ends_while_it_waits_for_a_reply(tmp_path, number):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with checking("server", "--url", url, cwd=tmp_path) as process:
            connection, _ = silent.accept()
            with connection:
                os.killpg(process.pid, number)
                _, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, err) == (STATUSES[number], f"ended by {number.name}, so nothing is judged\n")


def test_a_mock_that_loses_its_state_under_a_check_is_not_judged(tmp_path):
    (tmp_path / "profile.yaml").write_text("client: waits\nat_once: 1\n")
    client = ["sh", "-c", f"touch {tmp_path}/ready; while [ -e {tmp_path}/ready ]; do sleep 0.01; done"]
    with running() as mock:
        words = ["--situation", "not-available", "--url", mock.url, "--profile", "profile.yaml", "--", *client]
        with checking("client", *words, cwd=tmp_path) as process:
            eventually((tmp_path / "ready").exists, bool)
            kill_the_worker(mock)
            (tmp_path / "ready").unlink()
            out, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2
    assert "the server lost its state" in out + err


def test_a_signal_ends_all_clients_of_a_selfcheck_and_its_mocks(tmp_path):
    words = [*COMMAND, "selfcheck", "--client", "python_requests", "--client", "python_httpx"]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(None), stdin=subprocess.DEVNULL, stdout=-1, stderr=-1, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            two_clients = [b"python_requests", b"python_httpx"]
            eventually(lambda: running_of(process), lambda lines: all(any(n in m for m in lines) for n in two_clients))
            others = descendants(process.pid)
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    assert process.returncode == 130
    assert "ended by SIGINT" in err, out
    eventually(lambda: [other for other in others if lives(other)], lambda left: left == [])


def running_of(process):
    """Return folder and command line of everything that *process* has started."""
    with suppress(OSError):
        folders = [Path(f"/proc/{one}") for one in descendants(process.pid)]
        return [os.fsencode((one / "cwd").readlink()) + (one / "cmdline").read_bytes() for one in folders]
    return []  # one of them has just ended


class TestInterruptible:
    def test_ends_the_process_at_once_when_a_second_signal_comes(self):
        program = (
            "import os, signal\n"
            "from contracts.processes.interruption import Interrupted, interruptible\n"
            "with interruptible():\n"
            "    try:\n        os.kill(os.getpid(), signal.SIGINT)\n"
            "    except Interrupted:\n        os.kill(os.getpid(), signal.SIGINT)\n"
            "    print('goes on')\n"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)

        assert (done.returncode, done.stdout, done.stderr) == (130, "", "")

    def test_gives_back_the_handlers_that_were_there(self):
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(Interrupted), interruptible():
            os.kill(os.getpid(), signal.SIGTERM)

        assert signal.getsignal(signal.SIGTERM) is before

    def test_leaves_alone_what_is_ignored(self):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            with interruptible():
                os.kill(os.getpid(), signal.SIGHUP)
        finally:
            signal.signal(signal.SIGHUP, before)


class TestProcessGroups:
    def test_a_client_that_begins_after_the_end_ends_at_once(self):
        groups = ProcessGroups()
        groups.end()
        command = [sys.executable, "-c", "import signal; signal.pause()"]
        with subprocess.Popen(command, start_new_session=True) as late, groups.including(late.pid):
            assert late.wait(PATIENCE) == -signal.SIGKILL
