"""The vectors of one server, asked of two servers behind a load balancer: a caller cannot tell the difference."""

import pytest

from tests.e2e.test_vectors import *  # noqa: F403 the same steps, asked of somebody else

del test_every_worker_had_its_share  # noqa: F821 it looks at processes; test_two_servers.py looks at servers


@pytest.fixture
def workers(cluster):
    return cluster.ask
