import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from contracts.errors import Unanswered
from contracts.processes.surroundings import DIRECT, Route, direct, for_client, for_own_mock
from contracts.wire.messages import Call
from contracts.wire.sessions import open_session
from contracts.wire.subjects import UrlSubject

DETOURS = {"HTTP_PROXY": "http://proxy", "all_proxy": "socks5://proxy", "REQUESTS_CA_BUNDLE": "/ca.pem"}


def test_a_program_that_goes_directly_is_shown_no_proxy_and_no_netrc():
    environment = direct({"LANG": "C", "NETRC": "/home/me/.netrc", **DETOURS}, DIRECT)

    assert environment == {"LANG": "C", "NO_PROXY": "*", "no_proxy": "*", "NETRC": os.devnull}


def test_a_program_that_takes_a_named_proxy_is_shown_no_other():
    assert direct(DETOURS, Route(proxy="http://mine:3128")) == {"NETRC": os.devnull}


def test_a_mock_of_ours_is_shown_no_setting_of_another_server():
    assert for_own_mock({"MOCKSERVER_ACCOUNTS": "99", "MOCKSERVER_CONFIG": "x.toml", "LANG": "C"}) == {"LANG": "C"}


def test_a_client_keeps_its_proxies_and_reaches_the_mock_without_them():
    environment = for_client({**DETOURS, "NO_PROXY": "intranet"}, "http://mock:8080/__space/a")

    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet,localhost,.localhost,127.0.0.1,::1,mock"
    assert environment.items() >= DETOURS.items()


def test_a_client_that_uses_no_proxy_at_all_goes_on_so():
    assert for_client({"NO_PROXY": "*"}, "http://127.0.0.1:8080") == {"NO_PROXY": "*"}


@pytest.fixture
def proxy():
    asked = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Proxy)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_a_server_is_reached_through_the_proxy_that_was_named(proxy):
    url, asked = proxy
    with open_session(Route(proxy=url)) as session:
        reply = UrlSubject("http://live.example", session=session).ask(Call("GET", "/path"))

    assert reply.status == 200
    assert asked == ["http://live.example/path"]


def test_a_proxy_of_the_environment_is_never_asked(proxy, monkeypatch):
    url, asked = proxy
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, url)
    with open_session() as session, pytest.raises(Unanswered, match="refused"):
        UrlSubject("http://127.0.0.1:9", session=session).ask(Call("GET", "/path"))

    assert asked == []
