"""The server as it is run: Flask is loaded when something needs it, once, and not before."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import Client

from mockserver.app import create_edge
from mockserver.settings import Settings

JS = "/api/account/1/getEngagement"


@pytest.fixture
def edge():
    return create_edge(Settings(seed=7))


def test_plain_calls_and_their_refusals_need_no_flask(edge):
    client = Client(edge)

    answers = [
        client.post(JS, json={}).status_code,
        client.post(JS, json={"appType": "WEB"}).status_code,
        client.post(f"/__space/blue{JS}", json={}, headers={"Prefer": "code=500", "Origin": "http://a"}).status_code,
    ]

    assert answers == [200, 400, 500]
    assert edge._flask is None


@pytest.mark.parametrize(("path", "status"), [("/__admin/health", 200), ("/nowhere", 404)])
def test_the_rest_is_answered_by_flask(edge, path, status):
    assert Client(edge).get(path).status_code == status
    assert edge.load() is edge._flask


def test_threads_that_need_it_at_once_get_the_same(edge):
    with ThreadPoolExecutor(4) as threads:
        loaded = set(threads.map(lambda _: edge.load(), range(4)))

    assert len(loaded) == 1


@pytest.mark.usefixtures("edge")  # by which contract and preset have been parsed once
def test_the_server_starts_and_answers_a_plain_call_without_what_takes_long_to_load():
    script = """
import io, sys
import mockserver.cli, mockserver.serving.server, mockserver.serving.gunicorn_server
from mockserver.app import create_edge
from mockserver.settings import Settings
environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/account/1/getEngagement", "HTTP_HOST": "127.0.0.1:8080",
           "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": "2", "wsgi.input": io.BytesIO(b"{}")}
create_edge(Settings(), wire=True)(environ, lambda status, headers: print(status))
seldom = {"flask", "werkzeug", "jinja2", "marshmallow", "http.client", "yaml", "tomllib", "sqlite3", "lmdb", "redis"}
print(*sorted(seldom & sys.modules.keys()))
"""
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert said.splitlines() == ["200 OK", ""]
