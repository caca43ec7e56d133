"""Runs the tests of a module on each HTTP server that the settings can name."""

from unittest import mock

import pytest

from tests.e2e import running
from tests.e2e.wire import Wire

SERVERS = ("gunicorn", "granian")
#: For what Granian does not do, or does not tell; `docs/reference/http-servers.md` lists it.
GUNICORN_ONLY = pytest.mark.parametrize("http_server", ["gunicorn"], indirect=True)
GRANIAN_ONLY = pytest.mark.parametrize("http_server", ["granian"], indirect=True)


@pytest.fixture(scope="module", params=SERVERS)
def http_server(request):
    """Return the name of an HTTP server, by which every server that a test starts meanwhile is served."""
    with mock.patch.dict(running.VARIABLES, MOCKSERVER_SERVER=request.param):
        yield request.param


@pytest.fixture(scope="module")
def served(http_server):
    """Return a server with the default settings."""
    with running.running("--server", http_server) as server:
        yield server


@pytest.fixture
def wire(served):
    """Return a connection to it."""
    with Wire(served.url) as connection:
        yield connection
