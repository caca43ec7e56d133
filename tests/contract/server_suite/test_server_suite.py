"""The cases cover the contract, and the examination of a server says what it did not examine."""

import io
import json
import re

import pytest

from contracts.judging.findings import ExitStatus
from contracts.judging.replies.examiner import NO_REPLY
from contracts.report import FORMATS
from contracts.server_suite import examination as servers
from contracts.server_suite.cases.runs import NEEDS_ADMIN
from contracts.server_suite.examination import Plan, examine, verdict_on
from contracts.wire.messages import Call, Reply
from contracts.wire.wsgi import WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from tests.contract.servers.tampering import (
    BrokenSubject,
    accepting,
    body_of,
    changing,
    misreading,
    of,
    with_header,
    with_members,
)
from tests.support.harness.contract import CONTRACT, all_cases
from tests.support.serving.subject_server import on_a_port


def steps():
    """Yield each step that calls, with its case."""
    return ((case, step) for case in all_cases() for step in case.steps if step.call)


def mock():
    return WsgiSubject(create_app(Settings()))


def without_admin(answer):
    """Hide what makes the mock a mock: its admin API."""
    return answer


class Plain(BrokenSubject):
    """A server that is not the mock: it has no admin API, and adds no headers of its own."""

    def within(self, prefix):
        return Plain(self.good.within(prefix), self.defect)

    def ask(self, call):
        reply = self.defect(self.good.ask)(call)
        headers = tuple(pair for pair in reply.headers if not pair[0].startswith("Mock-"))
        hidden = call.path.startswith("/__")
        return type(reply)(404 if hidden else reply.status, headers, b"" if hidden else reply.body)


def plain(defect=without_admin):
    return Plain(mock(), defect)


class TestTheCases:
    def test_every_clause_that_binds_a_server_is_exercised(self):
        exercised = {clause for case in all_cases() for clause in case.clauses}
        binding = {name for name, clause in CONTRACT.clauses.items() if clause.about != "client"}

        assert binding - exercised == set()

    def test_no_case_claims_a_clause_that_binds_only_clients(self):
        claimed = {clause for case in all_cases() for clause in case.clauses}

        assert {clause for clause in claimed if CONTRACT.clauses[clause].about == "client"} == set()

    def test_every_refusal_that_the_contract_gives_a_status_is_provoked(self):
        provoked = {clause for _, step in steps() for clause in (*step.expect.clause, step.expect.rule)}
        provoked |= {case.clauses[0] for case in all_cases()}
        refusals = {
            name for name, clause in CONTRACT.clauses.items() if clause.about == "call" and clause.status != 200
        }

        assert refusals - provoked == set()

    @pytest.mark.parametrize("operation", CONTRACT.operations.values(), ids=lambda operation: operation.id)
    def test_every_documented_status_is_expected_somewhere(self, operation):
        expected = {step.expect.status for _, step in steps() if step.call.operation == operation.id}

        assert set(operation.responses) - expected == set()

    @pytest.mark.parametrize("number", range(1, 17))
    def test_every_test_vector_of_the_domain_notes_is_among_them(self, number):
        titled = [case for case in all_cases() if re.match(rf"T{number}\b", case.title)]

        assert titled

    def test_no_two_cases_have_the_same_title(self):
        titles = [case.title for case in all_cases()]

        assert len(set(titles)) == len(titles)


@pytest.fixture(scope="module")
def verdict():
    """Return the verdict on a server that is not the mock, in all cases."""
    return verdict_on(plain(), Plan(suites=("cases",)))


class TestAServerThatIsNotTheMock:
    def test_it_is_examined_without_an_admin_api(self, verdict):
        assert verdict.findings == ()
        assert len(verdict.examined) > 150
        assert verdict.status is ExitStatus.KEPT

    def test_what_only_an_admin_api_could_arrange_is_listed_as_not_examined(self, verdict):
        left_out = {result.name for result in verdict.results if result.not_examined == NEEDS_ADMIN}
        assert left_out == {case.title for case in all_cases() if case.needs_admin}
        assert verdict.coverage()["GE-500-LOADING"] == "not examined"

    def test_the_values_of_its_calls_are_examined_in_a_session_of_their_own(self):
        verdict = verdict_on(plain(), Plan(suites=("values",), operations=("updateSession", "getDomain")))

        assert verdict.findings == ()
        assert verdict.coverage()["US-400-IMPRESSION"] == verdict.coverage()["DOM-400-SERVICE"] == "kept"

    def test_values_are_not_examined_where_the_unchanged_call_is_refused(self):
        nobody_known = changing(lambda call, _: of(call, "getDomain"), lambda reply: type(reply)(401))

        verdict = verdict_on(plain(nobody_known), Plan(suites=("values",), operations=("getDomain",)))

        assert [result.not_examined for result in verdict.results] == [
            "the server refused the call that all others differ from: 401 without a media type: (empty body)"
        ]
        assert verdict.status is ExitStatus.NOT_EXAMINED

    def test_its_defects_are_found_without_the_mocks_own_headers(self):
        defect = changing(lambda _, reply: reply.status == 401, lambda reply: with_members(reply, internalCode=12))

        verdict = verdict_on(plain(defect), Plan(suites=("cases",), operations=("createSession",)))

        assert {finding.rule for finding in verdict.findings} >= {"GE-401-SID", "GE-401-FOREIGN", "GE-401-MALFORMED"}


