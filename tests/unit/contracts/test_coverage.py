from contracts.coverage import client_coverage, coverage_table
from contracts.rulings import Ruling
from tests.unit.contracts.client_builders import DOCUMENT

RULINGS = [
    Ruling("call", "REST-400-VERSION", kept=True),
    Ruling("call", "REST-400-APPTYPE", kept=True),
    Ruling("call", "REST-400-APPTYPE", kept=False),
    Ruling("outcome", "GE-200-STATUS", kept=True),
]


def words():
    return {row.clause.id: row.word for row in client_coverage(DOCUMENT.clauses, RULINGS)}


def test_a_clause_is_kept_broken_or_never_reached():
    found = words()

    assert found["REST-400-VERSION"] == "kept"
    assert found["REST-400-APPTYPE"] == "broke"
    assert found["CL-RETRY-5XX"] == "never reached"


def test_clauses_that_bind_the_server_count_only_when_the_client_was_ruled_by_them():
    found = words()

    assert found["GE-200-STATUS"] == "kept"
    assert "US-EMPTY-REPLY" not in found


def test_the_table_counts_and_names():
    table = coverage_table(client_coverage(DOCUMENT.clauses, RULINGS))

    assert "3 of " in table.splitlines()[0]
    assert "  broke 1:\n    REST-400-APPTYPE" in table
