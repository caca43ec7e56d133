"""Replies that an application gives bit by bit: no more of them is made than the client takes."""

from contextlib import closing

import pytest

from mockserver.app import create_app
from mockserver.settings import Settings
from tests.support.calling.wire import request
from tests.support.serving.loops import SteppedLoop

PIECE, COUNT = b"x" * 100_000, 24
ASKED = request("GET", "/__admin/journal")


class Streaming:
    """A reply of many pieces, which counts those that were made."""

    def __init__(self, *headers):
        self.made = 0
        self.closed = 0
        self._headers = list(headers)

    def __call__(self, _environ, start_response):
        start_response("200 OK", self._headers)
        return self

    def __iter__(self):
        for _ in range(COUNT):
            self.made += 1
            yield PIECE

    def close(self):
        self.closed += 1


@pytest.fixture
def loop(monkeypatch):
    app = create_app(Settings())

    def stream(*headers):
        streaming = Streaming(*headers)
        monkeypatch.setattr(app, "wsgi_app", streaming)
        return streaming

    with closing(SteppedLoop(app)) as stepped:
        stepped.stream = stream
        yield stepped


def chunks_of(body):
    """Return what stands in the chunks of *body*."""
    found = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        found, body = found + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return found


def test_a_client_that_reads_nothing_has_little_made_for_it_and_keeps_no_thread(loop):
    streaming = loop.stream()
    greedy = [loop.connect() for _ in range(5)]
    for client in greedy:
        client.sock.send(ASKED)
    others = loop.connect()
    for _ in range(50):
        loop.run_once(0.005)
    made = streaming.made

    assert made < len(greedy) * COUNT / 2
    others.sock.send(request("POST", "/api/account/1/getEngagement", b"{}"))
    loop.run_until(lambda: all(client.read.endswith(b"0\r\n\r\n") for client in greedy) and others.read)
    assert (streaming.made, streaming.closed) == (len(greedy) * COUNT, len(greedy))


@pytest.mark.parametrize("headers", [[], [("Content-Length", str(len(PIECE) * COUNT))]])
def test_all_of_it_arrives_and_the_connection_goes_on(loop, headers):
    loop.stream(*headers)
    client = loop.connect()
    client.sock.send(ASKED)
    loop.run_until(lambda: len(client.read) >= len(PIECE) * COUNT and client.read.endswith((b"0\r\n\r\n", b"x")))
    head, _, body = client.read.partition(b"\r\n\r\n")

    assert (b"Transfer-Encoding: chunked" in head) == (not headers)
    assert (body if headers else chunks_of(body)) == PIECE * COUNT
    assert client.end == ""


def test_old_clients_get_it_up_to_the_end_of_the_connection(loop):
    loop.stream()
    client = loop.connect()
    client.sock.send(ASKED.replace(b"HTTP/1.1", b"HTTP/1.0"))
    loop.run_until(lambda: client.end)
    head, _, body = client.read.partition(b"\r\n\r\n")

    assert b"Connection: close" in head
    assert body == PIECE * COUNT


def test_a_client_that_leaves_ends_the_making(loop):
    streaming = loop.stream()
    client = loop.connect()
    client.sock.send(ASKED)
    loop.run_until(lambda: client.read)
    loop.clients.clear()
    client.sock.close()
    loop.run_until(lambda: streaming.closed)

    assert streaming.made < COUNT
    assert len(loop.loop._crowd) == 0
