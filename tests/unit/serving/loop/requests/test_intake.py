"""When a request is answered: when it is whole, or as soon as gunicorn's parser refuses it; and what is held of it."""

import collections

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException

from mockserver.serving.gunicorn_server import options
from mockserver.serving.loop.requests.head import Heads
from mockserver.serving.loop.requests.intake import Intake
from mockserver.settings import Settings
from tests.support.calling.attacks import ATTACKS

MOST = 1_000
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def cfg():
    cfg = Config()
    for name, value in options(Settings()).items():
        cfg.set(name, value)
    return cfg


@pytest.fixture
def intake(cfg):
    return Intake(Heads(cfg), {"REMOTE_ADDR": "127.0.0.1"}, lambda _path: MOST)


def taken(intake, sent):
    """Let so much come, and return the request if it is whole."""
    intake.buffer += sent
    return intake.next()


def body_of(request):
    return request.environ["wsgi.input"].read()


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        pytest.param(HEAD + b"\r\n", b"", id="no body"),
        pytest.param(b"\r\n" + HEAD + b"\r\n", b"", id="after an empty line"),
        pytest.param(HEAD + b"Content-Length: 2\r\n\r\n{}", b"{}", id="length"),
        pytest.param(HEAD + b"content-length:2 \r\n\r\n{}", b"{}", id="length, spelt otherwise"),
        pytest.param(CHUNKED + b"1;a=b\r\n{\r\n1\r\n}\r\n0\r\nX-Trailer: a\r\n\r\n", b"{}", id="chunks"),
        pytest.param(HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", b"{}", id="codings"),
    ],
)
def test_a_request_is_whole_with_its_last_byte_and_not_before(intake, sent, body):
    before = [taken(intake, sent[at : at + 1]) for at in range(len(sent) - 1)]
    request = taken(intake, sent[-1:] + HEAD)

    assert before == [None] * (len(sent) - 1)
    assert body_of(request) == body
    assert (bytes(intake.buffer), intake.next()) == (HEAD, None), "the next request is left alone"


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_nobody_waits_for_the_rest_of_an_attack(intake, attack):
    try:
        request = taken(intake, attack.sent)
    except ParseException:
        return
    with pytest.raises((OSError, ParseException)):
        body_of(request)
    assert not request.is_persistent, "where the next request begins is anybody's guess"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        pytest.param(b"GET /" + b"a" * (64 << 10), LimitRequestLine, id="request line"),
        pytest.param(HEAD + b"X: a\r\n" * 200_000, LimitRequestHeaders, id="headers"),
    ],
)
def test_a_head_without_an_end_is_refused_when_it_is_too_long(intake, sent, error):
    pieces = (sent[at : at + (64 << 10)] for at in range(0, len(sent), 64 << 10))

    with pytest.raises(error):
        collections.deque((taken(intake, piece) for piece in pieces), maxlen=0)


def test_a_client_that_asks_for_permission_is_to_get_it_before_its_body_comes(intake):
    nothing = taken(intake, HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    waits = intake.request.wants_permission

    assert (nothing, waits) == (None, True)
    assert body_of(taken(intake, b"{}")) == b"{}"


def test_a_client_that_asks_to_send_too_much_is_answered_at_once(intake):
    request = taken(intake, HEAD + b"Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n")

    assert (body_of(request), request.environ["CONTENT_LENGTH"]) == (b"", "1001")
    assert not request.is_persistent


def test_a_body_that_is_too_large_is_read_and_dropped(intake):
    began = taken(intake, HEAD + b"Content-Length: 100000\r\n\r\n")
    held = []
    for _ in range(99):
        began = began or taken(intake, bytes(1_000))
        held.append(intake.held_bytes)
    request = taken(intake, bytes(1_000) + HEAD)

    assert (began, set(held)) == (None, {0})
    assert (body_of(request), request.environ["CONTENT_LENGTH"]) == (b"", "100000")
    assert request.is_persistent
    assert bytes(intake.buffer) == HEAD


def test_of_chunks_that_are_too_large_as_much_is_kept_as_says_so(intake):
    taken(intake, CHUNKED + b"186a0\r\n")
    for _ in range(99):
        assert taken(intake, bytes(1_000)) is None
    held = intake.held_bytes
    request = taken(intake, bytes(1_000) + b"\r\n0\r\n\r\n")

    assert held <= 3 * MOST
    assert len(body_of(request)) == MOST + 1
    assert not request.is_persistent


def test_chunks_that_are_mostly_framing_are_not_gathered_for_ever(intake):
    taken(intake, CHUNKED)
    chunk = b"1;" + b"a" * 5_000 + b"\r\n{\r\n"
    came = next(count for count in range(100) if taken(intake, chunk))

    assert came * len(chunk) < 100_000


def test_who_sends_the_same_head_again_is_not_taken_for_somebody_else(cfg):
    heads = Heads(cfg)
    both = [Intake(heads, {"REMOTE_PORT": port}, lambda _path: MOST) for port in ("1", "2")]
    first, second = (taken(intake, HEAD + b"Content-Length: 2\r\n\r\n{}") for intake in both)
    first.environ["HTTP_X"] = "changed by whoever answers it"

    assert [first.environ["REMOTE_PORT"], second.environ["REMOTE_PORT"]] == ["1", "2"]
    assert "HTTP_X" not in second.environ
    assert body_of(second) == b"{}"
