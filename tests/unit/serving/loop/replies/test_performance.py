"""Distorted replies over real connections, by timers: what a client reads, what is recorded, and who waits for whom."""

import socket
import struct
from dataclasses import replace
from types import SimpleNamespace

import pytest

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.model import Delivery, Reply, Wire
from mockserver.web.outgoing import outgoing
from tests.support.calling.wire import request
from tests.support.serving.loops import SteppedLoop

BODY = b"0123456789"
CALL = request("GET", "/")
#: Longer than any test; a pause of this length ends early or not at all.
FOR_EVER_MS = 600_000


class Prescribed:
    """An application that gives one reply, and writes down what becomes of it."""

    def __init__(self, reply):
        store = SimpleNamespace(remote=False, shared=False)
        apis = SimpleNamespace(first=SimpleNamespace(error_shape=ERROR_SHAPE))
        self.engine = SimpleNamespace(store=store, apis=apis, wall_ms=lambda: 0)
        self.receipts = []
        self._outgoing = outgoing(replace(reply, faults=("some",)), "GET", (), self.receipts.append)

    def receive(self, _environ):
        return SimpleNamespace(call=SimpleNamespace(method="GET", prefix=""), route="", reply=None)

    def settle(self, calls, **_options):
        for call in calls:
            call.reply = self._outgoing

    def respond(self, call):
        return call.reply


class Stage:
    """A loop that gives one reply, its client, and what was recorded."""

    def __init__(self, wire, **reply):
        self.app = Prescribed(Reply(200, BODY, wire=wire, **reply))
        self.stepped = SteppedLoop(self.app)
        self.client = self.stepped.connect()
        self.client.sock.send(CALL)

    @property
    def receipts(self):
        """What was recorded, without how long it took."""
        return [replace(delivery, sent_ms=0) for delivery in self.app.receipts]

    def until(self, wanted):
        self.stepped.run_until(wanted)


@pytest.fixture
def stage():
    made = []

    def make(wire=Wire(), **reply):  # noqa: B008 a frozen value
        made.append(Stage(wire, **reply))
        return made[-1]

    yield make
    for one in made:
        one.stepped.close()


@pytest.fixture(scope="module")
def head():
    """Return the head that all of these replies have."""
    stage = Stage(Wire())
    stage.until(lambda: stage.client.read.endswith(BODY))
    stage.stepped.close()
    return stage.client.read.removesuffix(BODY)


@pytest.mark.parametrize(
    ("wire", "sent", "end"),
    [
        pytest.param(Wire(ending="fin"), (1, BODY), "fin", id="everything"),
        pytest.param(Wire(body_bytes=4, ending="fin"), (1, b"0123"), "fin", id="part of the body"),
        pytest.param(Wire(head="half", ending="fin"), (2, b""), "fin", id="half of the head"),
        pytest.param(Wire(head="none", ending="fin"), (0, b""), "fin", id="nothing"),
        pytest.param(Wire(head="none", ending="rst"), (0, b""), "rst", id="reset at once"),
        pytest.param(Wire(body_bytes=4, ending="rst"), (1, b"0123"), "rst", id="reset after a part"),
        pytest.param(Wire(body_bytes=0, ending="rst"), (1, b""), "rst", id="reset after the head"),
        pytest.param(Wire(piece_bytes=3, body_bytes=7, ending="rst"), (1, b"0123456"), "rst", id="reset in pieces"),
    ],
)
def test_a_reply_that_ends_its_connection_sends_what_it_should_and_says_so(stage, head, wire, sent, end):
    on = stage(wire)
    on.until(lambda: on.client.end)

    share, body = sent
    sent = (head[: len(head) // share] if share else b"") + body
    assert (on.client.read, on.client.end) == (sent, end)
    assert on.receipts == [Delivery(len(sent), wire.ending, 0)]


def test_a_client_that_reads_late_has_all_that_was_sent_before_a_reset(stage):
    on = stage(Wire(ending="rst"))
    on.app._outgoing = replace(on.app._outgoing, body=bytes(4_000_000))
    on.until(lambda: on.client.end)

    assert (len(on.client.read) > 4_000_000, on.client.end) == (True, "rst")


def test_a_reply_in_pieces_comes_with_its_pauses_and_leaves_the_connection(stage, head):
    on = stage(Wire(piece_bytes=4, pause_ms=5))
    on.until(lambda: on.client.read.endswith(BODY))
    on.client.sock.send(CALL)
    on.until(lambda: on.client.read.endswith(BODY + head + BODY))

    assert on.receipts == [Delivery(len(head + BODY), "kept", 0)] * 2
    assert on.app.receipts[0].sent_ms >= 10
    assert on.client.end == ""


def test_the_receipt_is_there_before_the_last_bytes_are(stage):
    on = stage(Wire(piece_bytes=5, pause_ms=20))
    on.until(lambda: on.client.read.endswith(b"01234"))
    before = len(on.receipts)
    on.until(lambda: on.client.read.endswith(BODY))

    assert (before, len(on.receipts)) == (0, 1)


@pytest.mark.parametrize("hang_up", ["close", "reset"])
@pytest.mark.parametrize(
    ("reply", "so_far"),
    [
        pytest.param({"wire": Wire(), "delay_ms": FOR_EVER_MS}, b"", id="late"),
        pytest.param({"wire": Wire(head="none", ending="fin"), "delay_ms": FOR_EVER_MS}, b"", id="hanging"),
        pytest.param({"wire": Wire(piece_bytes=5, pause_ms=FOR_EVER_MS)}, b"01234", id="between two pieces"),
    ],
)
def test_a_client_that_gives_up_ends_the_wait(stage, head, reply, so_far, hang_up):
    on = stage(**reply)
    sent = head + so_far if so_far else b""
    on.stepped.run_once()
    on.until(lambda: on.client.read == sent)
    if hang_up == "reset":
        on.client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    on.stepped.clients.clear()
    on.client.sock.close()
    on.until(lambda: on.receipts)

    assert on.receipts == [Delivery(len(sent), "client", 0)]
    assert on.app.receipts[0].sent_ms < FOR_EVER_MS
    assert len(on.stepped.loop._crowd) == 0


def test_a_client_that_sends_its_next_request_early_still_waits(stage, head):
    on = stage(delay_ms=30)
    on.stepped.run_once()
    on.client.sock.send(CALL)
    on.until(lambda: on.client.read == (head + BODY) * 2)

    assert [delivery.ending for delivery in on.receipts] == ["kept", "kept"]
    assert on.app.receipts[0].sent_ms >= 30


def test_a_client_that_has_ended_its_side_is_not_waited_for_but_gets_what_comes_at_once(stage, head):
    late, cut = stage(delay_ms=FOR_EVER_MS), stage(Wire(body_bytes=4, ending="fin"))
    for on in (late, cut):
        on.client.sock.shutdown(socket.SHUT_WR)
        on.until(lambda on=on: on.client.end)

    assert late.receipts == [Delivery(0, "client", 0)]
    assert (cut.client.read, cut.receipts) == (head + b"0123", [Delivery(len(head) + 4, "fin", 0)])
