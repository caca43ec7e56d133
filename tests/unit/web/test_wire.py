"""Replies are performed on a real TCP connection; nobody waits longer than a reply takes."""

import socket
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from mockserver.model import Delivery, Reply, Wire
from mockserver.web.outgoing import outgoing
from mockserver.web.performing import perform
from mockserver.web.wire import Sending, head_of

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
BODY = b"0123456789"
ENVIRON = {"SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": "GET"}
#: Longer than any test; a pause of this length ends early or not at all.
FOR_EVER_MS = 60_000


def performed(sending):
    """Perform a reply as gunicorn would: send what comes, and let go when an error says so."""
    try:
        for piece in sending:
            sending.connection.sendall(piece)
    except BrokenPipeError:
        return "let go"
    return "kept"


def sent(reply, delivered, method="GET"):
    """Return a distorted reply as it is sent."""
    return outgoing(replace(reply, faults=("some",)), method, (), delivered)


class Ends:
    """Both ends of a connection, and what the server's side was told."""

    def __init__(self, client, server):
        self.client = client
        self.server = server
        self.told = []

    def sending(self, wire, **reply):
        """Return a reply on its way out over this connection."""
        return Sending(sent(Reply(200, BODY, wire=wire, **reply), self.told.append), HEAD, self.server)

    def perform(self, wire, **reply):
        """Perform a reply, and say what becomes of the connection."""
        return performed(self.sending(wire, **reply))

    def seen(self):
        """Return all that the client reads, and how it ends."""
        self.client.settimeout(FOR_EVER_MS / 1000)
        read = b""
        try:
            while more := self.client.recv(10_000):
                read += more
        except ConnectionResetError:
            return read, "RST"
        return read, "FIN"


@pytest.fixture
def ends():
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listener,
        closing(socket.create_connection(listener.getsockname())) as client,
        closing(listener.accept()[0]) as server,
    ):
        yield Ends(client, server)


