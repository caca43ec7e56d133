import itertools

import pytest

from tests.support.packaging.wheels import wheel, wheelhouse  # noqa: F401 fixtures
from tests.support.programs import RedisServer
from tests.support.serving.fixtures import served, wire  # noqa: F401 fixtures

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def space():
    """Return the name of a space that no other test uses."""
    return f"t-{next(_numbers)}"
