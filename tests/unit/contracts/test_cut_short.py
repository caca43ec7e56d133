"""An examination that something cuts short tells what it knows: by a signal, or because the server is gone."""

import io
import signal
from dataclasses import dataclass, field

import pytest

from contracts.findings import ExitStatus
from contracts.interruption import Interrupted
from contracts.report import deliver
from contracts.servers import Plan, verdict_on
from contracts.subjects import Call, Reply, SubjectError

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
