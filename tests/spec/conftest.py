import itertools

import pytest

from tests.support.serving.running import running

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server():
    """Return a running server with the default settings."""
    with running() as served:
        yield served


@pytest.fixture
def space():
    """Return the name of a space that no other test uses."""
    return f"s-{next(_numbers)}"
