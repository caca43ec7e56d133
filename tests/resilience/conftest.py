import pytest

from tests.e2e.servers import http_server, served, wire  # noqa: F401 fixtures
from tests.programs import RedisServer


@pytest.fixture
def redis_server(tmp_path):
    """Return a Redis of the test's own, because it is going to be maltreated."""
    with RedisServer(tmp_path) as server:
        yield server
