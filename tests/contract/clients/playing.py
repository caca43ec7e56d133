"""Runs planted clients in situations without a process for each, and without waiting: their pauses are added up.

The mock is a real one. What a client would have waited is added to the times in the journal before they are judged.
"""

import json
from dataclasses import dataclass, field, replace

from contracts.client_suite.examination import as_verdict, read_again
from contracts.client_suite.judge import judge
from contracts.client_suite.profile_fit import mismatch_of
from contracts.client_suite.profiles import Profile, Report
from contracts.client_suite.running.campaign import Campaign
from contracts.client_suite.situations.enumeration import enumerate_situations
from contracts.contract.routes import Routes
from contracts.contract.shapes import Shapes
from contracts.judging.agreement import SecondOpinion
from contracts.judging.calls.rules import CallRules
from tests.contract.clients.planted import Client, outcome_of
from tests.support.harness.contract import CONTRACT as DOCUMENT

ROUTES = Routes(DOCUMENT)
RULES = CallRules(DOCUMENT, Shapes(DOCUMENT), ROUTES)
SITUATIONS = {situation.name: situation for situation in enumerate_situations(DOCUMENT)}
PROFILE = Profile(name="planted", outcome_member="outcome", at_once=4)


def patient(kind=Client):
    """Return *kind* of client with a clock of its own, which its pauses move on."""

    class Patient(kind):
        def __init__(self, *args, **kwargs):
            self.waited_s = 0.0
            self.sent_at_s = []
            super().__init__(*args, sleep=self.wait, **kwargs)

        def wait(self, seconds):
            self.waited_s += seconds

        def send(self, *call):
            self.sent_at_s.append(self.waited_s)
            return super().send(*call)

    return Patient


@dataclass(frozen=True)
class Played(Campaign):
    """A campaign whose client is an object."""

    make: object = None
    made: dict = field(default_factory=dict)

    def run_one(self, situation):
        run = super().run_one(situation)
        client = self.made.get(situation.name)
        waited_ms = [second * 1000 for second in client.sent_at_s] if client else []
        moved = (
            replace(one, received_ms=one.received_ms + ms, answered_ms=one.answered_ms + ms)
            for one, ms in zip(run.attempts, waited_ms, strict=True)
        )
        return replace(run, attempts=tuple(moved))

    def _report(self, _variable, url):
        situation = url.rpartition("/")[2].split("-", 2)[2]  # after what tells examinations apart
        client = self.made[situation] = self.make(url, self.profile.account)
        try:
            outcome = outcome_of(client)
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            return Report(1, stderr=f"{type(error).__name__}: {error}")
        return Report(0, json.dumps({"outcome": outcome}))


def play(mock_url, make, policy, names, profile=PROFILE):
    """Let the client that *make* makes of URL and account meet the situations of these *names*; return the verdict."""
    situations = [SITUATIONS[name] for name in names]
    runs = Played((), profile, policy, ROUTES, mock_url, make=make).run(situations)
    violation = mismatch_of(profile, runs)
    judged = judge(runs, RULES, policy, profile)
    verdict = as_verdict(judged, DOCUMENT, policy, profile, violation)
    return read_again(verdict, judged, SecondOpinion(DOCUMENT, RULES.shapes))
