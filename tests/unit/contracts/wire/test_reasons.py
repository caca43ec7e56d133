import socket
from http.client import RemoteDisconnected

import pytest
import requests
from urllib3.exceptions import ProtocolError

from contracts.errors import CannotExamine
from contracts.wire.reasons import checked_url, reason
from contracts.wire.sessions import open_session


def failure_of(url):
    with open_session() as session, pytest.raises(requests.RequestException) as failure:
        session.get(url, timeout=0.2)
    return failure.value


def test_a_refused_connection_is_told_in_two_words():
    assert reason(failure_of("http://127.0.0.1:9")) == "connection refused"


def test_a_name_that_nobody_has_is_told_in_the_system_s_words():
    assert "HTTPConnection" not in reason(failure_of("http://nowhere.invalid"))


def test_a_server_that_says_nothing_timed_out():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert reason(failure_of(f"http://127.0.0.1:{listener.getsockname()[1]}")) == "timed out"


def test_a_server_that_hangs_up_is_told_as_that():
    hung_up = requests.ConnectionError(ProtocolError("Connection aborted.", RemoteDisconnected("Remote end hung up")))

    assert reason(hung_up) == "Remote end hung up"


def test_what_has_no_cause_is_told_in_its_own_words_on_one_line():
    assert reason(requests.RequestException("bad\nthing")) == "bad thing"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "https://live.example/", "http://[::1]:8080/prefix"])
def test_a_base_url_is_taken_without_its_last_slash(url):
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "foo",
        "localhost:8080",
        "ftp://host",
        "http://",
        "http://[bad",
        "http://h:99999",
        "http://h:x",
        "http://a b/",
    ],
)
def test_what_is_no_base_url_is_refused_with_an_example(url):
    with pytest.raises(CannotExamine, match="--url wants http://HOST:PORT, got "):
        checked_url(url)
