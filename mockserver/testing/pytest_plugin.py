"""The pytest plugin: `mock_server` is a server for the run, and a space of its own for each test.

`class_mock_server`, `module_mock_server` and `session_mock_server` are the same for fixtures that live longer.

Every project that has the package installed loads this module: what only `mock_server` needs is imported there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import subprocess

    from mockserver.testing.remote import Mark, Remote

LENIENT = "mock_server_lenient"
#: How long a server may take to stop, in seconds.
_STOP_S = 10
#: The mock server of a test, and those that the tests of a class, a module or a run share, on the node of each.
_USED = pytest.StashKey["Remote"]()
#: The admin token of the server at --mock-server-url.
_TOKEN = pytest.StashKey[str]()
#: Where earlier tests left the journals that a test shares with them.
_STARTS = pytest.StashKey[dict["Remote", "Mark"]]()
#: Up to where each journal that a test sees has been judged.
_MARKS = pytest.StashKey[dict["Remote", "Mark"]]()
#: The test that is being torn down.
_TORN_DOWN = pytest.StashKey[pytest.Item]()
#: pytest shows the line of the test that failed, and no line of this module.
__tracebackhide__ = True


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("mockserver")
    group.addoption(
        "--mock-server-url", metavar="URL", help="use this running mock server instead of starting one for the run"
    )
    group.addoption(
        "--mock-server-token", metavar="TOKEN", help="the admin token of that server; default: $MOCKSERVER_ADMIN_TOKEN"
    )
    group.addoption(
        "--mock-server-token-file",
        metavar="FILE",
        help="a file that holds it, which the list of processes does not show; default: $MOCKSERVER_ADMIN_TOKEN_FILE",
    )
    group.addoption(
        "--mock-server-strict",
        action="store_true",
        help=f"fail each test whose client broke a clause of the contract, unless it is marked {LENIENT}",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Say what the marker means; raises `UsageError` for a URL or a token that is none."""
    config.addinivalue_line("markers", f"{LENIENT}: this test's client may break clauses (--mock-server-strict)")
    url = config.getoption("--mock-server-url")
    if url and not url.startswith(("http://", "https://")):
        raise pytest.UsageError(f"--mock-server-url wants http://HOST:PORT, got {url!r}")
    if url:
        from mockserver.tokens import chosen

        try:
            given, file = (config.getoption(f"--mock-server-{name}") for name in ("token", "token-file"))
            config.stash[_TOKEN] = chosen(given, file, os.environ)
        except ValueError as error:
            raise pytest.UsageError(str(error)) from error


@pytest.fixture(scope="session")
def mock_server_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the URL of the server of this run; each process of pytest-xdist starts one of its own."""
    given = request.config.getoption("--mock-server-url")
    if given:
        yield given.rstrip("/")
        return
    import json

    # Other settings come from the environment, as for every server; a token would only keep the test itself out.
    # -P: a package or a module of the user that has our name, or one of Python's, lies in the current folder.
    command = [sys.executable, "-P", "-m", "mockserver", "serve", "--ready", "json"]
    command += ["--host", "127.0.0.1", "--port", "0"]
    command += ["--admin-token", ""]
    with _ending_with_pytest(command) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            pytest.fail("the mock server did not start; it says why on standard error", pytrace=False)
        yield json.loads(line)["url"]
        if process.poll() is not None:
            pytest.fail(f"the mock server ended before the tests, with {process.returncode}", pytrace=False)


@contextmanager
def _ending_with_pytest(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a server that stops with the block, and with this process however it ends: its standard input ends then.

    Ctrl-C is for pytest alone: the server goes on until the fixtures have been torn down.
    """
    import signal
    import subprocess

    command = [*command, "--stop-with-stdin", "on"]
    with subprocess.Popen(  # noqa: S603 our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        if process.stdin:
            os.register_at_fork(after_in_child=process.stdin.close)  # who was forked does not keep the server
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)  # at once: no test waits for a reply any more
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_S)
            process.kill()


