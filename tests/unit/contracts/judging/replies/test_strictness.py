"""Replies that a patient reader takes, and a strict one does not."""

import gzip
import socket
import threading

import pytest

from contracts.contract.shapes import Shapes
from contracts.errors import Unanswered
from contracts.judging.replies.checks import violations
from contracts.judging.replies.exchange import Exchange
from contracts.wire.messages import Call, Reply
from contracts.wire.subjects import UrlSubject
from tests.support.harness.contract import CONTRACT

SHAPES = Shapes(CONTRACT)
LOOK_UP = CONTRACT.operations["getDomain"]
BODY = b'{"service":"smt","account":"1","baseURI":"x.test"}'
JSON = ("Content-Type", "application/json")


def found(reply, call=None, now_ms=None):
    """Return the clause and the fact of each violation about *reply*; to HEAD no operation answers."""
    operation = None if call and call.method == "HEAD" else LOOK_UP
    exchange = Exchange(CONTRACT, SHAPES, operation, call or Call("GET", "/"), reply, lambda: now_ms)
    return [(violation.clause, violation.got) for violation in violations(exchange)]


def good(body=BODY, *headers, surplus=b""):
    return Reply(200, (JSON, *headers), body, surplus)


def refusal(time, *headers):
    return Reply(400, (JSON, *headers), b'{"time":%d,"internalCode":5}' % time)


class TestJson:
    def test_a_good_reply_is_read_without_a_word(self):
        assert found(good()) == []

    @pytest.mark.parametrize(
        ("body", "why"),
        [
            pytest.param(b"\xef\xbb\xbf" + BODY, "byte order mark", id="a byte order mark"),
            pytest.param(BODY.decode().encode("utf-16"), "byte order mark", id="UTF-16"),
            pytest.param(BODY.decode().encode("utf-16-le"), "another Unicode", id="UTF-16 without its mark"),
            pytest.param(BODY.replace(b"{", b'{"service":"idp",'), "'service' more than once", id="a name twice"),
            pytest.param(BODY.replace(b"x", b"\xe4"), "can't decode byte", id="Latin-1"),
            pytest.param(BODY + b"\n;", "Extra data", id="something after it"),
        ],
    )
    def test_what_a_strict_reader_refuses_is_told_once(self, body, why):
        [(clause, got)] = found(good(body))

        assert clause == "REP-JSON"
        assert why in got

    def test_what_is_no_json_at_all_breaks_another_clause(self):
        assert [clause for clause, _ in found(good(b"<html/>"))] != ["REP-JSON"]

    def test_blanks_around_it_do_not_matter(self):
        assert found(good(b" \r\n" + BODY + b"\n")) == []

    def test_a_media_type_in_capitals_is_the_same(self):
        reply = Reply(200, (("content-TYPE", "Application/JSON; Charset=UTF-8"),), BODY)

        assert found(reply) == []


class TestCoding:
    def test_a_coding_that_nobody_asked_for_is_told(self):
        [(clause, got)] = found(good(BODY, ("content-encoding", "GZIP")))

        assert clause == "REP-CODING"
        assert "gzip" in got

    @pytest.mark.parametrize("headers", [{"accept-encoding": "gzip"}, {"Accept-Encoding": "*"}])
    def test_one_that_was_asked_for_is_not(self, headers):
        assert found(good(BODY, ("Content-Encoding", "gzip")), Call("GET", "/", headers=headers)) == []

    def test_identity_is_none(self):
        assert found(good(BODY, ("Content-Encoding", "identity"))) == []


class TestTheEnd:
    def test_bytes_after_it_are_told(self):
        assert [clause for clause, _ in found(good(surplus=b"\r\n"))] == ["REP-WHOLE"]


class TestHead:
    @pytest.mark.parametrize("reply", [Reply(200, (), BODY), Reply(200, (), b"", BODY)])
    def test_a_body_is_told(self, reply):
        assert [clause for clause, _ in found(reply, Call("HEAD", "/"))] == ["REP-HEAD"]

    @pytest.mark.parametrize("status", [200, 404, 501])
    def test_the_length_that_a_get_would_have_is_good(self, status):
        assert found(Reply(status, (JSON, ("Content-Length", "50"))), Call("HEAD", "/")) == []


