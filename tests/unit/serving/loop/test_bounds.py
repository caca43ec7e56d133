"""What waits for slow clients has a bound in bytes: those that are slowest are dropped, and the log says so."""

import logging
from contextlib import closing

import pytest

from mockserver.app import create_app
from mockserver.serving.loop.bounds import MOST_HELD, held_bytes
from mockserver.settings import Settings
from tests.support.calling.wire import request
from tests.support.serving.loops import SteppedLoop

DOOR = "/api/account/1/getEngagement"
CALL = request("POST", DOOR, b"{}")
SIZE = 3_500_000
#: Less than ten of these replies, and more than the system takes of one.
HELD = 20 << 20


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    scenario = tmp_path_factory.mktemp("scenario") / "large.yaml"
    reply = "{status: 200, body: " + "x" * SIZE + "}"
    scenario.write_text(f"scenario: large\nstubs: [{{then: {{reply: {reply}, off_contract: true}}}}]\n")
    return create_app(Settings(scenario=str(scenario)))


@pytest.fixture
def loop(app):
    with closing(SteppedLoop(app, held_bytes=HELD)) as stepped:
        yield stepped


def held(stepped):
    return sum(conn.held_bytes for conn in stepped.loop._crowd)


def test_of_many_who_read_nothing_those_that_have_read_nothing_for_longest_are_dropped(loop, caplog):
    greedy = [loop.connect() for _ in range(20)]
    most = []
    with caplog.at_level(logging.WARNING, "gunicorn.error"):
        logging.getLogger("gunicorn.error").propagate = True
        for client in greedy:
            client.sock.send(CALL)
            loop.run_once(0.01)
            most.append(held(loop))
    left = loop.connect()
    left.sock.send(request("GET", "/nowhere"))
    loop.run_until(lambda: greedy[0].end and greedy[-1].read.endswith(b'"'))

    assert max(most) <= HELD + SIZE
    assert [bool(client.end) for client in (greedy[0], greedy[-1])] == [True, False]
    assert len(greedy[-1].read) > SIZE
    assert left.read.startswith(b"HTTP/1.1 404 ")
    assert "20 MiB wait for clients" in caplog.text


def test_of_many_who_do_not_finish_their_bodies_those_that_began_first_are_dropped(loop):
    size = 1 << 20
    head = request("POST", DOOR, None, Content_Type="application/json", Content_Length=str(size))
    slow = [loop.connect() for _ in range(30)]
    for client in slow:
        client.sock.setblocking(True)
        sent = head + bytes(size - 1)
        while sent:
            sent = sent[client.sock.send(sent[: 64 << 10]) :]
            loop.run_once()
        client.sock.setblocking(False)
        assert held(loop) <= HELD + size

    loop.run_until(lambda: slow[0].end)
    assert slow[-1].end == ""


def test_a_reply_that_is_larger_than_the_bound_is_sent_all_the_same(app):
    with closing(SteppedLoop(app, held_bytes=1 << 20)) as loop:
        client = loop.connect()
        client.sock.send(CALL)
        loop.run_until(lambda: len(client.read) > SIZE)


def test_the_bound_leaves_room_for_the_largest_body_that_is_read():
    assert held_bytes(1 << 20) == MOST_HELD
    assert held_bytes(1 << 30) >= 1 << 30
