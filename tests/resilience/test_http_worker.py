"""When a request is answered: when it is whole, or when a parser should judge it; and what the worker may hold."""

import resource
import socket
import time
from contextlib import closing
from selectors import DefaultSelector
from types import SimpleNamespace

import pytest

from mockserver.serving.loop.acceptor import Acceptor
from mockserver.serving.loop.connection import MOST_GATHERED, arrival
from mockserver.serving.process.open_files import MOST_CONNECTIONS, connections
from tests.support.calling.attacks import ATTACKS

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(HEAD + b"\r\n", id="no body"),
        pytest.param(HEAD + b"Content-Length: 2\r\n\r\n{}", id="length"),
        pytest.param(HEAD + b"content-length:2 \r\n\r\n{}", id="length, spelt otherwise"),
    ],
)
def test_a_request_is_whole_with_its_last_byte_and_not_before(sent):
    assert [arrival(sent[:length]) for length in range(len(sent) + 1)] == ["part"] * len(sent) + ["whole"]
    assert arrival(sent + HEAD) == "whole", "whatever follows it"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(CHUNKED + b"2;a=b\r\n{}\r\n0\r\n\r\n", id="chunks"),
        pytest.param(CHUNKED + b"0\r\nX-Trailer: a\r\n\r\n", id="trailer"),
    ],
)
def test_chunks_go_to_a_thread_with_their_last_byte_and_not_before(sent):
    assert [arrival(sent[:length]) for length in range(len(sent) + 1)] == ["part"] * len(sent) + ["odd"]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", id="waits for permission"),
        pytest.param(HEAD + b"X: " + b"a" * MOST_GATHERED, id="too much to gather"),
        pytest.param(HEAD + b"Content-Length: 99999999999\r\n\r\n", id="absurd length"),
        pytest.param(CHUNKED + b"-1\r\n", id="negative chunk"),
        pytest.param(CHUNKED + b"a" * 100, id="endless size"),
    ],
)
def test_what_gains_nothing_by_waiting_goes_to_a_thread_at_once(sent):
    assert arrival(sent) == "odd"


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_nobody_waits_for_the_rest_of_an_attack(attack):
    assert arrival(attack.sent) in ("whole", "odd")


class Arrivals:
    """What accepts for a worker, and a crowd that waits for it."""

    def __init__(self, workers, crowd):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.clients = [socket.create_connection(self.listener.getsockname()) for _ in range(crowd)]
        self.cfg = SimpleNamespace(workers=workers, worker_connections=100)
        self.taken = []
        held = {"held": lambda: len(self.taken), "take": self.taken.append}
        self.acceptor = Acceptor(DefaultSelector(), [self.listener], self.cfg, None, **held)

    def accept(self):
        """Let the worker look at its listener once, and return how many connections it has then."""
        self.acceptor.accept(self.listener)
        return len(self.taken)

    def close(self):
        for sock in [self.listener, *self.clients, *(conn.sock for conn in self.taken)]:
            sock.close()


@pytest.mark.parametrize(("workers", "taken"), [(1, [20, 20, 20]), (2, [1, 2, 3])])
def test_connections_that_come_at_once_are_left_to_other_workers_if_there_are_any(workers, taken):
    with closing(Arrivals(workers, crowd=20)) as arrivals:
        began = time.monotonic()

        assert [arrivals.accept() for _ in range(3)] == taken
        assert (arrivals.acceptor.again_s > began) == (workers > 1), "who is alone need not pause"


def test_a_worker_takes_no_more_connections_than_it_may_hold():
    with closing(Arrivals(1, crowd=8)) as arrivals:
        arrivals.cfg.worker_connections = 5

        assert [arrivals.accept() for _ in range(2)] == [5, 5]
        assert arrivals.acceptor.again_s > time.monotonic(), "it looks again a moment later"


def test_a_worker_holds_as_many_connections_as_it_may_have_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))

        assert 8 < connections(8) <= MOST_CONNECTIONS
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
