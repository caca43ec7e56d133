"""What is asked for its health, and how the answer is taken."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mockserver.command import BROKEN, KEPT
from mockserver.errors import SettingsError
from mockserver.serving.healthcheck import healthcheck, own_url
from mockserver.settings import Settings
from tests.support.programs import free_port


@contextmanager
def answering(body, status=200):
    """Answer every request with *body*, and yield the URL and the paths that were asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


HEALTHY = json.dumps({"status": "ok"}).encode()


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("", "/__admin/health"),
        ("/", "/__admin/health"),
        ("/__space/a", "/__space/a/__admin/health"),
        ("/mock/", "/mock/__admin/health"),
    ],
)
def test_a_path_of_the_url_comes_before_that_of_health(path, asked, capsys):
    with answering(HEALTHY) as (url, seen):
        status = healthcheck(url + path, 5)

    assert (status, seen) == (KEPT, [asked])
    assert capsys.readouterr().out == '{"status": "ok"}\n'


def test_a_server_that_is_not_well_says_so_itself(capsys):
    with answering(b'{"status": "store_unavailable"}', 503) as (url, _):
        status = healthcheck(url, 5)

    assert (status, "store_unavailable" in capsys.readouterr().out) == (BROKEN, True)


@pytest.mark.parametrize("body", [b"<html>It works!</html>", b"", b"[]", b"7", b"\xff"])
def test_what_is_no_mock_server_is_not_well(body, capsys):
    with answering(body) as (url, _):
        status = healthcheck(url, 5)

    told = capsys.readouterr()
    assert (status, told.out) == (BROKEN, "")
    assert told.err == f"mockserver: what answers at {url} with 200 is no mock server\n"


@pytest.mark.parametrize("name", ["a..b", "127.0.0.1.1"])
def test_a_name_that_leads_nowhere_is_no_fault_of_ours(name, capsys):
    assert healthcheck(f"http://{name}", 5) == BROKEN
    assert f"nothing answers at http://{name}: " in capsys.readouterr().err


def test_https_is_spoken_where_it_is_asked_for(capsys):
    with answering(HEALTHY) as (url, asked):
        status = healthcheck(url.replace("http:", "https:"), 5)

    assert (status, asked) == (BROKEN, [])
    assert "nothing answers at https://" in capsys.readouterr().err


def test_nobody_there_is_said_in_words(capsys):
    url = f"http://127.0.0.1:{free_port()}"

    assert healthcheck(url, 5) == BROKEN
    assert capsys.readouterr().err == (
        f"mockserver: nothing answers at {url}: Connection refused; is the server running?\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        "", "foo", "127.0.0.1:8080", "//h", "ftp://h", "http://", "http://:80", "http://h:x", "http://h:99999",
        "http://h:0", "http://[::1", "http://h/?a=1", "http://h/#a", "http://a b/", "http://ä/", "http://h/\n",
    ],
)  # fmt: skip
def test_what_is_no_url_of_a_server_is_refused(url):
    with pytest.raises(SettingsError, match=r"must be http://HOST:PORT or https://HOST:PORT"):
        healthcheck(url, 5)


def test_a_password_is_refused_and_not_repeated():
    with pytest.raises(SettingsError, match="a user and a password, which would not be sent") as refused:
        healthcheck("http://me:secret@h", 5)

    assert "secret" not in str(refused.value)


def test_the_settings_say_where_the_server_is():
    assert own_url(Settings(host="::1", port=81)) == "http://[::1]:81"
    with pytest.raises(SettingsError, match="name it with --url"):
        own_url(Settings(port=0))
