"""A store that is away, locked, full or silent: 503 in the contract's shape, and recovery without a restart."""

import resource
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from subprocess import PIPE

import pytest
import redis

from mockserver.app import create_app
from mockserver.settings import Settings
from mockserver.stores.files.sqlite import SqliteStore
from tests.support.calling.callers import JS_DOOR, calling, missing
from tests.support.calling.wire import Wire, request
from tests.support.serving.running import command, eventually, running

#: What lets a store forget: the journal, one space, everything.
#: Threads of a worker, and some.
MORE_THAN_THREADS = 12
MAKING_ROOM = (("DELETE", "/__admin/journal"), ("POST", "/__admin/reset"), ("DELETE", "/__admin/spaces"))

HOLDER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""


def is_refusal(answer):
    """Say whether *answer* is the contract's 503."""
    return answer.status == 503 and answer.json.keys() == {"time", "message", "internalCode"}


def health(served):
    answer = served.ask("GET", "/__admin/health")
    return answer.status, answer.json["status"]


# --- Redis -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_without_redis_callers_are_told_503_and_afterwards_all_is_well(redis_server, workers):
    with running("--workers", workers, "--store", redis_server.url) as served, calling(served) as seen:
        seen.more()
        redis_server.kill()
        eventually(lambda: len(seen.unavailable), lambda count: count > 20)
        sick, admin = health(served), served.ask("GET", "/__admin/journal")
        redis_server.start()
        seen.more(100)

        assert (sick, health(served)) == ((503, "store_unavailable"), (200, "state_lost")), "this Redis keeps no data"
        assert (admin.status, admin.json.keys()) == (503, {"error"})
        assert (seen.amiss, seen.closed) == ([], [])


def test_a_redis_that_falls_silent_is_given_up_on(redis_server):
    with running("--store", redis_server.url) as served:
        before = served.ask("POST", JS_DOOR)
        redis_server._process.send_signal(signal.SIGSTOP)
        during = served.ask("POST", JS_DOOR)
        redis_server._process.send_signal(signal.SIGCONT)
        after = eventually(lambda: served.ask("POST", JS_DOOR), lambda answer: answer.status == 200)

        assert (before.status, after.status) == (200, 200)
        assert is_refusal(during)


def test_no_call_that_was_told_503_stands_in_the_journal_when_a_silent_redis_wakes_up(redis_server):
    with running("--workers", 2, "--store", redis_server.url) as served, ThreadPoolExecutor(24) as callers:
        served.ask("POST", JS_DOOR)
        redis_server._process.send_signal(signal.SIGSTOP)
        during = list(callers.map(lambda _: served.ask("POST", JS_DOOR), range(24)))
        redis_server._process.send_signal(signal.SIGCONT)
        after = eventually(lambda: served.ask("POST", JS_DOOR), lambda answer: answer.status == 200)

        assert all(map(is_refusal, during))
        assert after.headers["Mock-Exchange"] == "2"


def test_a_redis_without_memory_refuses_and_recovers(redis_server):
    with running("--store", redis_server.url) as served, redis.Redis.from_url(redis_server.url) as admin:
        before = served.ask("POST", JS_DOOR)
        admin.config_set("maxmemory", "1")
        during, sick = served.ask("POST", JS_DOOR), health(served)
        probe = command("healthcheck", "--url", served.url)
        freed = [served.ask(*words).status for words in MAKING_ROOM]
        admin.config_set("maxmemory", "0")
        after = served.ask("POST", JS_DOOR)

        assert (before.status, after.status) == (200, 200)
        assert is_refusal(during)
        assert (sick, probe.returncode) == ((503, "store_unavailable"), 1)
        assert freed == [204] * len(MAKING_ROOM)
        assert after.headers["Mock-Exchange"] == "1", "what was forgotten while there was no room is forgotten"


def test_a_redis_that_is_a_replica_reads_and_does_not_write_and_health_says_so(redis_server):
    with running("--store", redis_server.url) as served, redis.Redis.from_url(redis_server.url) as admin:
        admin.replicaof("127.0.0.1", 1)
        during, sick = served.ask("POST", JS_DOOR), health(served)
        admin.replicaof("NO", "ONE")

        assert is_refusal(during)
        assert sick == (503, "store_unavailable")
        assert (served.ask("POST", JS_DOOR).status, health(served)) == (200, (200, "ok"))


# --- SQLite ----------------------------------------------------------------------------------------------


