"""Connections on their way from one request to the next."""

import socket
from contextlib import closing

import pytest

from mockserver.app import create_app
from mockserver.settings import Settings
from tests.support.calling.wire import request
from tests.support.serving.loops import SteppedLoop

DOOR = "/api/account/1/getEngagement"
CALL = request("POST", DOOR, b"{}")


@pytest.fixture(scope="module")
def app():
    return create_app(Settings(), wire=True)


@pytest.fixture
def loop(app):
    with closing(SteppedLoop(app)) as stepped:
        yield stepped


def answers(client):
    return client.read.count(b"HTTP/1.1 200 OK\r\n")


def test_a_head_that_is_larger_than_what_is_read_at_once_is_answered(loop):
    client = loop.connect()
    sent = request("POST", DOOR, b"{}", **{f"X_{number}": "a" * 4_000 for number in range(60)})
    while sent:
        sent = sent[client.sock.send(sent[: 32 << 10]) :]
        loop.run_once()
    loop.run_until(lambda: answers(client))

    assert client.end == ""


def test_of_requests_that_come_faster_than_they_are_answered_no_more_is_read_than_is_needed(loop):
    client = loop.connect()
    late, held = request("POST", DOOR, b"{}", Prefer="delay-ms=60000"), []
    client.sock.send(late)
    for _ in range(30):
        try:
            client.sock.send(CALL * 1_000)
        except BlockingIOError:
            break
        loop.run_once()
        held.extend(conn.held_bytes for conn in loop.loop._crowd)

    assert max(held) < 200_000


def test_a_client_that_sends_nothing_more_gets_its_replies(loop):
    client = loop.connect()
    client.sock.send(CALL * 3 + request("GET", "/__admin/health"))
    client.sock.shutdown(socket.SHUT_WR)
    loop.run_until(lambda: client.end)

    assert (answers(client), client.end) == (4, "fin")


def test_a_client_that_sends_less_than_a_request_and_nothing_more_is_hung_up_on(loop):
    client = loop.connect()
    client.sock.send(CALL + CALL[:-1])
    client.sock.shutdown(socket.SHUT_WR)
    loop.run_until(lambda: client.end)

    assert (answers(client), client.end) == (1, "fin")
