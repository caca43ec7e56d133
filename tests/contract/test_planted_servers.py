"""Each planted server is found by the clause that it breaks, and by no other."""

import pytest

from tests.contract.servers.order_defects import ORDER_SERVERS
from tests.contract.servers.strict_defects import STRICT_SERVERS

PLANTED = [*STRICT_SERVERS, *ORDER_SERVERS]


@pytest.mark.parametrize("server", PLANTED, ids=str)
def test_a_planted_server_is_found_by_its_own_clause_and_no_other(server, examination):
    found = (
        examination.over_a_socket(server.framing, server.folder) if server.framing else examination.of(server.defect)
    )

    assert {finding.rule for finding in found} == {server.clause}
    assert all(finding.cure for finding in found)
