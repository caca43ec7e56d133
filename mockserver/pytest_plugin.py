"""The pytest plugin: `mock_server` is a server for the run, and a space of its own for each test.

Every project that has the package installed loads this module: what only `mock_server` needs is imported there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockserver.remote import Remote

LENIENT = "mock_server_lenient"
TOKEN_VARIABLE = "MOCKSERVER_ADMIN_TOKEN"  # noqa: S105 a name, not a token
_USED = pytest.StashKey["Remote"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("mockserver")
    group.addoption(
        "--mock-server-url", metavar="URL", help="use this running mock server instead of starting one for the run"
    )
    group.addoption(
        "--mock-server-token", metavar="TOKEN", help=f"the admin token of that server; default: ${TOKEN_VARIABLE}"
    )
    group.addoption(
        "--mock-server-strict",
        action="store_true",
        help=f"fail each test whose client broke a clause of the contract, unless it is marked {LENIENT}",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker means, and refuse a URL that is none."""
    config.addinivalue_line("markers", f"{LENIENT}: this test's client may break clauses (--mock-server-strict)")
    url = config.getoption("--mock-server-url")
    if url and not url.startswith(("http://", "https://")):
        raise pytest.UsageError(f"--mock-server-url wants http://HOST:PORT, got {url!r}")


@pytest.fixture(scope="session")
def mock_server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of the server of this run; each process of pytest-xdist starts one of its own."""
    given = request.config.getoption("--mock-server-url")
    if given:
        yield given.rstrip("/")
        return
    import json
    import subprocess

    # Other settings come from the environment, as for every server; a token would only keep the test itself out.
    command = [sys.executable, "-m", "mockserver", "serve", "--ready", "json", "--host", "127.0.0.1", "--port", "0"]
    command += ["--admin-token", ""]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 our own command
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                pytest.fail("the mock server did not start; it says why on standard error", pytrace=False)
            yield json.loads(line)["url"]
        finally:
            process.terminate()


@pytest.fixture
def mock_server(mock_server_url: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    """Give a mock server of the test's own: `.url` for the client, and what steers and questions it."""
    from mockserver.remote import Remote, space_url

    given = request.config.getoption("--mock-server-url")
    token = (request.config.getoption("--mock-server-token") or os.environ.get(TOKEN_VARIABLE, "")) if given else ""
    server = Remote(space_url(mock_server_url, _space_of(request.node.nodeid)), token)
    server.reset()  # a plugin that runs a test again runs it under the same name
    request.node.stash[_USED] = server
    yield server
    server.reset()  # leaves nothing on a server that goes on


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Show with a failure what the server saw, and fail a test whose client broke the contract.

    Done here, because what a fixture finds after its test is an error beside a passed test, not a failure of it.
    """
    __tracebackhide__ = True
    try:
        result = yield
    except (Exception, pytest.fail.Exception):
        _show(item)
        raise
    server = item.stash.get(_USED, None)
    if server and item.config.getoption("--mock-server-strict") and item.get_closest_marker(LENIENT) is None:
        broken = server.broken_clauses()
        if broken:
            pytest.fail("the client broke the contract:\n  " + "\n  ".join(broken), pytrace=False)
    return result


def _show(item: pytest.Item) -> None:
    server = item.stash.get(_USED, None)
    if not server:
        return
    from mockserver.remote import SteeringError

    try:
        seen = server.told() or ["no call came"]
    except SteeringError as error:
        seen = [str(error)]
    item.add_report_section("call", "mock server", "\n".join(seen))


def _space_of(node_id: str) -> str:
    """Name a space after the test: readable, valid, and different for different tests and processes.

    A server that is shared may serve several runs of the same tests at the same time.
    """
    import hashlib
    import platform
    import re

    readable = re.sub(r"[^a-z0-9]+", "-", node_id.rpartition("::")[2].lower())[:40].strip("-") or "test"
    whole = f"{platform.node()} {os.getpid()} {node_id}"
    return f"{readable}-{hashlib.blake2b(whole.encode(errors='replace'), digest_size=5).hexdigest()}"
