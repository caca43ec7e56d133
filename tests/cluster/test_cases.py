"""The cases of the server suite, T1 to T16 among them, hold where two servers share one Redis."""

from tests.support.harness.engagement_cases import amiss_at
from tests.support.serving.rotation import rotation, servers_as_workers


def test_every_case_holds_whichever_server_answers_its_next_call(cluster):
    with rotation(servers_as_workers(cluster.servers), cluster.url) as subject:
        assert amiss_at(subject) == []
