"""A call on a connection that was used before is sent once more when that ends before any byte of the reply."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from contracts.errors import Unanswered
from contracts.wire.messages import Call
from contracts.wire.subjects import UrlSubject

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Line:
    """A server that does with each connection what the test says: one act for each request on it."""

    def __init__(self, *connections):
        self.requests = []
        self._connections = list(connections)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        for number, acts in enumerate(self._connections):
            try:
                connection, _ = self._listener.accept()
            except OSError:  # nobody comes any more
                return
            with connection:
                for act in acts:
                    self.requests.append((number, self._request(connection)))
                    act(connection)

    def _request(self, connection):
        read = b""
        while not read.endswith(b"\r\n\r\nbody"):
            piece = connection.recv(1000)
            if not piece:
                break
            read += piece
        return read

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()


def answer(connection):
    connection.sendall(GOOD)


def close(_connection):
    """Say nothing; the connection is closed behind it."""


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def begin(connection):
    connection.sendall(b"HTTP/1.1 2")


@contextmanager
def served(*connections):
    line = Line(*connections)
    subject = UrlSubject(line.url)
    try:
        yield line, lambda: subject.ask(Call("POST", "/a", headers={"A": "b"}, body=b"body"))
    finally:
        subject.session.close()
        line.close()


@pytest.mark.parametrize("end", [close, reset])
def test_a_used_connection_that_ends_without_a_byte_costs_no_call(end):
    with served([answer, end], [answer]) as (line, ask):
        replies = [ask(), ask()]

    assert [reply.body for reply in replies] == [b"ok", b"ok"]
    assert [number for number, _ in line.requests] == [0, 0, 1]
    assert len({request for _, request in line.requests}) == 1


@pytest.mark.parametrize("end", [close, reset])
def test_a_new_connection_that_ends_is_no_reply(end):
    with served([end]) as (line, ask), pytest.raises(Unanswered):
        ask()

    assert len(line.requests) == 1


def test_the_call_is_sent_no_third_time():
    with served([answer, close], [close]) as (line, ask):
        ask()
        with pytest.raises(Unanswered):
            ask()

    assert len(line.requests) == 3


def test_a_reply_that_breaks_off_is_none_whatever_the_connection():
    with served([answer, begin]) as (line, ask):
        ask()
        with pytest.raises(Unanswered):
            ask()

    assert len(line.requests) == 2
