"""Each planted server is found by the clause that it breaks; no clause that binds a server is without one."""

import pytest

from tests.contract.servers.defects import BROKEN_SERVERS
from tests.contract.servers.order_defects import ORDER_SERVERS
from tests.contract.servers.refusing_defects import REFUSING_SERVERS
from tests.contract.servers.reply_defects import REPLY_DEFECTS
from tests.contract.servers.strict_defects import STRICT_SERVERS
from tests.contract.servers.value_defects import MISREADING_SERVERS
from tests.support.harness.contract import CONTRACT

PLANTED = [*STRICT_SERVERS, *ORDER_SERVERS, *REFUSING_SERVERS]

_EVERY_CALL = "a server that breaks it fails in every case of the operation, and is told by their clauses as well"
_OTHER_CLAUSE = "its cases refuse a member, and are told by the clause about that member"
_MOCK_ONLY = "it is about a setting of the mock; tests/api/test_clauses.py shows it"
_SUMMARY = "it sums up clauses that have a status each, and a server is found by those"

#: Clauses that no planted server is found by, each with the reason.
WITHOUT_A_SERVER = {
    "JS-APPTYPE-DEFAULT": _EVERY_CALL,
    "REST-PATH": _EVERY_CALL,
    "REST-EMPTY-VISITOR": _EVERY_CALL,
    "GE-TYPES-PRINTED": _EVERY_CALL,
    "REQ-NULL": _OTHER_CLAUSE,
    "GE-TEXT-MEMBERS": _MOCK_ONLY,
    "GE-SECOND-REQUEST": _MOCK_ONLY,
    "GE-404-ENGAGEMENT": _MOCK_ONLY,
    "REQ-PREFER-OTHERS": _MOCK_ONLY,
    "ERR-401": _SUMMARY,
    "ERR-404": _SUMMARY,
    "GE-200-ID-TYPES": "digits are good as text and as numbers, because the pages have both",
    "DOM-ALL": "the generated calls find it; see test_server_suite.py",
}


@pytest.mark.parametrize("server", PLANTED, ids=str)
def test_a_planted_server_is_found_by_its_own_clause(server, examination):
    found = (
        examination.over_a_socket(server.framing, server.folder) if server.framing else examination.of(server.defect)
    )

    assert {finding.rule for finding in found} == {server.clause, *server.also}
    assert all(finding.cure for finding in found)


def test_each_clause_that_binds_a_server_has_a_planted_server_or_a_reason():
    binding = {name for name, clause in CONTRACT.clauses.items() if clause.about != "client"}
    found = {rule for server in (*BROKEN_SERVERS, *REPLY_DEFECTS, *MISREADING_SERVERS) for rule in server.rules}
    found |= {rule for server in PLANTED for rule in (server.clause, *server.also)}

    assert binding - found == WITHOUT_A_SERVER.keys()
