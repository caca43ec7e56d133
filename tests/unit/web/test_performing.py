"""Replies that are sent through any WSGI server; how our own server sends them is in `tests/unit/serving`."""

from dataclasses import replace

import pytest

from mockserver.model import Reply, Wire
from mockserver.web.outgoing import outgoing
from mockserver.web.performing import perform

BODY = b"0123456789"


def sent(reply, delivered, method="GET"):
    """Return a distorted reply as it is sent."""
    return outgoing(replace(reply, faults=("some",)), method, (), delivered)


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