class TestTheTimeOfAnError:
    NOW_MS = 1_800_000_000_000

    @pytest.mark.parametrize("minutes", [-60, -6, 6, 60 * 24 * 365])
    def test_far_from_the_clock_it_is_told(self, minutes):
        told = found(refusal(self.NOW_MS + minutes * 60_000), now_ms=self.NOW_MS)

        assert [clause for clause, _ in told] == ["ERR-TIME"]

    @pytest.mark.parametrize("minutes", [-4, 0, 4])
    def test_near_the_clock_it_is_good(self, minutes):
        assert found(refusal(self.NOW_MS + minutes * 60_000), now_ms=self.NOW_MS) == []

    def test_in_microseconds_it_is_far_in_the_future(self):
        date = ("date", "Fri, 15 Jan 2027 08:00:00 GMT")

        assert [clause for clause, _ in found(refusal(self.NOW_MS * 1000, date))] == ["ERR-TIME"]
        assert found(refusal(self.NOW_MS, date)) == []

    @pytest.mark.parametrize("headers", [(), (("Date", "soon"),), (("Date", "Fri, 99 Jan 2027 08:00:00 GMT"),)])
    def test_of_a_server_without_a_clock_it_is_not_judged(self, headers):
        assert found(refusal(1469543282471, *headers)) == []

    def test_an_example_that_was_asked_for_has_a_time_of_its_own(self):
        applied = ("Preference-Applied", "example=BadAppType")

        assert found(refusal(1469543282471, applied), now_ms=self.NOW_MS) == []


HEADERS = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
GOOD = HEADERS + b"Content-Length: 2\r\n\r\n{}"


@pytest.fixture
def over_the_wire():
    """Return what comes of a call that is answered with these bytes, each part sent by itself."""
    sessions = []

    def ask(*parts, method="GET"):
        listener = socket.create_server(("127.0.0.1", 0))

        def serve():
            with listener, listener.accept()[0] as connection:
                connection.recv(65536)
                for part in parts:
                    connection.sendall(part)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        subject = UrlSubject(f"http://127.0.0.1:{listener.getsockname()[1]}")
        sessions.append(subject.session)
        try:
            return subject.ask(Call(method, "/"))
        finally:
            thread.join()

    yield ask
    for session in sessions:
        session.close()


class TestOnTheWire:
    def test_a_whole_reply_leaves_nothing(self, over_the_wire):
        assert over_the_wire(GOOD).surplus == b""
        assert over_the_wire(HEADERS.replace(b"close", b"keep-alive") + b"Content-Length: 2\r\n\r\n{}").surplus == b""
        assert over_the_wire(HEADERS + b"\r\n{}").body == b"{}"

    @pytest.mark.parametrize("parts", [(GOOD + b"more",), (GOOD, b"more")])
    def test_what_comes_after_the_length_is_kept(self, over_the_wire, parts):
        reply = over_the_wire(*parts)

        assert (reply.body, reply.surplus) == (b"{}", b"more")

    def test_what_comes_after_the_last_chunk_is_kept(self, over_the_wire):
        reply = over_the_wire(HEADERS + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nmore")

        assert (reply.body, reply.surplus) == (b"{}", b"more")

    def test_the_body_of_a_reply_to_head_is_kept(self, over_the_wire):
        reply = over_the_wire(GOOD[:-2], b"{}", method="HEAD")

        assert (reply.body, reply.surplus) == (b"", b"{}")

    def test_a_body_that_is_too_short_is_no_reply(self, over_the_wire):
        with pytest.raises(Unanswered, match="1 more expected"):
            over_the_wire(HEADERS + b"Content-Length: 3\r\n\r\n{}")

    def test_a_compressed_body_is_read_all_the_same(self, over_the_wire):
        body = gzip.compress(b"{}")

        reply = over_the_wire(HEADERS + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body), body)

        assert reply.body == b"{}"
