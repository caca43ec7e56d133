"""Each planted server is found by the clause that it breaks, and by no other, in the cases of its operation."""

from itertools import count

import pytest

from contracts.admin import has_admin
from contracts.case_files import load as load_cases
from contracts.case_runs import Bench, examine_cases
from contracts.document import load
from contracts.examiner import Examiner
from contracts.subjects import UrlSubject, WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from tests.contract.servers.strict_defects import STRICT_SERVERS
from tests.contract.servers.tampering import BrokenSubject
from tests.contract.servers.wire import on_a_socket

CONTRACT = load()
CASES = load_cases(CONTRACT)
PLANTED = STRICT_SERVERS
RUNS = count()


@pytest.fixture(scope="module")
def mock():
    return WsgiSubject(create_app(Settings(), wall_ms=lambda: 1_800_000_000_000))


@pytest.fixture(scope="module")
def examiner():
    return Examiner(CONTRACT)


def found(subject, examiner, folder):
    """Return every finding of the cases of *folder*; each run has spaces of its own."""
    bench = Bench(subject, examiner, account="56072331", seed=1, mock=has_admin(subject), run=f"planted-{next(RUNS)}")
    cases = [case for case in CASES if case.folder == folder]
    return [finding for result in examine_cases(cases, bench) for finding in result.findings]


def found_on(server, mock, examiner):
    """Examine a planted server, over a socket where its defect shows only there."""
    subject = BrokenSubject(mock, server.defect)
    if server.framing is None:
        return found(subject, examiner, server.folder)
    with on_a_socket(subject, server.framing) as url:
        over_the_wire = UrlSubject(url)
        try:
            return found(over_the_wire, examiner, server.folder)
        finally:
            over_the_wire.session.close()


@pytest.mark.parametrize("server", PLANTED, ids=str)
def test_a_planted_server_is_found_by_its_own_clause_and_no_other(server, mock, examiner):
    findings = found_on(server, mock, examiner)

    assert {finding.rule for finding in findings} == {server.clause}
    assert all(finding.cure for finding in findings)