def _mock_server(mock_server_url: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    from mockserver.testing.remote import NobodyAnswers, Remote, space_url

    token = request.config.stash.get(_TOKEN, "")
    server = Remote(space_url(mock_server_url, _space_of(request.node.nodeid)), token)
    server.reset()  # a plugin that runs a test again runs it under the same name
    request.node.stash[_USED] = server
    yield server
    del request.node.stash[_USED]
    with suppress(NobodyAnswers):  # one that ended meanwhile, by the same Ctrl-C, say
        try:
            item = request.config.stash.get(_TORN_DOWN, None)
            if item:
                _judge(item, [server])
        finally:
            server.reset()  # leaves nothing on a server that goes on


@pytest.fixture
def mock_server(mock_server_url: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    """Give a mock server of the test's own: `.url` for the client, and what steers and questions it."""
    yield from _mock_server(mock_server_url, request)


@pytest.fixture(scope="class")
def class_mock_server(mock_server_url: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    """Give a mock server that the tests of a class share."""
    yield from _mock_server(mock_server_url, request)


@pytest.fixture(scope="module")
def module_mock_server(mock_server_url: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    """Give a mock server that the tests of a module share."""
    yield from _mock_server(mock_server_url, request)


@pytest.fixture(scope="session")
def session_mock_server(mock_server_url: str, request: pytest.FixtureRequest) -> Iterator[Remote]:
    """Give a mock server that all tests of the run, or of one process of pytest-xdist, share."""
    yield from _mock_server(mock_server_url, request)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Mark where earlier tests left the journals that *item* shares with them; what its fixtures do is its own."""
    shared = [node.stash[_USED] for node in item.listchain() if _USED in node.stash]
    item.stash[_STARTS] = {server: server.mark() for server in shared}
    item.stash[_MARKS] = item.stash[_STARTS].copy()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test whose client broke the contract.

    Done here, because what a fixture finds after its test is an error beside a passed test, not a failure of it.
    """
    result = yield
    _judge(item, _servers_of(item))
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Judge also what came while fixtures were torn down; what breaks then is an error beside a passed test."""
    item.config.stash[_TORN_DOWN] = item
    try:
        result = yield
    finally:
        del item.config.stash[_TORN_DOWN]
    _judge(item, _servers_of(item))  # those that outlive the test
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show with a failure what the server saw; unittest's failures are known only here."""
    report = yield
    if report.failed and report.when != "teardown":
        title = f"Captured mock server {report.when}"
        report.sections += [(title, _seen(server, item)) for server in _servers_of(item)]
    return report


def _servers_of(item: pytest.Item) -> list[Remote]:
    """Return the mock servers of *item*, its own and those it shares."""
    return [node.stash[_USED] for node in item.listchain() if _USED in node.stash]


def _judge(item: pytest.Item, servers: list[Remote]) -> None:
    """Fail for a clause that was broken on *servers* since *item* was judged last, in a strict run."""
    if not item.config.getoption("--mock-server-strict") or item.get_closest_marker(LENIENT) is not None:
        return
    broken = [line for server in servers for line in _broken(server, item)]
    if broken:
        pytest.fail("the client broke the contract:\n  " + "\n  ".join(broken), pytrace=False)


def _broken(server: Remote, item: pytest.Item) -> list[str]:
    from mockserver.testing.remote import BEGINNING, broken_clauses, end_of

    marks = item.stash.setdefault(_MARKS, {})
    exchanges = server.since(marks.get(server, BEGINNING))
    marks[server] = end_of(exchanges, marks.get(server, BEGINNING))
    return broken_clauses(exchanges, server.sentences(exchanges))


def _seen(server: Remote, item: pytest.Item) -> str:
    """Say what *server* saw since the tests before *item*."""
    from mockserver.testing.remote import BEGINNING, SteeringError, in_lines

    try:
        exchanges = server.since(item.stash.get(_STARTS, {}).get(server, BEGINNING))
        return "\n".join(in_lines(exchanges, server.sentences(exchanges))) or "no call came"
    except SteeringError as error:
        return str(error)


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
