from contracts.judging.calls.coverage import clauses_for_clients
from contracts.judging.calls.judgements import Judgement
from tests.support.harness.client_builders import DOCUMENT


def test_a_client_is_examined_for_every_clause_that_binds_it():
    assert {"REST-400-APPTYPE", "CL-RETRY-5XX"} <= clauses_for_clients(DOCUMENT.clauses, []).keys()


def test_clauses_that_bind_the_server_count_only_when_the_client_was_ruled_by_them():
    found = clauses_for_clients(DOCUMENT.clauses, [Judgement("outcome", "GE-200-STATUS", kept=True)])

    assert "GE-200-STATUS" in found
    assert "US-EMPTY-REPLY" not in found
