"""What each signal does to the server and to its workers: `docs/reference/processes.md` has the table."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest

from mockserver.serving.process import signals
from tests.support.pages.markdown import tables
from tests.support.serving.pinned import state_of
from tests.support.serving.running import (
    CHECKOUT,
    COMMAND,
    PATIENCE,
    Served,
    environment,
    eventually,
    launched,
    lines_of,
    running,
)

JS_DOOR = "/api/account/1/getEngagement"
PAGE = CHECKOUT / "docs/reference/processes.md"
#: Whatever ends a worker that it is sent to.
ENDS_A_WORKER = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)


def name(number):
    return number.name


def lives(process):
    try:
        return state_of(process) not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def entries(served):
    return served.ask("GET", "/__admin/journal").json["entries"]


# --- the main process ------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("number", signals.STOPPING, ids=name)
def test_a_signal_that_stops_leaves_no_process_behind(number, workers):
    with running("--workers", workers) as served:
        started = served.workers(workers)
        served.process.send_signal(number)

        assert served.process.wait(PATIENCE) == 0
        assert [worker for worker in started if lives(worker)] == []


@pytest.mark.parametrize("workers", [1, 2])
def test_no_other_signal_changes_workers_or_state(workers):
    with running("--workers", workers) as served:
        started = served.workers(workers)
        served.ask("POST", JS_DOOR)
        for number in signals.WITHOUT_EFFECT:
            served.process.send_signal(number)

        assert entries(served) == 1
        assert served.workers(workers) == started
        assert served.ask("GET", "/__admin/health").json["status"] == "ok"


@pytest.mark.parametrize("workers", [1, 2])
def test_a_closed_terminal_stops_the_server(workers):
    with in_a_terminal("--workers", workers) as (terminal, pid):
        started = Served("", None, pid, terminal, None).workers(workers)
        terminal.stdin.close()

        eventually(lambda: [process for process in (pid, *started) if lives(process)], lambda left: left == [])


TERMINAL = """
import os, pty, sys
server, terminal = pty.fork()
if not server:
    os.execv(sys.argv[1], sys.argv[1:])
shown = b""
while b"\\n" not in shown:
    shown += os.read(terminal, 1000)
print(shown.decode().splitlines()[0], flush=True)
sys.stdin.read()
"""


@contextmanager
def in_a_terminal(*arguments):
    """Serve in a terminal of its own, which is closed with the standard input of its process."""
    words = [*COMMAND, "serve", "--port", "0", "--ready", "json", *map(str, arguments)]
    command = [sys.executable, "-c", TERMINAL, *words]
    with subprocess.Popen(command, env=environment(None), stdin=-1, stdout=-1, text=True) as terminal:
        [line] = lines_of(terminal, 1)
        yield terminal, json.loads(line)["pid"]


def test_a_server_started_to_outlive_its_terminal_does():
    with launched(under=("nohup",)) as (process, stderr):
        [line] = lines_of(process, 1)
        served = Served(json.loads(line)["url"], None, process.pid, process, stderr)
        [worker] = served.workers(1)
        os.killpg(process.pid, signal.SIGHUP)

        assert served.ask("POST", JS_DOOR).status == 200
        assert served.workers(1) == [worker]


# --- a worker --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_leaves_to_the_main_process_what_is_not_for_workers(workers):
    with running("--workers", workers) as served:
        started = served.workers(workers)
        served.ask("POST", JS_DOOR)
        for number in signals.NOT_FOR_WORKERS:
            for worker in started:
                os.kill(worker, number)

        assert entries(served) == 1
        assert served.workers(workers) == started
        assert served.ask("GET", "/__admin/health").json["status"] == "ok"


@pytest.mark.parametrize("number", ENDS_A_WORKER, ids=name)
def test_a_worker_that_is_ended_is_replaced_and_a_state_that_is_shared_stays(number):
    with running("--workers", 2) as served:
        served.ask("POST", JS_DOOR)
        [victim, _] = served.workers(2)
        os.kill(victim, number)
        eventually(lambda: victim in served.workers(2), lambda there: not there)

        assert entries(served) == 1
        assert served.ask("GET", "/__admin/health").json["status"] == "ok"


@pytest.mark.parametrize("number", ENDS_A_WORKER, ids=name)
def test_a_worker_that_is_ended_is_replaced_and_a_state_in_memory_is_told_to_be_lost(number):
    with running() as served:
        [victim] = served.workers(1)
        os.kill(victim, number)
        eventually(lambda: victim in served.workers(1), lambda there: not there)

        assert served.ask("GET", "/__admin/health").json["status"] == "state_lost"


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_end_at_once_with_a_main_process_that_was_killed(workers):
    with launched("--workers", workers) as (process, stderr), ThreadPoolExecutor() as threads:
        [line] = lines_of(process, 1)
        served = Served(json.loads(line)["url"], None, process.pid, process, stderr)
        started = served.workers(workers)
        late = threads.submit(served.ask, "POST", JS_DOOR, headers={"Prefer": "delay-ms=20000"})
        eventually(lambda: entries(served), lambda found: found == 1)
        process.kill()

        assert isinstance(late.exception(), ConnectionError | HTTPException), "nobody was left to send it"
        eventually(lambda: [worker for worker in started if lives(worker)], lambda left: left == [])


# --- what a kill leaves on the disk ----------------------------------------------------------------------


def folders(temporary):
    return sorted(path for path in temporary.iterdir() if path.name.startswith("mockserver-"))


def test_the_state_of_a_server_that_was_killed_is_removed_by_the_next_start_and_that_of_a_live_one_is_not(tmp_path):
    env = {"TMPDIR": str(tmp_path)}
    with running("--workers", 2, env=env) as live:
        [kept] = folders(tmp_path)
        with launched("--workers", 2, env=env) as (process, stderr):
            lines_of(process, 1)
            started = Served("", None, process.pid, process, stderr).workers(2)
            [left] = set(folders(tmp_path)) - {kept}
            process.kill()
            eventually(lambda: [worker for worker in started if lives(worker)], lambda there: there == [])
        with running("--workers", 2, env=env):
            during = folders(tmp_path)

        assert left not in during
        assert kept in during
        assert live.ask("POST", JS_DOOR).status == 200
    assert folders(tmp_path) == []


# --- the page --------------------------------------------------------------------------------------------


def test_the_page_says_what_each_signal_does():
    told = {row["signal"]: row["to the server"] for row in tables(PAGE) if "signal" in row}
    named = {word for signs in told for word in signs.replace("`", "").split(", ")}
    stopping = {word for signs, does in told.items() if "stops" in does for word in signs.replace("`", "").split(", ")}

    assert stopping == {number.name.removeprefix("SIG") for number in signals.STOPPING}
    assert {number.name.removeprefix("SIG") for number in signals.WITHOUT_EFFECT} < named - stopping
    assert Path(PAGE).read_text().count("\n| `KILL` |") == 1