def test_a_file_that_another_process_has_locked_for_too_long_is_503_and_readers_do_not_mind(tmp_path):
    file = tmp_path / "state.db"
    app = create_app(Settings(), store=SqliteStore(str(file), busy_ms=50))
    with app.test_client() as client, subprocess.Popen(
        [sys.executable, "-c", HOLDER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:  # fmt: skip
        holder.stdout.readline()
        during = client.post(JS_DOOR), client.put("/__admin/seed", json={"seed": 1}), client.get("/__admin/journal")
        holder.communicate()
        after = client.post(JS_DOOR)

    assert [answer.status_code for answer in during] == [503, 503, 200]
    assert during[0].json.keys() == {"time", "message", "internalCode"}
    assert "locked" in during[0].json["message"]
    assert after.status_code == 200


def test_while_another_process_has_locked_the_file_only_calls_wait(tmp_path):
    file = tmp_path / "state.db"
    with running("--store", f"sqlite:{file}") as served, ExitStack() as stack:
        callers = [stack.enter_context(Wire(served.url)) for _ in range(MORE_THAN_THREADS)]
        with subprocess.Popen([sys.executable, "-c", HOLDER, file], stdin=PIPE, stdout=PIPE) as holder:
            holder.stdout.readline()
            for wire in callers:
                wire.send(request("POST", JS_DOOR, b"{}"))
            others = served.ask("GET", "/__admin/journal"), served.ask("GET", "/__admin/health")
            assert "locked by another program" in others[1].json["error"]
            waiting = select.select([wire._socket for wire in callers], [], [], 0)[0] == []
            holder.communicate()

        assert [answer.status for answer in others] == [200, 503]
        assert waiting
        assert [wire.reply().status for wire in callers] == [200] * MORE_THAN_THREADS


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("kind", ["sqlite", "lmdb"])
def test_a_full_disk_is_503_and_what_was_answered_is_kept(tmp_path, kind, workers):
    # A bound on the size of files stands for the disk: it needs no rights, and the write fails in the same place.
    store = f"{kind}:{tmp_path}/state"
    with running("--workers", workers, "--store", store, "--journal-entries", 1_000_000) as served:
        with calling(served) as seen:
            seen.more()
            largest = max(file.stat().st_size for file in tmp_path.iterdir() if file.name != "state-reserve")
            bound(served.workers(workers), largest + 4096)
            eventually(lambda: len(seen.unavailable), lambda count: count > 20)
            eventually(lambda: health(served), lambda seen: seen == (503, "store_unavailable"))
            bound(served.workers(workers), resource.RLIM_INFINITY)
            seen.more(100)

        assert (seen.amiss, seen.closed) == ([], [])
        assert missing(served, seen.answered) == set()
        assert health(served) == (200, "ok")


@pytest.mark.parametrize("kind", ["sqlite", "lmdb"])
def test_room_can_be_made_on_a_full_disk_again_and_again(small_disk, kind):
    disk = small_disk(20)
    with running("--store", f"{kind}:{disk}/state", "--journal-bytes", 1 << 30) as served:
        seen = [filled_and_emptied(served, words) for words in (*MAKING_ROOM, *MAKING_ROOM)]

        assert seen == [(503, 204, 200)] * len(seen)


def filled_and_emptied(served, words):
    """Call until the disk is full, ask for room, call again; return what was answered."""
    call = {"json_body": {"appDetails": {"osVersion": "x" * 100_000}}}
    full = eventually(lambda: served.ask("POST", JS_DOOR, **call).status, lambda status: status != 200)
    return full, served.ask(*words).status, served.ask("POST", JS_DOOR, **call).status


@pytest.mark.parametrize("kind", ["sqlite", "lmdb"])
@pytest.mark.parametrize("left_kib", [0, 64, 200])
def test_a_store_is_not_opened_on_a_full_disk_and_says_why(small_disk, kind, left_kib):
    disk = small_disk(1)
    with (disk / "filling").open("wb", 0) as filling:
        filling.write(bytes((1 << 20) - (left_kib << 10)))
    done = command("serve", "--port", 0, "--store", f"{kind}:{disk}/state")

    assert done.returncode == 2
    assert f"mockserver: cannot open the store {kind}:{disk}/state: " in done.stderr
    assert "full" in done.stderr or "No space left" in done.stderr


def bound(processes, size):
    """Let no file of *processes* grow beyond *size*."""
    for process in processes:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
