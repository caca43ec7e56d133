"""kill -9, under load: what was answered is in the journal, and who calls sees a reply or a closed connection."""

import json
import os
import signal

import pytest

from tests.support.calling.callers import JS_DOOR, calling, missing
from tests.support.serving.running import Served, eventually, launched, lines_of, running

ROOMY = ("--journal-entries", 1_000_000, "--journal-bytes", 1 << 32)


@pytest.fixture(params=["sqlite", "lmdb", "redis"])
def store(request, tmp_path):
    """Return the URL of a store that outlives the server."""
    if request.param == "redis":
        return request.getfixturevalue("redis_server").url
    return f"{request.param}:{tmp_path}/state"


def test_what_a_killed_worker_had_answered_is_in_the_journal(store):
    with running("--workers", 2, "--store", store, *ROOMY) as served:
        with calling(served) as seen:
            for _ in range(3):
                seen.more()
                [victim, _] = served.workers(2)
                os.kill(victim, signal.SIGKILL)
                eventually(lambda victim=victim: victim in served.workers(2), lambda there: not there)
            seen.more()

        assert missing(served, seen.answered) == set()
        assert (seen.amiss, seen.unavailable) == ([], [])
        assert seen.closed, "the workers were killed while they answered"


def test_what_a_killed_server_had_answered_is_in_the_journal_of_the_next(store):
    with launched("--workers", 2, "--store", store, *ROOMY) as (process, stderr):
        [line] = lines_of(process, 1)
        first = Served(json.loads(line)["url"], None, process.pid, process, stderr)
        with calling(first) as seen:
            seen.more(200)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    with running("--workers", 2, "--store", store, *ROOMY) as second:
        again = second.ask("POST", JS_DOOR, json_body={})

        assert missing(second, seen.answered) == set()
        assert (seen.amiss, seen.unavailable) == ([], [])
        assert int(again.headers["Mock-Exchange"]) > max(number for number, _ in seen.answered)
