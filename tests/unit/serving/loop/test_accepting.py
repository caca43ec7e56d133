"""Which connections a worker takes, and which one gives way when it may hold no more."""

import resource
import time
from contextlib import closing
from types import SimpleNamespace

import pytest

from mockserver.app import create_app
from mockserver.serving.loop.acceptor import Acceptor
from mockserver.serving.process.open_files import MOST_CONNECTIONS, connections
from mockserver.settings import Settings
from tests.support.calling.wire import request
from tests.support.serving.loops import SteppedLoop

CALL = request("POST", "/api/account/1/getEngagement", b"{}")
LATE = request("POST", "/api/account/1/getEngagement", b"{}", Prefer="delay-ms=600000")


@pytest.fixture(scope="module")
def app():
    return create_app(Settings())


@pytest.fixture
def loop(app):
    """Return a loop that holds three connections."""
    with closing(SteppedLoop(app, connections=3)) as stepped:
        stepped.loop._acceptor.look(time.monotonic())
        yield stepped


def answered(stepped, client):
    """Let a client send a call, and wait for its reply."""
    before = len(client.read)
    client.sock.send(CALL)
    stepped.run_until(lambda: len(client.read) > before or client.end)
    return client.read[before:].startswith(b"HTTP/1.1 200 ")


def test_at_the_limit_the_longest_idle_connection_gives_way_to_a_newcomer(loop):
    clients = [loop.connect(accepted=False) for _ in range(3)]
    for client in (clients[1], clients[0], clients[2]):
        assert answered(loop, client)
    newcomer = loop.connect(accepted=False)

    assert answered(loop, newcomer)
    loop.run_until(lambda: clients[1].end)
    assert [client.end for client in clients] == ["", "fin", ""]


def test_before_a_client_that_only_begins_a_request_an_idle_one_gives_way(loop):
    slow, idle, other = (loop.connect(accepted=False) for _ in range(3))
    assert answered(loop, idle)
    assert answered(loop, other)
    slow.sock.send(CALL[:-1])
    loop.run_until(lambda: any(not conn.intake.is_empty for conn in loop.loop._crowd))

    assert answered(loop, loop.connect(accepted=False))
    loop.run_until(lambda: idle.end)
    assert (slow.end, other.end) == ("", "")


def test_whoever_does_not_send_the_rest_gives_way_when_nobody_is_idle(loop):
    slow = [loop.connect(accepted=False) for _ in range(3)]
    for client in slow:
        client.sock.send(CALL[:-1])
    loop.run_until(lambda: [conn.intake.is_empty for conn in loop.loop._crowd] == [False] * 3)

    assert answered(loop, loop.connect(accepted=False))
    assert len(loop.loop._crowd) == 3


def test_nobody_who_waits_for_a_reply_gives_way(loop):
    waiting = [loop.connect(accepted=False) for _ in range(3)]
    for client in waiting:
        client.sock.send(LATE)
    loop.run_until(lambda: all(conn.exchange for conn in loop.loop._crowd) and len(loop.loop._crowd) == 3)
    newcomer = loop.connect(accepted=False)
    loop.run_once()
    when = loop.loop._acceptor.again_s

    assert when > time.monotonic(), "it looks again a moment later"
    waiting[0].sock.close()
    loop.clients.remove(waiting[0])
    loop.run_until(lambda: len(loop.loop._crowd) == 2)
    loop.loop._acceptor.accept(loop.listener)
    assert answered(loop, newcomer)


@pytest.mark.parametrize(("workers", "taken"), [(1, [20, 20, 20]), (2, [1, 2, 3])])
def test_connections_that_come_at_once_are_left_to_other_workers_if_there_are_any(loop, workers, taken):
    loop.listener.setblocking(False)
    crowd = [loop.connect(accepted=False) for _ in range(20)]
    held = []
    acceptor = Acceptor(
        SimpleNamespace(), [], None, crowd=held, most=100, is_alone=workers == 1, drop=None,
        take=lambda sock, _: held.append(sock),
    )  # fmt: skip
    began = time.monotonic()
    counts = []
    for _ in range(3):
        acceptor.accept(loop.listener)
        counts.append(len(held))
    for sock in held:
        sock.close()

    assert counts == taken
    assert (acceptor.again_s > began) == (workers > 1), "who is alone need not pause"
    assert len(crowd) == 20


def test_a_worker_holds_as_many_connections_as_it_may_have_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))

        assert 8 < connections(8) <= MOST_CONNECTIONS
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
