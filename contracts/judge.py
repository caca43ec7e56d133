"""Judges a client by the journals of its runs: calls, identifiers, retries, ending, classification."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from .calls import CallRules
from .exchanges import Answer, Attempt
from .identity import rule_on_ids
from .outcomes import Told, rule_on_outcome
from .policies import Policy
from .profiles import Profile, Report
from .retries import LogicalCall, logical_calls, rule_on_retries
from .rulings import Ruling, broken
from .situation_model import ERROR, Situation


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
        if not self.situation.delivery.seen(self.attempts):
            wanted = self.situation.delivery
            return f"the client never came to it: no {wanted.kind} call was answered {wanted.status} {wanted.answer}"
        return ""


@dataclass(frozen=True)
class Judged:
    """A run with everything that was ruled about it."""

    run: Run
    calls: tuple[LogicalCall, ...]
    rulings: tuple[Ruling, ...]


def judge(runs: Sequence[Run], rules: CallRules, policy: Policy, profile: Profile) -> tuple[Judged, ...]:
    """Rule on every run; what went wrong first is blamed, not what follows from it."""
    judged = [_by_journal(run, rules, policy) for run in runs]
    if not profile.tells_outcome:
        return tuple(judged)
    told = [Told(_as_seen(run), profile.outcome(run.report), run.report) for run in runs if not run.missing]
    by_name = {one.situation.name: one for one in told}
    return tuple(
        _with_outcome(one, by_name[one.run.situation.name], told) if not one.run.missing else one for one in judged
    )


def _by_journal(run: Run, rules: CallRules, policy: Policy) -> Judged:
    calls = logical_calls(run.attempts)
    rulings = (
        *rules.rule(run.attempts),
        *rule_on_ids(run.attempts),
        *rule_on_retries(calls, policy, finished=run.report.finished),
        *_ending(run),
    )
    return Judged(run, calls, rulings)


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


def _as_seen(run: Run) -> Situation:
    """Return the situation as the client met it: without one good answer, a right client can only report an error."""
    good = {Answer.DONE, Answer.NOT_AVAILABLE}
    if any(attempt.kind == "engagement" and attempt.answer in good for attempt in run.attempts):
        return run.situation
    return replace(run.situation, outcomes=ERROR)


def _with_outcome(judged: Judged, told: Told, all_told: Sequence[Told]) -> Judged:
    """Add the ruling on the client's report, unless something that was found already explains it."""
    found = broken(judged.rulings)
    gave_up = tuple(ruling for ruling in found if ruling.check == "not-retried")
    explained = len(found) > len(gave_up) or (gave_up and told.outcome == "error")
    if not told.right and (explained or _refused_by_itself(judged.run.attempts)):
        return judged
    ruling = rule_on_outcome(told, all_told)
    if ruling.kept:
        return replace(judged, rulings=(*judged.rulings, ruling))
    # A client that takes a failure for something else does not think of trying again.
    others = tuple(one for one in judged.rulings if one not in gave_up)
    return replace(judged, rulings=(*others, ruling))


def _refused_by_itself(attempts: Sequence[Attempt]) -> bool:
    """Say whether the server refused a call for what it said, and not because the situation wants it."""
    return any(attempt.answer is Answer.REFUSED and attempt.server_clauses for attempt in attempts)