@pytest.mark.parametrize(
    ("wire", "sent", "end"),
    [
        pytest.param(Wire(ending="fin"), HEAD + BODY, "FIN", id="everything"),
        pytest.param(Wire(body_bytes=4, ending="fin"), HEAD + b"0123", "FIN", id="part of the body"),
        pytest.param(Wire(head="half", ending="fin"), HEAD[: len(HEAD) // 2], "FIN", id="half of the head"),
        pytest.param(Wire(head="none", ending="fin"), b"", "FIN", id="nothing"),
        pytest.param(Wire(head="none", ending="rst"), b"", "RST", id="reset at once"),
        pytest.param(Wire(body_bytes=4, ending="rst"), HEAD + b"0123", "RST", id="reset after a part"),
        pytest.param(Wire(body_bytes=0, ending="rst"), HEAD, "RST", id="reset after the head"),
        pytest.param(Wire(piece_bytes=3, body_bytes=7, ending="rst"), HEAD + b"0123456", "RST", id="reset in pieces"),
    ],
)
def test_a_reply_that_ends_its_connection_sends_what_it_should_and_says_so(ends, wire, sent, end):
    afterwards = ends.perform(wire)

    assert ends.seen() == (sent, end)
    assert [replace(delivery, sent_ms=0) for delivery in ends.told] == [Delivery(len(sent), wire.ending, 0)]
    assert afterwards == "let go"


def test_a_client_that_reads_late_has_all_that_was_sent_before_a_reset(ends):
    size = 4_000_000
    sending = ends.sending(Wire(ending="rst"))
    sending = replace(sending, outgoing=replace(sending.outgoing, body=bytes(size)))
    server = threading.Thread(target=performed, args=(sending,))

    server.start()
    read, end = ends.seen()
    server.join()

    assert (len(read), end) == (len(HEAD) + size, "RST")


def test_after_a_reset_the_server_still_has_a_descriptor_of_its_own_to_close(ends):
    descriptor = ends.server.fileno()

    ends.perform(Wire(head="none", ending="rst"))

    assert ends.server.fileno() == descriptor
    with pytest.raises(OSError, match="not connected"):
        ends.server.shutdown(socket.SHUT_WR)


def test_after_a_close_the_server_need_not_wait_for_the_client_to_hang_up(ends):
    ends.perform(Wire(head="none", ending="fin"))

    ends.server.settimeout(5)
    assert ends.server.recv(1) == b""


def test_a_reply_in_pieces_leaves_the_head_and_the_connection_to_the_server(ends):
    pieces = list(ends.sending(Wire(piece_bytes=4, pause_ms=1)))

    assert pieces == [b"0123", b"4567", b"89"]
    assert [replace(delivery, sent_ms=0) for delivery in ends.told] == [Delivery(len(HEAD + BODY), "kept", 0)]
    assert ends.told[0].sent_ms >= 2


def test_the_receipt_is_there_before_the_last_bytes_are(ends):
    pieces = iter(ends.sending(Wire(piece_bytes=5, pause_ms=1)))

    next(pieces)
    assert ends.told == []

    next(pieces)
    assert [delivery.ending for delivery in ends.told] == ["kept"]


def test_a_server_that_finds_the_client_gone_has_sent_the_pieces_before(ends):
    pieces = iter(ends.sending(Wire(piece_bytes=5, pause_ms=1)))
    next(pieces)
    next(pieces)

    pieces.close()

    assert [(delivery.bytes_sent, delivery.ending) for delivery in ends.told] == [
        (len(HEAD) + 10, "kept"),
        (len(HEAD) + 5, "client"),
    ]


@pytest.mark.parametrize("hang_up", ["close", "reset"])
def test_a_client_that_gives_up_ends_the_wait(ends, hang_up):
    if hang_up == "reset":
        ends.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    alarm = threading.Timer(0.05, ends.client.close)
    alarm.start()

    with pytest.raises(OSError, match=r"closed|reset"):
        list(ends.sending(Wire(head="none", ending="fin"), delay_ms=FOR_EVER_MS))

    alarm.join()
    [delivery] = ends.told
    assert (delivery.bytes_sent, delivery.ending) == (0, "client")
    assert 0 < delivery.sent_ms < FOR_EVER_MS


def test_a_client_that_gives_up_between_two_pieces_has_those_before(ends):
    pieces = iter(ends.sending(Wire(piece_bytes=5, pause_ms=FOR_EVER_MS)))
    next(pieces)
    ends.client.close()

    with pytest.raises(OSError, match="closed"):
        next(pieces)

    assert [(delivery.bytes_sent, delivery.ending) for delivery in ends.told] == [(len(HEAD) + 5, "client")]


def test_a_client_that_sends_its_next_request_early_still_waits(ends):
    ends.client.sendall(b"GET / HTTP/1.1\r\n")

    assert ends.perform(Wire(), delay_ms=30) == "kept"
    assert ends.told[0].sent_ms >= 30


@pytest.mark.parametrize(
    ("asked", "connection"),
    [
        pytest.param({}, "keep-alive", id="nothing said"),
        pytest.param({"HTTP_CONNECTION": "close"}, "close", id="close wanted"),
        pytest.param({"SERVER_PROTOCOL": "HTTP/1.0"}, "close", id="old"),
        pytest.param({"SERVER_PROTOCOL": "HTTP/1.0", "HTTP_CONNECTION": "Keep-Alive"}, "keep-alive", id="old, kept"),
    ],
)
def test_the_head_is_one_that_gunicorn_would_write(asked, connection):
    environ = {**ENVIRON, **asked}

    lines = head_of(environ, "200 OK", [("Content-Length", "10"), ("X-A", "é")]).split(b"\r\n")

    assert lines[0] == environ["SERVER_PROTOCOL"].encode() + b" 200 OK"
    assert lines[1] == b"Server: gunicorn"
    assert lines[2].startswith(b"Date: ")
    assert lines[3:] == [b"Connection: " + connection.encode(), b"Content-Length: 10", b"X-A: \xe9", b"", b""]


def answered(reply, method="GET"):
    """Return the body that a WSGI server without a connection to hand out gets, and what was told."""
    told = []
    started = []
    body = perform(sent(reply, told.append, method), lambda status, _headers: started.append(status))
    return list(body), started, told


def test_under_another_server_a_reply_is_late_before_that_server_has_a_byte():
    body, started, [delivery] = answered(Reply(503, BODY, delay_ms=20))

    assert body == [BODY]
    assert started == ["503 SERVICE UNAVAILABLE"]
    assert delivery.sent_ms >= 20


def test_under_another_server_a_reply_comes_in_pieces():
    body, _, [delivery] = answered(Reply(200, BODY, wire=Wire(piece_bytes=4, pause_ms=1)))

    assert body == [b"0123", b"4567", b"89"]
    assert (delivery.ending, delivery.sent_ms >= 2) == ("kept", True)


@pytest.mark.parametrize(
    ("reply", "method"),
    [
        pytest.param(Reply(200, BODY), "HEAD", id="HEAD"),
        pytest.param(Reply(204, BODY), "GET", id="204"),
        pytest.param(Reply(304, BODY), "GET", id="304"),
    ],
)
def test_what_has_no_body_gets_none(reply, method):
    body, _, _ = answered(reply, method)

    assert b"".join(body) == b""


def test_under_another_server_a_fault_that_needs_the_connection_is_never_passed_over():
    with pytest.raises(RuntimeError, match="no connection to perform the fault on"):
        answered(Reply(200, BODY, wire=Wire(ending="rst")))
