"""Each check finds the server that breaks just its rule, and no other check does."""

from itertools import count

import pytest

from contracts.blame import EXPECTATION
from contracts.case_files import load as load_cases
from contracts.case_runs import Bench, examine_cases
from contracts.checks import CHECKS
from contracts.document import load
from contracts.examiner import NO_REPLY, Examiner
from contracts.subjects import WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from tests.contract.servers.defects import BROKEN_SERVERS
from tests.contract.servers.reply_defects import REPLY_DEFECTS
from tests.contract.servers.strict_defects import STRICT_CHECKS
from tests.contract.servers.tampering import BrokenSubject

CONTRACT = load()
CASES = load_cases(CONTRACT)


@pytest.fixture(scope="module")
def mock():
    return WsgiSubject(create_app(Settings(), wall_ms=lambda: 1_800_000_000_000))


@pytest.fixture(scope="module")
def examiner():
    return Examiner(CONTRACT)


RUNS = count()


def found(subject, examiner, operations=()):
    """Return every finding; each run has spaces of its own, because those with findings stay."""
    cases = [case for case in CASES if not operations or case.folder in operations]
    bench = Bench(subject, examiner, account="56072331", seed=1, mock=True, run=f"run-{next(RUNS)}")
    return [finding for result in examine_cases(cases, bench) for finding in result.findings]


def test_nothing_is_found_on_the_mock_itself(mock, examiner):
    assert found(mock, examiner) == []


@pytest.mark.parametrize("server", [*BROKEN_SERVERS, *REPLY_DEFECTS], ids=lambda server: server.sentence)
def test_a_server_with_one_defect_is_found_out_by_the_check_for_it_alone(server, mock, examiner):
    findings = found(BrokenSubject(mock, server.defect), examiner, server.operations)

    assert {finding.rule for finding in findings} == server.rules
    assert {finding.check for finding in findings} == {server.check}
    assert any(server.cure in finding.cure for finding in findings)


def test_every_check_has_a_server_that_breaks_it():
    broken = {server.check for server in BROKEN_SERVERS}

    assert broken | STRICT_CHECKS == {*CHECKS, EXPECTATION, NO_REPLY}
