"""Judges a client by the journals of its runs: calls, identifiers, retries, ending, classification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ..judging.attempts import Answer, Attempt
from ..judging.calls.identity import judge_ids
from ..judging.calls.judgements import Judgement, broken
from ..judging.calls.policies import Policy
from ..judging.calls.retries import FAILURES, LogicalCall, judge_retries, logical_calls
from ..judging.calls.rules import CallRules
from .outcomes import ReportedOutcome, judge_outcome
from .profiles import Profile, Report
from .refusals import judge_refusals
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
    """A run with everything that was judged about it."""

    run: Run
    calls: tuple[LogicalCall, ...]
    judgements: tuple[Judgement, ...]


def judge(runs: Sequence[Run], rules: CallRules, policy: Policy, profile: Profile) -> tuple[Judged, ...]:
    """Judge every run; what went wrong first is blamed, not what follows from it."""
    judged = tuple(_by_journal(run, rules, policy) for run in runs)
    if not profile.reports_outcome:
        return judged
    retried = {one.run.situation.name for one in judged if any(call.retried_a_5xx for call in one.calls)}
    reported = {
        one.run.situation.name: ReportedOutcome(
            _as_seen(one), profile.outcome(one.run.report), one.run.report, profile.word(one.run.report)
        )
        for one in judged
        if not one.run.missing
    }
    return tuple(
        _with_outcome(one, reported[name], tuple(reported.values()), retries_elsewhere=bool(retried - {name}))
        if (name := one.run.situation.name) in reported
        else one
        for one in judged
    )


def _by_journal(run: Run, rules: CallRules, policy: Policy) -> Judged:
    calls = logical_calls(run.attempts)
    judgements = (
        *rules.judge(run.attempts),
        *judge_ids(run.attempts),
        *judge_retries(calls, policy, finished=run.report.finished),
        *_ending(run),
    )
    return Judged(run, calls, (*judgements, *judge_refusals(run.attempts, judgements)))


def _ending(run: Run) -> Iterable[Judgement]:
    if run.attempts and not run.report.finished:
        yield Judgement(
            check="ends",
            clause="CL-ENDS",
            kept=False,
            where="run",
            what=f"the client did not come to an end and {run.report.full_ending}",
            cure="give up after the last retry, and put a time limit on every call",
            exchanges=tuple(attempt.number for attempt in run.attempts),
        )


def _as_seen(judged: Judged) -> Situation:
    """Return the situation as the client met it; whether it could have tried once more is judged elsewhere."""
    situation = judged.run.situation
    if not any(attempt.kind == "engagement" and attempt.answer in _GOOD for attempt in judged.run.attempts):
        # A right client can only report an error, and no shape of an answer that never came is to blame.
        features = {name: clause for name, clause in situation.features.items() if not clause.startswith(_GOOD_REPLY)}
        return replace(situation, outcomes=ERROR, features=features)
    if any(call.tries[-1].answer in FAILURES for call in judged.calls):
        # The retries of the policy were used up before the server recovered.
        return replace(situation, outcomes=situation.outcomes | ERROR)
    return situation


def _with_outcome(
    judged: Judged, reported: ReportedOutcome, all_reported: Sequence[ReportedOutcome], *, retries_elsewhere: bool
) -> Judged:
    """Add the judgement on the client's report, unless something that was found already explains it."""
    found = broken(judged.judgements)
    gave_up = tuple(judgement for judgement in found if judgement.check == "not-retried")
    explained = len(found) > len(gave_up) or (gave_up and reported.outcome == "error")
    if not reported.right and explained:
        return judged
    judgement = judge_outcome(reported, all_reported)
    if judgement.kept:
        return replace(judged, judgements=(*judged.judgements, judgement))
    if gave_up and reported.outcome is None and not (retries_elsewhere and judgement.clause == "ERR-ENTITY"):
        return judged  # it died of the failure that it should have tried again after, whatever that looked like
    # A client that takes a failure for something else does not think of trying again.
    others = tuple(one for one in judged.judgements if one not in gave_up)
    return replace(judged, judgements=(*others, judgement))
