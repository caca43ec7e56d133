"""Which calls a worker settles together, turn by turn of its loop."""

import socket
from itertools import chain
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.app import create_app
from mockserver.engine.engine import Engine
from mockserver.serving.gunicorn_server import options
from mockserver.serving.loop.connection import Connection
from mockserver.serving.loop.exchange import Exchanges
from mockserver.serving.worker import PatientWorker
from mockserver.settings import Settings
from mockserver.stores.base import Limits
from mockserver.stores.opening import open_store
from tests.support.calling.callers import JS_DOOR
from tests.support.calling.wire import request

CALL = request("POST", JS_DOOR, b"{}")
REFUSED = request("POST", JS_DOOR, b"{")
#: What is settled on the loop, and sent by a thread.
LATE = request("POST", JS_DOOR, b"{}", Prefer="delay-ms=1")
#: What the door hands on, to Flask and so to a thread.
ADMIN = request("GET", "/__admin/health")


class Loop:
    """A worker whose loop a test turns, and the clients it serves."""

    def __init__(self, store, clients):
        self._app = create_app(Settings(seed=7), store=store)
        cfg = Config()
        for name, value in options(Settings()).items():
            cfg.set(name, value)
        self.worker = PatientWorker.__new__(PatientWorker)
        self.worker.cfg = cfg
        self.worker.alive = True
        self.worker._prepare()
        self.worker._engine = self._app.engine
        self.worker._exchanges = Exchanges(self._app, cfg, Logger(cfg), self._app.engine.wall_ms, ERROR_SHAPE)
        self.in_threads = []
        self.worker._threads = SimpleNamespace(submit=lambda _, conn, __: self.in_threads.append(conn))
        #: Any order may be the system's.
        self.last_client_first = False
        self.patience = []
        self._select = self.worker._loop.select
        self.worker._loop.select = self._selected
        self.clients = []
        for _ in range(clients):
            client, server = socket.socketpair()
            client.setblocking(False)
            server.setblocking(False)
            self.clients.append(client)
            self.worker._watch(Connection(cfg, server, ("127.0.0.1", 1), ("127.0.0.1", 2)))

    def _selected(self, patience_s):
        self.patience.append((patience_s, any(conn.gathered for conn in self.worker._watched)))
        return sorted(self._select(0), key=lambda event: event[0].fd, reverse=self.last_client_first)

    def turn(self):
        """Turn it once, and return the numbers of the exchanges that each client was told."""
        self.worker._turn(60)
        return [self._told(client) for client in self.clients]

    @staticmethod
    def _told(client):
        try:
            received = client.recv(1 << 16)
        except BlockingIOError:
            return []
        return [int(line.split()[1]) for line in received.splitlines() if line.startswith(b"Mock-Exchange:")]

    def close(self):
        for sock in [*self.clients, *(conn.sock for conn in [*self.worker._watched, *self.in_threads])]:
            sock.close()
        self.worker._loop.close()


@pytest.fixture
def together(monkeypatch):
    """Return how many calls were settled together each time."""
    sizes = []
    settle = Engine.settle

    def counted(engine, several, **options):
        if len(several) > 1:
            sizes.append(len(several))
        settle(engine, several, **options)

    monkeypatch.setattr(Engine, "settle", counted)
    return sizes


@pytest.fixture(params=["memory:", "sqlite:{}/state", "lmdb:{}/state"])
def loop(request, tmp_path):
    """Return what makes a loop for so many clients."""
    loops = []
    store = open_store(request.param.format(tmp_path), Limits())

    def make(clients):
        loops.append(Loop(store, clients))
        return loops[-1]

    yield make
    for made in loops:
        made.close()
    store.close()


def test_calls_that_come_at_once_are_settled_together_and_answered_in_the_same_turn(loop, together):
    turned = loop(3)
    for client in turned.clients:
        client.send(CALL)

    assert sorted(turned.turn()) == [[1], [2], [3]]
    assert together == [3]


def test_other_workers_need_not_wait_for_more_than_so_many(loop, together):
    turned = loop(37)
    for client in turned.clients:
        client.send(CALL)

    assert sorted(turned.turn()) == [[number] for number in range(1, 38)]
    assert together == [16, 16, 5]


def test_a_call_that_comes_alone_is_settled_as_ever(loop, together):
    turned = loop(2)
    turned.clients[1].send(CALL)

    assert turned.turn() == [[], [1]]
    assert together == []


def test_requests_sent_at_once_are_answered_one_a_turn_and_none_waits_for_more_to_come(loop, together):
    turned = loop(2)
    turned.clients[0].send(CALL * 3)
    turned.clients[1].send(CALL)

    assert [turned.turn() for _ in range(4)] == [[[1], [2]], [[3], []], [[4], []], [[], []]]
    assert together == [2]
    assert turned.patience == [(60, False), (0, True), (60, False), (60, False)]


def test_of_each_connection_there_is_one_call_at_a_time(loop, together):
    turned = loop(2)
    for client in turned.clients:
        client.send(CALL * 6)
        client.shutdown(socket.SHUT_WR)  # so that there is always something to read, too
    told = zip(*(turned.turn() for _ in range(5)), strict=True)

    assert [[*chain(*numbers)] for numbers in told] == [[1, 3, 5, 7, 9, 11], [2, 4, 6, 8, 10, 12]]
    assert set(together) == {2}


def test_nothing_is_read_from_a_connection_that_a_thread_has(loop, together):
    turned = loop(20)
    turned.clients[0].send(CALL + LATE)
    turned.turn()
    for client in turned.clients:
        client.send(CALL)
    turned.last_client_first = True
    late, *others = turned.turn()

    assert late == [], "its late reply is to come first"
    assert len(turned.in_threads) == 1
    assert turned.in_threads[0].gathered == b""
    assert [len(told) for told in others] == [1] * 19
    assert sum(together) >= 19


def test_only_what_can_be_answered_at_once_is_settled_together(loop, together):
    turned = loop(5)
    for client, sent in zip(turned.clients, [CALL, ADMIN, REFUSED, b"nonsense\r\n\r\n", CALL], strict=True):
        client.send(sent)

    assert turned.turn() == [[1], [], [2], [], [3]]
    assert together == [3]
    assert len(turned.in_threads) == 1