class TestAnExamination:
    def test_it_is_over_the_wire_and_reported_in_every_format(self, tmp_path):
        reports = {name: tmp_path / "made on demand" / f"report.{name}" for name in FORMATS}
        out = io.StringIO()

        with on_a_port(mock()) as url:
            plan = Plan(suites=("cases",), operations=("createSession",))
            status = examine(url, plan=plan, reports=reports, out=out)

        assert status == 0, out.getvalue()
        assert "KEPT" in out.getvalue()
        assert json.loads(reports["json"].read_text())["exit_status"] == 0
        assert all(path.stat().st_size for path in reports.values())

    def test_a_broken_server_is_told_with_a_command_that_repeats_the_call(self):
        defect = changing(lambda _, reply: "status" in body_of(reply), lambda reply: with_members(reply, pageId=7))
        out = io.StringIO()

        with on_a_port(BrokenSubject(mock(), defect)) as url:
            status = examine(url, plan=Plan(suites=("cases",), operations=("createSession",)), out=out)

        assert status == 1
        assert "GE-200-IDS" in out.getvalue()
        assert "curl -i -X POST -H 'Accept: application/json' -H 'Content-Type: application/json'" in out.getvalue()
        assert f"{url}/__space/" in out.getvalue()

    def test_a_server_that_cannot_be_reached_was_not_examined(self):
        out = io.StringIO()

        status = examine("http://127.0.0.1:9", plan=Plan(suites=("cases",)), out=out)

        assert status == 2
        assert "could not be examined" in out.getvalue()

    def test_a_mock_that_refuses_to_be_arranged_is_no_pass(self):
        class Stubborn(BrokenSubject):
            def within(self, prefix):
                return Stubborn(self.good.within(prefix), self.defect)

            def ask(self, call):
                return Reply(403) if call.path == "/__admin/rules" else self.good.ask(call)

        verdict = verdict_on(Stubborn(mock(), without_admin), Plan(suites=("cases",), operations=("listDomains",)))

        assert verdict.findings == ()
        assert verdict.status is ExitStatus.NOT_EXAMINED
        assert "refused to be arranged" in verdict.trouble

    def test_a_space_in_which_something_was_found_stays_for_the_call_to_be_repeated(self):
        subject = mock()
        defect = changing(lambda call, _: of(call, "getDomain"), lambda reply: with_header(reply, "Mock-Exchange", "x"))

        verdict = verdict_on(
            BrokenSubject(subject, defect), Plan(suites=("cases",), operations=("getDomain", "listDomains"))
        )

        spaces = set(subject.ask(Call("GET", "/__admin/spaces")).json()["spaces"]) - {"default"}
        assert len(spaces) == len(verdict.findings) > 0
        assert all(any(f"/__space/{space}/" in finding.repeat for finding in verdict.findings) for space in spaces)

    def test_a_run_that_examined_nothing_fails(self):
        verdict = verdict_on(mock(), Plan(suites=()))

        assert verdict.status is ExitStatus.NOT_EXAMINED


class TestGeneratedCalls:
    """One operation at a time: the whole campaign is what `make contract` runs."""

    def examined(self, subject, operation="listDomains"):
        with on_a_port(subject) as url:
            plan = Plan(suites=("generated",), operations=(operation,), max_examples=5)
            return verdict_on(servers.UrlSubject(url), plan)

    def test_they_find_nothing_on_the_mock(self):
        verdict = self.examined(mock())

        assert verdict.trouble == ""
        assert verdict.findings == ()
        assert verdict.results[0].notes[0].startswith("calls: ")

    def test_they_find_a_call_that_should_have_been_refused(self):
        lenient = misreading(
            lambda call: of(call, "listDomains"),
            lambda call: type(call)(call.method, call.path, (("version", "1.0"),), call.headers, call.body),
        )

        verdict = self.examined(BrokenSubject(mock(), lenient))

        assert {finding.rule for finding in verdict.findings} == {"DOM-400-VERSION"}
        assert {finding.check for finding in verdict.findings} == {"negative_data_rejection"}

    def test_updates_are_judged_by_what_they_say_and_not_by_their_ids(self):
        lenient = accepting("US-400-PAGE", lambda call: with_members(call, pageId="1"), "updateSession")

        verdict = self.examined(BrokenSubject(mock(), lenient), "updateSession")

        assert verdict.results[0].calls.accepted > 0
        assert {finding.rule for finding in verdict.findings} == {"US-400-PAGE"}

    def test_they_are_judged_by_the_checks_of_the_cases(self):
        defect = changing(
            lambda call, reply: of(call, "listDomains") and reply.status == 200,
            lambda reply: with_members(reply, baseURIs=[]),
        )

        verdict = self.examined(BrokenSubject(mock(), defect))

        assert {(finding.rule, finding.check) for finding in verdict.findings} == {("DOM-ALL", "body_schema")}
        assert verdict.findings[0].cure == "send at least 1 in baseURIs"

    def test_a_server_error_of_the_mock_is_a_finding_although_the_contract_documents_it(self):
        entity = b'{"time": 1469543282471, "internalCode": 18}'
        failing = changing(
            lambda call, reply: of(call, "createFirstSession") and reply.status == 200,
            lambda reply: type(reply)(503, (("Content-Type", "application/json"),), entity),
        )

        verdict = self.examined(BrokenSubject(mock(), failing), "createFirstSession")

        assert {finding.rule for finding in verdict.findings} == {"not_a_server_error"}

    def test_calls_that_nobody_answers_are_no_pass(self):
        nobody = WsgiSubject(create_app(Settings()), url="http://127.0.0.1:9")

        verdict = verdict_on(nobody, Plan(suites=("generated",), operations=("listDomains",), max_examples=1))

        assert {finding.rule for finding in verdict.findings} == {NO_REPLY}
        assert verdict.examined == ()
