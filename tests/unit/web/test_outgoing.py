"""A reply becomes the very response that werkzeug would make of it."""

import pytest
from werkzeug.wrappers import Response

from mockserver.model import Reply, Wire
from mockserver.web.outgoing import has_body, outgoing

JSON = ("Content-Type", "application/json")


def by_werkzeug(reply):
    response = Response(reply.body, status=reply.status)
    response.headers.clear()
    response.headers.extend(reply.headers)
    response.headers["Content-Length"] = str(len(reply.body))
    _, status, headers = response.get_wsgi_response({"REQUEST_METHOD": "GET"})
    return status, headers


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(200, b"{}", (JSON,)), id="plain"),
        pytest.param(Reply(201, b"", (JSON, ("Location", "/a b"))), id="an address with a space"),
        pytest.param(Reply(200, b"", (("Content-Location", "/é"),)), id="an address that is not ASCII"),
        pytest.param(Reply(200, b"x", (("X-A", "1"), ("X-A", "2"))), id="a header twice"),
        pytest.param(Reply(204, b"x", (JSON,)), id="no content"),
        pytest.param(Reply(304, b"x", (JSON, ("ETag", "a"), ("Expires", "b"))), id="not modified"),
        pytest.param(Reply(404), id="not found"),
        pytest.param(Reply(499), id="no such status"),
    ],
)
def test_status_and_headers_are_those_of_werkzeug(reply):
    sent = outgoing(reply, "GET", (), print)

    assert (sent.status_line, list(sent.headers)) == by_werkzeug(reply)


def test_a_wrong_length_is_announced_as_the_fault_wants_it():
    sent = outgoing(Reply(200, b"four", wire=Wire(announced=9)), "GET", (), print)

    assert dict(sent.headers)["Content-Length"] == "9"


@pytest.mark.parametrize(
    ("reply", "is_plain"),
    [
        pytest.param(Reply(200), True, id="nothing special"),
        pytest.param(Reply(200, delay_ms=1), False, id="late"),
        pytest.param(Reply(200, faults=("reset",), wire=Wire(ending="rst")), False, id="distorted"),
    ],
)
def test_only_a_reply_that_is_sent_at_once_and_whole_is_plain(reply, is_plain):
    assert outgoing(reply, "GET", (), print).is_plain is is_plain


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [("GET", 200, True), ("HEAD", 200, False), ("GET", 204, False), ("GET", 304, False)],
)
def test_some_replies_have_no_body(method, status, expected):
    assert has_body(method, status) == expected
