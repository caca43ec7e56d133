from contextlib import ExitStack, contextmanager

import pytest

from tests.e2e.conftest import space  # noqa: F401 a fixture
from tests.support.calling.asking import ask
from tests.support.programs import RedisServer
from tests.support.serving.balancer import Balancer
from tests.support.serving.running import running


class Cluster:
    """Two servers on one Redis, each to be asked by itself, and a load balancer in front of both."""

    def __init__(self, servers, balancer):
        self.servers = servers
        self.url = balancer.url

    def ask(self, method, path, **what):
        """Ask whomever the load balancer picks."""
        return ask(self.url, method, path, **what)


@contextmanager
def started(folder):
    with ExitStack() as stack:
        redis_server = stack.enter_context(RedisServer(folder))
        servers = [stack.enter_context(running("--store", redis_server.url)) for _ in range(2)]
        yield Cluster(servers, stack.enter_context(Balancer(folder, [server.url for server in servers])))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with started(tmp_path_factory.mktemp("cluster")) as whole:
        yield whole


@pytest.fixture
def frail_cluster(tmp_path):
    """Return a cluster of the test's own, to be maltreated."""
    with started(tmp_path) as whole:
        yield whole
