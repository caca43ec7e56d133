"""A server that the tests of a module share, and connections to it."""

import pytest

from tests.support.calling.wire import Wire
from tests.support.serving import running


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
