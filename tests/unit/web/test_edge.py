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


def test_the_server_can_start_without_flask():
    script = """
import sys
import mockserver.cli, mockserver.serving
from mockserver.app import create_edge
from mockserver.settings import Settings
create_edge(Settings(), wire=True)
print(*sorted({"flask", "jinja2", "marshmallow", "sqlite3", "lmdb", "redis"} & sys.modules.keys()))
"""
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout

    assert said.split() == []
