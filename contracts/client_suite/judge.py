"""Judges a client by the journals of its runs: calls, identifiers, retries, ending, classification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..judging.calls.identity import rule_on_ids
from ..judging.calls.policies import Policy
from ..judging.calls.retries import FAILURES, LogicalCall, logical_calls, rule_on_retries
from ..judging.calls.rules import CallRules
from ..judging.calls.rulings import Ruling, broken
from ..judging.exchanges import Answer, Attempt
from .outcomes import Told, rule_on_outcome
from .profiles import Profile, Report
from .refusals import rule_on_refusals
from .situations.model import ERROR, Situation

_GOOD: Final = frozenset({Answer.DONE, Answer.NOT_AVAILABLE})
#: How the clauses about a good reply are called.
_GOOD_REPLY: Final = "GE-200-"


@dataclass(frozen=True)
class Run:
    """A client in one situation: what arrived at the server, and what the client left behind."""

    situation: Situation
    attempts: tuple[Attempt, ...] = ()
    report: Report = field(default_factory=lambda: Report(0))
    #: The variable in which the client was given its URL, and the URL.
    given: tuple[str, str] = ("", "")
    #: Why the run cannot be judged at all; empty when it can.
    trouble: str = ""

    @property
    def missing(self) -> str:
        """Say why the situation was not examined; empty when it was."""
        if self.trouble:
            return self.trouble
        if not self.attempts:
            return f"no call arrived at the URL in {self.given[0]} ({self.report.ending})"
        if self.situation.delivery.seen(self.attempts):
            return ""
        if any(attempt.abandoned for attempt in self.attempts):
            return "the client gave up waiting for a reply before it came"
        wanted = self.situation.delivery
        return f"the client never came to it: no {wanted.kind} call was answered {wanted.status} {wanted.answer}"


@dataclass(frozen=True)
class Judged:
    """A run with everything that was ruled about it."""

    run: Run
    calls: tuple[LogicalCall, ...]
    rulings: tuple[Ruling, ...]


def judge(runs: Sequence[Run], rules: CallRules, policy: Policy, profile: Profile) -> tuple[Judged, ...]:
    """Rule on every run; what went wrong first is blamed, not what follows from it."""
    judged = tuple(_by_journal(run, rules, policy) for run in runs)
    if not profile.tells_outcome:
        return judged
    retried = {one.run.situation.name for one in judged if any(call.retried_a_5xx for call in one.calls)}
    told = {
        one.run.situation.name: Told(
            _as_seen(one), profile.outcome(one.run.report), one.run.report, profile.word(one.run.report)
        )
        for one in judged
        if not one.run.missing
    }
    return tuple(
        _with_outcome(one, told[name], tuple(told.values()), retries_elsewhere=bool(retried - {name}))
        if (name := one.run.situation.name) in told
        else one
        for one in judged
    )


def _by_journal(run: Run, rules: CallRules, policy: Policy) -> Judged:
    calls = logical_calls(run.attempts)
    rulings = (
        *rules.rule(run.attempts),
        *rule_on_ids(run.attempts),
        *rule_on_retries(calls, policy, finished=run.report.finished),
        *_ending(run),
    )
    return Judged(run, calls, (*rulings, *rule_on_refusals(run.attempts, rulings)))


def _ending(run: Run) -> Iterable[Ruling]:
    if run.attempts and not run.report.finished:
        yield Ruling(
            check="ends",
            clause="CL-ENDS",
            kept=False,
            where="run",
            what=f"the client did not come to an end and {run.report.told}",
            cure="give up after the last retry, and put a time limit on every call",
            exchanges=tuple(attempt.number for attempt in run.attempts),
        )


def _as_seen(judged: Judged) -> Situation:
    """Return the situation as the client met it; whether it could have tried once more is ruled on elsewhere."""
    situation = judged.run.situation
    if not any(attempt.kind == "engagement" and attempt.answer in _GOOD for attempt in judged.run.attempts):
        # A right client can only report an error, and no shape of an answer that never came is to blame.
        features = {name: clause for name, clause in situation.features.items() if not clause.startswith(_GOOD_REPLY)}
        return replace(situation, outcomes=ERROR, features=features)
    if any(call.tries[-1].answer in FAILURES for call in judged.calls):
        # The retries of the policy were used up before the server recovered.
        return replace(situation, outcomes=situation.outcomes | ERROR)
    return situation


def _with_outcome(judged: Judged, told: Told, all_told: Sequence[Told], *, retries_elsewhere: bool) -> Judged:
    """Add the ruling on the client's report, unless something that was found already explains it."""
    found = broken(judged.rulings)
    gave_up = tuple(ruling for ruling in found if ruling.check == "not-retried")
    explained = len(found) > len(gave_up) or (gave_up and told.outcome == "error")
    if not told.right and explained:
        return judged
    ruling = rule_on_outcome(told, all_told)
    if ruling.kept:
        return replace(judged, rulings=(*judged.rulings, ruling))
    if gave_up and told.outcome is None and not (retries_elsewhere and ruling.clause == "ERR-ENTITY"):
        return judged  # it died of the failure that it should have tried again after, whatever that looked like
    # A client that takes a failure for something else does not think of trying again.
    others = tuple(one for one in judged.rulings if one not in gave_up)
    return replace(judged, rulings=(*others, ruling))
