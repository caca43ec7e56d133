import os
import select
import signal

import pytest

from contracts.client_process import KEPT_BYTES, run_command
from contracts.interruption import ProcessGroups


def run(script, *, limit_s=60):
    return run_command(["sh", "-c", script], os.environ, None, limit_s, ProcessGroups())


def comes_to_an_end(pid):
    """Wait for the end of a process that is no child of ours."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(process):
        return select.select([process], [], [], 20)[0] == [process]


def test_what_a_client_said_and_how_it_ended_is_reported():
    report = run("echo out; echo err >&2; exit 3")

    assert (report.exit_code, report.stdout, report.stderr, report.finished) == (3, "out\n", "err\n", True)


def test_a_child_that_holds_the_pipe_is_not_waited_for_and_ends_with_the_client():
    report = run("sleep 300 & echo $!")

    assert report.finished
    assert comes_to_an_end(int(report.stdout))


def test_a_child_in_a_session_of_its_own_is_not_waited_for_either():
    report = run("setsid sleep 300 & echo $!")

    assert report.finished
    os.kill(int(report.stdout), signal.SIGKILL)


def test_a_client_that_closes_its_streams_early_is_waited_for_all_the_same():
    report = run("echo early; exec >&- 2>&-; sleep 1; exit 7")

    assert (report.exit_code, report.stdout) == (7, "early\n")


def test_a_client_that_reads_its_input_finds_none():
    assert run("cat; echo over").stdout == "over\n"


def test_a_client_that_does_not_end_is_stopped_even_when_it_ignores_signals():
    report = run("trap '' TERM INT HUP; echo $$; while :; do sleep 100; done", limit_s=1)

    assert not report.finished
    assert comes_to_an_end(int(report.stdout))


def test_only_the_end_of_what_a_client_says_for_ever_is_kept():
    report = run("yes & yes >&2", limit_s=1)

    assert not report.finished
    assert len(report.stdout) <= KEPT_BYTES
    assert report.stdout.endswith("y\n")


def test_the_last_words_of_a_client_that_says_much_are_kept():
    report = run(f"yes | head -c {3 * KEPT_BYTES}; echo outcome")

    assert report.stdout.endswith("y\noutcome\n")
    assert len(report.stdout) == KEPT_BYTES


def test_what_is_no_text_is_kept_as_far_as_it_can_be_shown():
    assert run("printf 'a\\377b'").stdout == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize("command", [["no-such-program"], ["/"]], ids=["nowhere", "a folder"])
def test_a_command_that_cannot_be_run_says_so(command):
    report = run_command(command, os.environ, None, 1, ProcessGroups())

    assert report.exit_code is None
    assert f"{command[0]} cannot be run" in report.stderr
