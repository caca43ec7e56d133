"""The head of a reply is one that gunicorn would write."""

import socket

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import Response

from mockserver.serving.loop.replies.heads import head_of

HEADERS = [("Content-Length", "10"), ("X-A", " \xe9\t"), ("X-a", "b"), ("Server", "mine"), ("Date", "now"), ("TE", "x")]


def by_gunicorn(status, headers, sent=b"GET / HTTP/1.1\r\n\r\n"):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        cfg = Config()
        response = Response(Request(cfg, IterUnreader([sent]), ("127.0.0.1", 1)), ours, cfg)
        response.start_response(status, headers)
        response.close()
        return theirs.recv(10_000)


def without_date(head):
    return [line for line in head.split(b"\r\n") if not line.startswith(b"Date: ")]


@pytest.mark.parametrize(
    ("protocol", "keep", "asked"),
    [
        pytest.param("HTTP/1.1", True, b"GET / HTTP/1.1\r\n\r\n", id="kept"),
        pytest.param("HTTP/1.1", False, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", id="closed"),
        pytest.param("HTTP/1.0", False, b"GET / HTTP/1.0\r\n\r\n", id="old"),
    ],
)
def test_it_has_the_bytes_of_gunicorn(protocol, keep, asked):
    head = head_of(0, protocol, "404 NOT FOUND", HEADERS, keep=keep)

    assert without_date(head) == without_date(by_gunicorn("404 NOT FOUND", HEADERS, asked))
    assert b"\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n" in head


def test_a_body_without_a_length_is_said_to_come_in_chunks():
    head = head_of(0, "HTTP/1.1", "200 OK", [], keep=True, chunked=True)

    assert head + b"0\r\n\r\n" == by_gunicorn("200 OK", []).replace(_date(by_gunicorn("200 OK", [])), _date(head))


def _date(head):
    return next(line for line in head.split(b"\r\n") if line.startswith(b"Date: "))


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        pytest.param("X-A", "a\r\nX-Injected: yes", InvalidResponseHeader, id="line"),
        pytest.param("X-A", "a\x00", InvalidResponseHeader, id="NUL"),
        pytest.param("Server", "\n", InvalidResponseHeader, id="one that is not written"),
        pytest.param("X A", "a", InvalidResponseHeaderName, id="name"),
    ],
)
def test_what_would_break_it_is_refused_as_by_gunicorn(name, value, error):
    with pytest.raises(error):
        by_gunicorn("200 OK", [(name, value)])
    with pytest.raises(error):
        head_of(0, "HTTP/1.1", "200 OK", [(name, value)], keep=True)
