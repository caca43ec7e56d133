"""A server that was started for somebody ends with him, however he ends: `--stop-with-stdin on`."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.e2e.serving.test_signals import lives
from tests.support.serving.running import COMMAND, PATIENCE, Served, environment, eventually, launched, lines_of

WITH_STDIN = ("--stop-with-stdin", "on")
ENDS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@contextmanager
def started_with_a_pipe(*arguments):
    read, held = os.pipe()
    try:
        with launched(*WITH_STDIN, *arguments, stdin=read) as (process, stderr):
            os.close(read)
            [line] = lines_of(process, 1)
            yield Served(json.loads(line)["url"], None, process.pid, process, stderr), held
    finally:
        os.close(held)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_server_stops_when_its_standard_input_ends_and_says_so(workers):
    with started_with_a_pipe("--workers", workers) as (served, held):
        started = served.workers(workers)
        os.write(held, b"what is written says nothing\n")
        answered = served.ask("GET", "/__admin/health").status
        os.dup2(os.open(os.devnull, os.O_WRONLY), held)

        assert served.process.wait(PATIENCE) == 0
        assert answered == 200
        assert [worker for worker in started if lives(worker)] == []
        assert served.log() == "Standard input has ended: the server stops.\n"


def test_it_still_stops_when_its_worker_had_to_be_replaced():
    with started_with_a_pipe() as (served, held):
        [worker] = served.workers(1)
        os.kill(worker, signal.SIGKILL)
        eventually(lambda: worker in served.workers(1), lambda there: not there)
        served.ask("GET", "/__admin/health")
        os.dup2(os.open(os.devnull, os.O_WRONLY), held)

        assert served.process.wait(PATIENCE) == 0


#: Starts a server as any program would, says what was announced, and has no time to tidy up.
STARTER = """
import signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(server.stdout.readline().decode(), end="", flush=True)
signal.pause()
"""


@pytest.mark.parametrize("number", ENDS, ids=lambda number: number.name)
def test_the_server_ends_with_a_starter_that_was_ended(number):
    words = [*COMMAND, "serve", "--port", "0", "--ready", "json", *WITH_STDIN]
    command = [sys.executable, "-c", STARTER, *words]
    with subprocess.Popen(command, env=environment(None), stdout=-1, stderr=subprocess.DEVNULL, text=True) as starter:
        [line] = lines_of(starter, 1)
        server = json.loads(line)["pid"]
        starter.send_signal(number)

        eventually(lambda: lives(server), lambda there: not there)


@pytest.mark.parametrize("stdin", ["/dev/null", "closed"])
def test_a_standard_input_that_nobody_can_hold_open_is_refused(stdin):
    given = "</dev/null" if stdin == "/dev/null" else "<&-"
    command = ["sh", "-c", f'exec "$@" {given}', "sh", *COMMAND, "serve", "--port", "0", *WITH_STDIN]
    done = subprocess.run(command, env=environment(None), capture_output=True, text=True, timeout=PATIENCE, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert "standard input is closed or /dev/null" in done.stderr
    assert "keep the other end open" in done.stderr


def test_without_the_setting_a_standard_input_that_ends_is_no_reason_to_stop():
    with launched(stdin=subprocess.DEVNULL) as (process, stderr):
        [line] = lines_of(process, 1)

        assert Served(json.loads(line)["url"], None, process.pid, process, stderr).ask("GET", "/").status == 404
        assert process.poll() is None
