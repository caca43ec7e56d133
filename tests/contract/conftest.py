import pytest

from contracts.client_suite import examination as clients
from contracts.contract import document
from contracts.judging import agreement
from contracts.judging.replies import examiner
from contracts.server_suite.cases import files
from contracts.traffic import examination as traffic
from tests.contract.servers.examination import Examination
from tests.support.harness.contract import CONTRACT, all_cases, schemathesis_reader, second_reader


@pytest.fixture(scope="session")
def examination():
    """Examine the mock once; every broken server is compared with it."""
    return Examination()


@pytest.fixture(autouse=True)
def _read_once(monkeypatch):
    """Let all examinations share contract, cases and readers: to read them takes longer than most examinations."""
    for module in (document, clients, traffic):
        monkeypatch.setattr(module, "load", lambda: CONTRACT)
    monkeypatch.setattr(files, "load", lambda _: all_cases())
    monkeypatch.setattr(examiner, "SecondReader", lambda _: second_reader())
    monkeypatch.setattr(agreement, "SchemathesisReader", lambda _: schemathesis_reader())
