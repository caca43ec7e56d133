"""How a run of pytest ends, and its mock server with it: by Ctrl-C, by signals, and when the server is gone first."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.serving.test_signals import lives
from tests.plugin.test_sample_project import PATIENCE_S, SAMPLE, WITHOUT, outcomes, run, with_test
from tests.support.serving.running import eventually, running

WAITS = (
    "import signal\nfrom pathlib import Path\n\n"
    "def test_it(mock_server):\n"
    "    Visit(mock_server.url).has_button()\n"
    "    Path(f'ready-{os.getpid()}').touch()\n"
    "    signal.pause()\n"
)


@pytest.fixture
def sample(tmp_path):
    """Copy the sample, which gets other tests."""
    return shutil.copytree(SAMPLE, tmp_path / "sample", ignore=shutil.ignore_patterns("__pycache__"))


def descendants(process):
    """Return what *process* has started, by whichever of its threads, and what that has started."""
    lists = [task / "children" for task in Path(f"/proc/{process}/task").iterdir()]
    own = [int(child) for children in lists for child in children.read_text().split()]
    return [*own, *(further for child in own for further in descendants(child))]


@contextmanager
def waiting(project, *arguments, count=1):
    """Run a project whose tests wait for a signal, and give it once *count* of them do, with all its processes."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "PYTEST_"))}
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *WITHOUT, *arguments],
        cwd=project, env=mine, stdin=subprocess.DEVNULL, stdout=-1, stderr=subprocess.STDOUT, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            eventually(lambda: len(list(project.glob("ready-*"))), lambda found: found == count)
            yield process, descendants(process.pid)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda number: number.name)
def test_a_server_ends_with_the_run_that_it_was_started_for(sample, number):
    with_test(sample, f"import os\n{WAITS}")
    with waiting(sample) as (process, others):
        process.send_signal(number)
        process.wait(PATIENCE_S)

        assert others
        eventually(lambda: [other for other in others if lives(other)], lambda left: left == [])


def test_the_servers_of_several_processes_end_with_the_run(sample):
    with_test(sample, f"import os\n{WAITS}\ndef test_too(mock_server):\n    test_it(mock_server)\n")
    with waiting(sample, "-n", "2", count=2) as (process, others):
        process.kill()

        assert len(others) > 4
        eventually(lambda: [other for other in others if lives(other)], lambda left: left == [])


def test_ctrl_c_in_a_test_ends_the_run_as_pytest_ends_it_without_a_word_of_ours(sample):
    with_test(sample, f"import os\n{WAITS}")
    with waiting(sample) as (process, others):
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everyone
        said, _ = process.communicate(timeout=PATIENCE_S)

        assert process.returncode == pytest.ExitCode.INTERRUPTED
        assert "KeyboardInterrupt" in said
        assert not re.search("Traceback|SteeringError|NobodyAnswers|ERROR|Attention|Standard input", said)
        assert [other for other in others if lives(other)] == []


def test_a_process_that_a_test_forked_and_left_does_not_keep_the_server(sample):
    text = (
        "import os, signal\n\ndef test_it(mock_server):\n"
        "    if not os.fork():\n        signal.pause()\n        os._exit(0)\n"
        "    Path(f'ready-{os.getpid()}').touch()\n    signal.pause()\n"
    )
    with_test(sample, f"from pathlib import Path\n{text}")
    with waiting(sample) as (process, others):
        [forked] = [other for other in others if not serves(other)]
        process.kill()

        eventually(lambda: [other for other in others if lives(other) and other != forked], lambda left: left == [])


def serves(process):
    return b"\0serve\0" in Path(f"/proc/{process}/cmdline").read_bytes()


def test_a_server_of_others_that_ends_with_the_run_is_no_error(sample):
    with_test(
        sample,
        "import os, signal\nfrom urllib.request import urlopen\n\ndef test_it(mock_server_url, mock_server):\n"
        "    os.kill(int(os.environ['SERVER_PID']), signal.SIGTERM)\n"
        "    with pytest.raises(OSError):\n"
        "        while True:\n            urlopen(mock_server_url + '/__admin/health').close()\n",
    )
    with running() as server:
        done = run(sample, "--mock-server-url", server.url, env={"SERVER_PID": str(server.pid)})

    assert outcomes(done) == {"passed": 1}, done.stdout


def test_a_server_that_ends_before_the_tests_fails_the_run(sample):
    with_test(
        sample,
        "import os, signal\nfrom pathlib import Path\n\ndef test_it(mock_server):\n"
        "    [server] = Path(f'/proc/self/task/{os.getpid()}/children').read_text().split()\n"
        "    os.kill(int(server), signal.SIGKILL)\n    os.waitid(os.P_PID, int(server), os.WEXITED | os.WNOWAIT)\n",
    )

    done = run(sample)

    assert outcomes(done) == {"passed": 1, "error": 1}
    assert "the mock server ended before the tests" in done.stdout


def test_a_verification_that_spans_the_death_of_the_servers_worker_fails(sample):
    with_test(
        sample,
        "import os, signal\nfrom pathlib import Path\n\n"
        "def children(pid):\n    return Path(f'/proc/{pid}/task/{pid}/children').read_text().split()\n\n"
        "def test_it(mock_server):\n"
        "    Visit(mock_server.url).has_button()\n"
        "    [server] = children(os.getpid())\n    [worker] = children(server)\n"
        "    os.kill(int(worker), signal.SIGKILL)\n"
        "    while children(server) in ([], [worker]):\n        pass\n"
        "    mock_server.assert_called(times=0)\n\n"
        "def test_next(mock_server):\n    mock_server.assert_called(times=0)\n",
    )

    done = run(sample)

    assert outcomes(done) == {"failed": 1, "passed": 1}, done.stdout
    assert "the worker that kept it in memory died" in done.stdout
