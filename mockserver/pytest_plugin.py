"""The pytest plugin: `mock_server` is a server for the run, and a space of its own for each test."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mockserver.remote import Remote, space_url

MARKER = "mock_server_lenient"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("mockserver")
    group.addoption(
        "--mock-server-url", metavar="URL", help="use this running mock server instead of starting one for the run"
    )
    group.addoption("--mock-server-token", metavar="TOKEN", default="", help="the admin token of that server")
    group.addoption(
        "--mock-server-strict",
        action="store_true",
        help=f"fail each test whose client broke a clause of the contract, unless it is marked {MARKER}",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker means."""
    config.addinivalue_line("markers", f"{MARKER}: this test's client may break clauses (--mock-server-strict)")


@pytest.fixture(scope="session")
def mock_server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of the server of this run; each process of pytest-xdist starts one of its own."""
    given = request.config.getoption("--mock-server-url")
    if given:
        yield given.rstrip("/")
        return
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--ready", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 our own command
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                pytest.fail(f"the mock server did not start; try it by hand: {' '.join(command)}", pytrace=False)
            yield json.loads(line)["url"]
        finally:
            process.terminate()


@pytest.fixture
def mock_server(mock_server_url: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    """Give a mock server of the test's own: `.url` for the client, and what steers and questions it."""
    server = Remote(
        space_url(mock_server_url, _space_of(request.node.nodeid)), request.config.getoption("--mock-server-token")
    )
    server.reset()
    yield server
    broken = server.broken_clauses() if _is_strict(request) else []
    server.reset()
    if broken:
        pytest.fail("the client broke the contract:\n  " + "\n  ".join(broken), pytrace=False)


def _is_strict(request: pytest.FixtureRequest) -> bool:
    return request.config.getoption("--mock-server-strict") and request.node.get_closest_marker(MARKER) is None


def _space_of(node_id: str) -> str:
    """Name a space after the test: readable, valid, and different for different tests."""
    readable = re.sub(r"[^a-z0-9]+", "-", node_id.rpartition("::")[2].lower()).strip("-")[:40] or "test"
    digest = hashlib.blake2b(node_id.encode(), digest_size=5).hexdigest()
    return f"{readable}-{digest}"
