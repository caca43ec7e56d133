"""When a thread is given to a request: when it is whole, or when a parser should judge it."""

import resource

import pytest

from mockserver.http_worker import MOST_CONNECTIONS, MOST_GATHERED, connections, is_whole
from tests.resilience.attacks import ATTACKS

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(HEAD + b"\r\n", id="no body"),
        pytest.param(HEAD + b"Content-Length: 2\r\n\r\n{}", id="length"),
        pytest.param(HEAD + b"content-length:2 \r\n\r\n{}", id="length, spelt otherwise"),
        pytest.param(CHUNKED + b"2;a=b\r\n{}\r\n0\r\n\r\n", id="chunks"),
        pytest.param(CHUNKED + b"0\r\nX-Trailer: a\r\n\r\n", id="trailer"),
    ],
)
def test_a_request_is_whole_with_its_last_byte_and_not_before(sent):
    assert [is_whole(sent[:length]) for length in range(len(sent) + 1)] == [False] * len(sent) + [True]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", id="waits for permission"),
        pytest.param(HEAD + b"X: " + b"a" * MOST_GATHERED, id="too much to gather"),
        pytest.param(HEAD + b"Content-Length: 99999999999\r\n\r\n", id="absurd length"),
        pytest.param(CHUNKED + b"-1\r\n", id="negative chunk"),
        pytest.param(CHUNKED + b"a" * 100, id="endless size"),
    ],
)
def test_what_gains_nothing_by_waiting_goes_to_the_parser_at_once(sent):
    assert is_whole(sent)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_goes_to_the_parser_at_once(attack):
    assert is_whole(attack.sent)


def test_a_worker_holds_as_many_connections_as_it_may_have_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))

        assert 8 < connections(8) <= MOST_CONNECTIONS
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
