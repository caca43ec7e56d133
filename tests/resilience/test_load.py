"""Full load and idle crowds: memory stays flat, and nobody is kept waiting by somebody else.

`make soak` runs the first of these for SOAK_S seconds instead of a few.
"""

import collections
import json
import os
import re
import resource
import subprocess
import threading
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.calling.callers import JS_DOOR
from tests.support.calling.wire import Wire, request
from tests.support.programs import needs_program
from tests.support.serving.running import CHECKOUT, running

SOAK_S = int(os.environ.get("SOAK_S", "5"))
WARM_UP_S = max(2, SOAK_S // 10)
#: What a process may take more at the end than after warming up: a share, and some bytes for what Python keeps.
GROWTH, LEEWAY = 1.1, 8 << 20

CALL = request("POST", JS_DOOR, b'{"appType": "EXTERNAL"}')
HEALTH = request("GET", "/__admin/health")


def load(served, seconds, body):
    """Send calls at full rate and return how many were answered, and wrk's complaints."""
    said = subprocess.run(
        [needs_program("wrk", debian_package="wrk"), "--connections", "16", "--threads", "1", "--timeout", "30s",
         "--duration", f"{seconds}s", "--script", CHECKOUT / "tests/support/calling/call.lua", served.url + JS_DOOR],
        env={**os.environ, "CALL": json.dumps(body)}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return int(re.search(r"(\d+) requests in", said)[1]), re.findall(r"(?:Non-2xx|Socket errors).*", said)


def resident(processes):
    """Return the bytes that *processes* hold in memory."""
    pages = sum(int(Path(f"/proc/{process}/statm").read_text().split()[1]) for process in processes)
    return pages * resource.getpagesize()


@pytest.mark.parametrize(("workers", "store"), [(1, "memory:"), (2, "sqlite:{}/state"), (2, "lmdb:{}/state")])
def test_under_full_load_with_a_full_journal_memory_is_flat_and_nobody_is_refused(
    workers, store, tmp_path, record_property
):
    with running("--workers", workers, "--store", store.format(tmp_path), "--journal-entries", 500) as served:
        served.ask("GET", "/__admin/spaces/default")  # loads what is loaded late, which is not the load's doing
        ids = served.ask("POST", JS_DOOR, json_body={}).json
        body = {"appType": "EXTERNAL", "vid": ids["visitorId"], "sid": ids["sessionId"]}
        load(served, WARM_UP_S, body)
        processes = served.workers(workers)
        warm = resident(processes)
        answered, complaints = load(served, SOAK_S, body)
        journal = served.ask("GET", "/__admin/spaces/default").json["journal"]
        end = resident(processes)
        record_property("calls", answered)
        record_property("MiB", [warm >> 20, end >> 20])

        assert complaints == []
        assert (journal["entries"], journal["dropped"] > 0) == (500, True), "the load must reach the bound"
        assert end < warm * GROWTH + LEEWAY
        assert served.workers(workers) == processes


# --- crowds ----------------------------------------------------------------------------------------------


@contextmanager
def crowd(served, count):
    """Open *count* connections."""
    with ExitStack() as stack:
        yield [stack.enter_context(Wire(served.url)) for _ in range(count)]


@contextmanager
def dripping(wires, sent, pause_s=1.0):
    """Send *sent* byte by byte on all *wires*, in a thread of its own, until the block ends."""
    over = threading.Event()

    def drip():
        for at in range(len(sent)):
            for wire in wires:
                wire.send(sent[at : at + 1])
            if over.wait(pause_s):
                return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def statuses(served, calls=20):
    return {served.ask("POST", JS_DOOR).status for _ in range(calls)}


def test_a_thousand_idle_kept_alive_connections_stop_nobody_and_are_kept(served):
    with crowd(served, 1_000) as idle:
        for wire in idle:
            wire.send(CALL)
        first = {wire.reply().status for wire in idle}
        others = statuses(served)
        for wire in idle:
            wire.send(HEALTH)
        second = {wire.reply().status for wire in idle}

    assert (first, others, second) == ({200}, {200}, {200})


def test_a_hundred_connections_that_say_nothing_stop_nobody(served):
    with crowd(served, 100):
        assert statuses(served) == {200}


def assert_dawdling_stops_nobody(served, sent, ahead):
    """Let a crowd send the first *ahead* bytes at once, and the rest byte by byte."""
    with crowd(served, 50) as slow:
        for wire in slow:
            wire.send(sent[:ahead])
        with dripping(slow, sent[ahead:]):
            assert statuses(served) == {200}


@pytest.mark.parametrize("ahead", [pytest.param(0, id="first call"), pytest.param(len(CALL), id="second call")])
def test_fifty_clients_that_send_byte_by_byte_stop_nobody(served, ahead):
    assert_dawdling_stops_nobody(served, CALL * 2, ahead)


def test_fifty_clients_that_dawdle_over_their_bodies_stop_nobody(served):
    assert_dawdling_stops_nobody(served, CALL * 2, CALL.index(b"\r\n\r\n") + 4)


def test_fifty_clients_that_dawdle_over_chunks_stop_nobody(served):
    head = request("POST", JS_DOOR, None, Content_Type="application/json", Transfer_Encoding="chunked")
    assert_dawdling_stops_nobody(served, head + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", len(head))


def test_who_sends_byte_by_byte_is_answered_in_the_end(served):
    with crowd(served, 1) as [slow], dripping([slow], CALL, pause_s=0.01):
        assert slow.reply().status == 200


@pytest.mark.parametrize(
    "sent", [pytest.param(request("POST", JS_DOOR, b"{}", Connection="close"), id="asked"), b"nonsense\r\n\r\n"]
)
def test_fifty_clients_that_do_not_hang_up_after_the_last_reply_stop_nobody(served, sent):
    with crowd(served, 50) as rude:
        for wire in rude:
            wire.send(sent)
        answered = [wire.everything() for wire in rude]

        assert statuses(served) == {200}
        assert all(reply.startswith(b"HTTP/1.1 ") for reply in answered)


def test_a_client_that_goes_on_sending_after_the_last_reply_is_cut_off(served):
    endless = (b"x" * 1_000 for _ in range(10_000))
    with Wire(served.url) as wire:
        wire.send(b"nonsense\r\n\r\n")
        with pytest.raises(OSError):  # noqa: PT011 reset or broken pipe, as the kernel likes
            collections.deque(map(wire.send, endless), maxlen=0)


def test_a_crowd_does_not_hold_up_the_stop():
    with running() as served, crowd(served, 20) as silent, crowd(served, 20) as rude:
        for wire in rude:
            wire.send(request("POST", JS_DOOR, b"{}", Connection="close"))
        assert len([wire.reply() for wire in rude]) == len(silent)
        served.process.terminate()

        assert served.process.wait(15) == 0, "a third of the time that calls under way are given"
