"""An examination that something cuts short tells what it knows: by a signal, or because the server is gone."""

import io
import json
import signal
from dataclasses import dataclass, field

import pytest

from contracts import report
from contracts.errors import Interrupted, SubjectError
from contracts.judging.findings import ExitStatus, Result, Verdict, cut_short
from contracts.report import deliver
from contracts.server_suite.examination import Plan, examine, verdict_on
from contracts.wire.messages import Call, Reply

PLAN = Plan(suites=["cases"], operations=["getEngagement"])


@dataclass
class Mortal:
    """A server that answers a few calls, all in the same wrong way, before something happens."""

    after: BaseException
    answers: int
    base: str = "http://127.0.0.1:8080"
    asked: list[Call] = field(default_factory=list)

    def within(self, _prefix):
        return self

    def ask(self, call):
        if len(self.asked) == self.answers:
            raise self.after
        self.asked.append(call)
        return Reply(418, (("Content-Type", "text/plain"),), b"teapot")


def test_what_a_signal_leaves_known_is_a_verdict_that_says_so():
    verdict = verdict_on(Mortal(Interrupted(signal.SIGINT), answers=5), PLAN)

    assert len(verdict.examined) == 4  # the first call asks whether there is an admin API
    assert "ended by SIGINT (after " in verdict.trouble
    assert verdict.status is ExitStatus.BROKEN
    assert verdict.exit_status == 130


def test_what_a_lost_server_leaves_known_is_a_verdict_that_says_so():
    verdict = verdict_on(Mortal(SubjectError("the server is gone"), answers=5), PLAN)

    assert "the server is gone (after " in verdict.trouble
    assert verdict.status is ExitStatus.BROKEN
    assert verdict.interruption is None


@pytest.mark.parametrize("cause", [Interrupted(signal.SIGTERM), SubjectError("nobody")], ids=["signal", "nobody"])
def test_who_knows_nothing_gives_no_verdict(cause):
    with pytest.raises(type(cause)):
        verdict_on(Mortal(cause, answers=1), Plan(suites=["cases"], operations=["createSession"]))


def test_a_signal_goes_on_its_way_when_the_verdict_is_told():
    verdict = verdict_on(Mortal(Interrupted(signal.SIGINT), answers=5), PLAN)
    out = io.StringIO()

    with pytest.raises(Interrupted) as signalled:
        deliver(verdict, {}, out)

    assert signalled.value.judged
    assert "The examination is incomplete: ended by SIGINT" in out.getvalue()


@dataclass
class Confusing(Mortal):
    """A server whose first replies the harness can read, and whose later ones make it fail."""

    def ask(self, call):
        reply = super().ask(call)
        return None if len(self.asked) > 3 else reply


def test_a_fault_of_the_harness_at_one_reply_costs_no_other_result_and_is_no_verdict():
    verdict = verdict_on(Confusing(SubjectError("never"), answers=10_000), PLAN)

    failed = [result for result in verdict.results if result.failed]
    assert verdict.status is ExitStatus.BROKEN, "what was found before is told"
    assert verdict.exit_status == 2
    assert len(failed) > 10
    assert "the harness itself failed, AttributeError" in verdict.trouble
    assert "Traceback" in failed[0].notes[0]


def test_a_fault_of_the_harness_between_results_leaves_a_verdict_of_what_is_known():
    verdict = cut_short(Verdict("x", "y", results=(Result("r", "cases"),)), ZeroDivisionError("by zero"), "at 3")

    assert verdict.trouble == "the harness itself failed, ZeroDivisionError: by zero (at 3)"
    assert verdict.exit_status == 2


def test_a_report_that_cannot_be_made_costs_no_other(tmp_path, monkeypatch):
    broken = {**report.FORMATS, "json": lambda _verdict: 1 / 0}
    monkeypatch.setattr(report, "FORMATS", broken)
    reports = {name: tmp_path / name for name in ("json", "html", "junit")}
    out = io.StringIO()

    status = deliver(Verdict("x", "y", results=(Result("r", "cases"),)), reports, out)

    assert status == 2
    assert "The json report could not be made, because the harness itself failed: ZeroDivisionError" in out.getvalue()
    assert {path.name for path in tmp_path.iterdir()} == {"html", "junit"}


def test_reports_of_an_examination_that_never_began_say_so(tmp_path):
    path = tmp_path / "report.json"
    path.write_text('{"verdict": "kept"}')

    status = examine("http://127.0.0.1:9", plan=PLAN, reports={"json": path}, out=io.StringIO())

    assert status == 2
    assert json.loads(path.read_text())["verdict"] == "not_examined"
