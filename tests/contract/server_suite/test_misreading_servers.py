"""A server that misreads one member, or answers a look-up wrongly, is found out by the clause about it alone."""

from functools import cache
from itertools import count

import pytest

from contracts.judging.replies.examiner import Examiner
from contracts.server_suite.bench import Bench
from contracts.server_suite.near import runs
from contracts.server_suite.near.calls import NearCalls
from contracts.server_suite.near.runs import examine_values
from contracts.wire.wsgi import WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from tests.contract.servers.replaying import Recorder, touched
from tests.contract.servers.tampering import BrokenSubject
from tests.contract.servers.value_defects import MISREADING_SERVERS
from tests.support.harness.contract import CONTRACT

RUNS = count()
#: Each operation is examined by a seed of its own.
SEEDS = dict(zip(CONTRACT.operations, range(1, 9), strict=True))


@pytest.fixture(scope="module")
def mock():
    return WsgiSubject(create_app(Settings(), wall_ms=lambda: 1_800_000_000_000))


@pytest.fixture(scope="module")
def examiner():
    return Examiner(CONTRACT)


def narrowed_to(defect, answers):
    """Leave out the calls that *defect* changes nothing about: to those the server answers as the mock does."""

    class Narrowed(NearCalls):
        def of(self, operation):
            return (near for near in super().of(operation) if touched(defect, [(near.call, answers[repr(near.call)])]))

    return Narrowed


@pytest.fixture(scope="module")
def answers(mock, examiner):
    """Return what is found on the mock by the calls near an operation, and what it answers to each."""

    @cache
    def of_the_mock(operation):
        recorder = Recorder(mock)
        findings = found(recorder, examiner, operation)
        [exchanges] = recorder.exchanges.values()
        return findings, {repr(call): reply for call, reply in exchanges}

    return of_the_mock


def examined(subject, examiner, operation):
    bench = Bench(subject, examiner, account="56072331", seed=SEEDS[operation], mock=True, run=f"run-{next(RUNS)}")
    return list(examine_values(bench, [operation]))


def found(*arguments):
    return [finding for result in examined(*arguments) for finding in result.findings]


@pytest.mark.parametrize("operation", CONTRACT.operations)
def test_nothing_is_found_on_the_mock_itself(operation, answers):
    findings, _ = answers(operation)

    assert findings == []


@pytest.mark.parametrize("server", MISREADING_SERVERS, ids=lambda server: server.sentence)
def test_a_server_that_misreads_one_member_is_found_out_by_its_clause_alone(
    server, mock, examiner, answers, monkeypatch
):
    _, of_the_mock = answers(server.operation)
    monkeypatch.setattr(runs, "NearCalls", narrowed_to(server.defect, of_the_mock))

    findings = found(BrokenSubject(mock, server.defect), examiner, server.operation)

    assert {finding.rule for finding in findings} == server.rules
    assert server.check in {finding.check for finding in findings}
    assert any(server.member in finding.where for finding in findings)


def test_every_operation_has_servers_that_misread_it():
    assert {server.operation for server in MISREADING_SERVERS} == set(CONTRACT.operations)
