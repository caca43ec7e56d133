"""Servers that are no engagement server at all: no clause of theirs is kept by chance."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contracts.errors import Unanswered
from contracts.judging.findings import ExitStatus
from contracts.report.kinds import kinds
from contracts.server_suite.examination import Plan, verdict_on
from contracts.wire.subjects import UrlSubject
from contracts.wire.wsgi import WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from tests.contract.servers.tampering import BrokenSubject

CASES = Plan(suites=("cases",))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def file_server(tmp_path):
    """Serve an empty folder, as `python -m http.server` does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_of_files_keeps_no_clause(file_server):
    verdict = verdict_on(UrlSubject(file_server), CASES)

    assert verdict.status is ExitStatus.BROKEN
    assert {name for name, state in verdict.coverage().items() if state == "kept"} == set()
    assert len({name for name, state in verdict.coverage().items() if state == "broken"}) > 40


def test_what_is_wrong_with_a_server_of_files_is_told_a_few_times_and_not_once_for_each_case(file_server):
    verdict = verdict_on(UrlSubject(file_server), CASES)

    assert len(kinds(verdict)) < 6
    assert all(finding.clause for finding in verdict.findings)


def every_second_call_dropped():
    numbers = iter(range(1_000_000))

    def defect(answer):
        def worse(call):
            if next(numbers) % 2:
                raise Unanswered("connection reset by peer")
            return answer(call)

        return worse

    return defect


def test_a_server_that_drops_every_second_call_keeps_only_what_was_never_dropped():
    subject = BrokenSubject(WsgiSubject(create_app(Settings())), every_second_call_dropped())

    verdict = verdict_on(subject, CASES)

    kept = {name for name, state in verdict.coverage().items() if state == "kept"}
    clean = {name for result in verdict.examined if not result.findings for name in result.clauses}
    assert kept <= clean
    assert kept.isdisjoint({name for finding in verdict.findings for name in finding.broken_clauses})
    assert "GE-CONTINUE" not in kept, "two calls in a row are never answered"
    assert all(finding.clause for finding in verdict.findings)
