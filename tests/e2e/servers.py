"""A server that the tests of a module share, and connections to it."""

import pytest

from tests.e2e import running
from tests.e2e.wire import Wire


@pytest.fixture(scope="module")
def served():
    """Return a server with the default settings."""
    with running.running() as server:
        yield server


@pytest.fixture
def wire(served):
    """Return a connection to it."""
    with Wire(served.url) as connection:
        yield connection
