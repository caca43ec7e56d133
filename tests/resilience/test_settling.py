"""Which calls a worker settles in one go, round by round of its loop; and what it does not make wait."""

import select
from contextlib import ExitStack

import pytest

from mockserver.app import create_app
from mockserver.engine.engine import Engine
from mockserver.errors import WouldBlock
from mockserver.settings import Settings
from mockserver.stores.base import Limits
from mockserver.stores.opening import open_store
from tests.support.calling.callers import JS_DOOR
from tests.support.calling.wire import request
from tests.support.serving.loops import SteppedLoop

CALL = request("POST", JS_DOOR, b"{}")
REFUSED = request("POST", JS_DOOR, b"{")
LATE = request("POST", JS_DOOR, b"{}", Prefer="delay-ms=60000")
#: What a thread answers.
ADMIN = request("GET", "/__admin/health")


class Served:
    """A loop with so many clients that have connected."""

    def __init__(self, app, clients):
        self.stepped = SteppedLoop(app)
        self.clients = [self.stepped.connect() for _ in range(clients)]
        self._read = [0] * clients

    def send(self, *sent):
        """Let each client send something, and wait until all of it is there."""
        for client, data in zip(self.clients, sent, strict=True):
            if data:
                client.sock.sendall(data)
        awaited = {conn.sock for conn in self.stepped.loop._crowd}
        busy = sum(1 for data in sent if not data)
        while len(select.select(awaited, [], [], 10)[0]) < len(awaited) - busy:
            pass

    def run_once(self):
        """Run it once, and return the numbers of the exchanges that each client reads."""
        self.stepped.run_once()
        return [self._numbers(index, client) for index, client in enumerate(self.clients)]

    def _numbers(self, index, client):
        if select.select([client.sock], [], [], 0.01)[0]:
            client.look()
        new, self._read[index] = client.read[self._read[index] :], len(client.read)
        return [int(line.split()[1]) for line in new.splitlines() if line.startswith(b"Mock-Exchange:")]


@pytest.fixture
def sizes(monkeypatch):
    """Return how many calls were settled each time."""
    sizes = []
    settle = Engine.settle

    def counted(engine, calls, **options):
        sizes.append(len(calls))
        settle(engine, calls, **options)

    monkeypatch.setattr(Engine, "settle", counted)
    return sizes


@pytest.fixture(params=["memory:", "sqlite:{}/state", "lmdb:{}/state"])
def store(request, tmp_path):
    store = open_store(request.param.format(tmp_path), Limits())
    yield store
    store.close()


@pytest.fixture
def loop(store):
    """Return what makes a loop for so many clients."""
    with ExitStack() as stack:

        def make(clients):
            served = Served(create_app(Settings(seed=7), store=store), clients)
            stack.callback(served.stepped.close)
            return served

        yield make


def test_calls_that_come_at_once_are_settled_in_one_go_and_answered_in_the_same_round(loop, sizes):
    served = loop(3)
    served.send(CALL, CALL, CALL)

    assert sorted(served.run_once()) == [[1], [2], [3]]
    assert sizes == [3]


def test_other_workers_need_not_wait_for_more_than_so_many(loop, sizes):
    served = loop(37)
    served.send(*[CALL] * 37)

    assert sorted(served.run_once()) == [[number] for number in range(1, 38)]
    assert sizes == [16, 16, 5]


def test_a_call_that_comes_alone_waits_for_no_other(loop, sizes):
    served = loop(2)
    served.send(b"", CALL)

    assert served.run_once() == [[], [1]]
    assert sizes == [1]


def test_requests_sent_at_once_are_answered_one_a_round(loop, sizes):
    served = loop(2)
    served.send(CALL * 3, CALL)

    assert sorted(served.run_once()) == [[1], [2]]
    assert [served.run_once()[0] for _ in range(3)] == [[3], [4], []]
    assert sizes == [2, 1, 1]


def test_a_late_reply_keeps_its_order_and_nobody_else_waits(loop, sizes):
    served = loop(20)
    served.send(LATE + CALL, *[b""] * 19)
    served.run_once()
    served.send(b"", *[CALL] * 19)
    late, *others = served.run_once()

    assert late == [], "its late reply is to come first"
    assert sorted(others) == [[number] for number in range(2, 21)]
    assert sum(sizes) == 20


def test_only_calls_that_are_whole_and_legal_are_settled(loop, sizes):
    served = loop(5)
    served.send(CALL, ADMIN, REFUSED, b"nonsense\r\n\r\n", CALL)

    assert [bool(numbers) for numbers in served.run_once()] == [True, False, True, False, True]
    assert sizes == [3]


def test_while_others_have_the_store_a_thread_waits_and_the_loop_answers_what_it_can(loop, store, monkeypatch):
    served = loop(2)
    has_it, transaction = [True], type(store).transaction

    def taken(self, *, wait=True):
        if has_it and not wait:
            raise WouldBlock
        return transaction(self, wait=wait)

    monkeypatch.setattr(type(store), "transaction", taken)
    served.send(CALL, b"nonsense\r\n\r\n")
    served.stepped.run_until(lambda: b"Mock-Exchange: 1\r\n" in served.clients[0].read)

    assert served.clients[1].read.startswith(b"HTTP/1.1 400 ")
