"""Calls are answered on the loop of a worker: what they may share it with, and what may not hold it up."""

import os
import select
from contextlib import ExitStack

import pytest

from tests.support.calling.callers import JS_DOOR
from tests.support.calling.wire import Wire, request
from tests.support.serving.running import running

CALL = request("POST", JS_DOOR, b'{"appType": "EXTERNAL"}')
LATE = request("POST", JS_DOOR, b"{}", Prefer="delay-ms=5000")
THREADS = 2
LIMITS = ("--threads", THREADS, "--max-body-bytes", 5_000_000)


@pytest.fixture(scope="module", params=["memory", "lmdb"])
def served(request, tmp_path_factory):
    """Return a server whose store cannot undo what was settled together, and one whose store can."""
    store = "memory:" if request.param == "memory" else f"lmdb:{tmp_path_factory.mktemp('store')}/state"
    with running("--store", store, *LIMITS) as server:
        yield server


@pytest.fixture
def wires(served):
    with ExitStack() as stack:
        yield lambda count: [stack.enter_context(Wire(served.url)) for _ in range(count)]


def has_come(wire):
    """Say whether anything has arrived that was not read."""
    return bool(select.select([wire._socket], [], [], 0)[0])


def test_calls_are_answered_while_all_threads_are_taken_by_late_replies(served, wires):
    late = wires(THREADS + 1)
    for wire in late:
        wire.send(LATE)
    answered = {served.ask("POST", JS_DOOR).status for _ in range(10)}

    assert answered == {200}
    assert [has_come(wire) for wire in late] == [False] * len(late)


@pytest.mark.parametrize("count", [2, 50])
def test_requests_sent_at_once_are_answered_one_by_one_and_in_order(wires, count):
    [wire] = wires(1)
    wire.send(b"".join(request("POST", JS_DOOR, b'{"vid": "%d-%d"}' % (count, n)) for n in range(count)))
    replies = [wire.reply() for _ in range(count)]

    assert [reply.json["visitorId"] for reply in replies] == [f"{count}-{n}" for n in range(count)]


def test_who_sends_several_requests_and_closes_his_side_gets_all_replies(wires):
    [wire] = wires(1)
    wire.send(CALL * 100)
    wire.no_more()

    assert wire.everything().count(b"HTTP/1.1 200 OK") == 100


def test_a_late_reply_keeps_its_place_among_requests_sent_at_once(wires):
    [wire] = wires(1)
    wire.send(request("POST", JS_DOOR, b'{"vid": "late"}', Prefer="delay-ms=300"), CALL, request("GET", "/nowhere"))

    assert [wire.reply().status for _ in range(3)] == [200, 200, 404]


KINDS = {
    "answered": (lambda vid: request("POST", JS_DOOR, b'{"vid": "%s"}' % vid.encode()), 200),
    "refused": (lambda vid: request("POST", JS_DOOR, b'{"vid": "%s", "appType": "WEB"}' % vid.encode()), 400),
    "no JSON": (lambda _: request("POST", JS_DOOR, b"{"), 400),
    "nowhere": (lambda _: request("GET", "/nowhere"), 404),
    "late": (lambda vid: request("POST", JS_DOOR, b'{"vid": "%s"}' % vid.encode(), Prefer="delay-ms=20"), 200),
    "no HTTP": (lambda _: b"nonsense\r\n\r\n", 400),
}


def test_calls_of_all_kinds_that_come_at_once_are_each_answered_as_if_alone(served, wires):
    name = "at-once-" + os.urandom(4).hex()
    asked = [(kind, f"{name}-{number}-{kind}".replace(" ", "-")) for number in range(10) for kind in KINDS]
    open_wires = wires(len(asked))
    for wire, (kind, vid) in zip(open_wires, asked, strict=True):
        wire.send(KINDS[kind][0](vid))
    replies = [wire.reply() for wire in open_wires]

    assert [reply.status for reply in replies] == [KINDS[kind][1] for kind, _ in asked]
    answered = [(reply, vid) for reply, (kind, vid) in zip(replies, asked, strict=True) if kind in ("answered", "late")]
    assert [reply.json["visitorId"] for reply, _ in answered] == [vid for _, vid in answered]
    for reply, vid in answered:
        [exchange] = served.ask("GET", f"/__admin/journal?visitor={vid}&status=200").json["exchanges"]
        assert str(exchange["number"]) == reply.headers["mock-exchange"]


@pytest.fixture(scope="module")
def large(served):
    """Return a call whose reply is larger than what the system takes at once."""
    stub = {"then": {"reply": {"status": 200, "body": "x" * 3_500_000}, "off_contract": True}}
    scenario = {"scenario": {"scenario": "large", "stubs": [stub]}}
    assert served.ask("PUT", "/__space/large/__admin/scenario", json_body=scenario).status == 200
    return request("POST", f"/__space/large{JS_DOOR}", b"{}")


def test_who_asks_for_much_and_reads_nothing_stops_nobody(served, wires, large):
    greedy = wires(THREADS + 2)
    for wire in greedy:
        wire.send(large * 5)
    for wire in greedy:
        assert select.select([wire._socket], [], [], 10)[0], "no reply has begun"

    assert {served.ask("POST", JS_DOOR).status for _ in range(10)} == {200}
    for wire in greedy:
        assert [len(wire.reply().body) > 3_500_000 for _ in range(5)] == [True] * 5, "a reply has not come whole"
