"""Judges the calls of a recording: each by itself, the ids of each visit, and the retries by the times in the file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from ..judging.attempts import Answer, Attempt
from ..judging.calls.identity import judge_ids
from ..judging.calls.judgements import Judgement
from ..judging.calls.policies import Policy
from ..judging.calls.retries import LogicalCall, judge_retries, logical_calls
from ..judging.calls.rules import CallRules
from .recorded import Recorded
from .visits import Visit, visits

#: A client that has not called again for so long will not, where the policy names no longest pause.
PATIENCE_S: Final = 30.0

_MOST_NAMED: Final = 8
_WHOLE: Final = "--whole-visit says that the file holds one visit, whole"


@dataclass
class JudgedCalls:
    """Some calls of a recording with everything that was judged about them."""

    name: str
    recorded: Sequence[Recorded]
    calls: Sequence[LogicalCall] = ()
    judgements: list[Judgement] = field(default_factory=list)
    #: What about them cannot be seen in the recording.
    unseen: list[str] = field(default_factory=list)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Return the calls as the judge takes them."""
        return tuple(call.attempt for call in self.recorded)


@dataclass(frozen=True)
class CallJudge:
    """Judges the calls of one recording."""

    rules: CallRules
    policy: Policy
    #: When the last thing of any kind was recorded.
    ended_ms: float
    #: Whether the file holds one visit, from the client's first call to its end.
    whole: bool = False

    def judge(self, recorded: Sequence[Recorded]) -> Iterator[JudgedCalls]:
        """Judge the calls of each visit, and those that belong to none."""
        # The JS door carries ids in the body: without it, nobody knows whose the call is.
        blind = [one for one in recorded if one.attempt.operation == "getEngagement" and not one.call_whole]
        talk = [one for one in recorded if one.attempt.kind != "other" and one not in blind]
        for number, visit in enumerate(visits(talk, one=self.whole), 1):
            yield self._visit(number, visit, blind)
        others = [one for one in recorded if one.attempt.kind == "other"]
        for name, some in (("calls of no visit", others), ("calls of unknown visits", blind)):
            if some:
                judged = JudgedCalls(_named(name, some), some, judgements=list(self._calls(some)))
                if some is others:
                    judged.calls = logical_calls(judged.attempts)
                    self._retries(judged)
                yield judged

    def _visit(self, number: int, visit: Visit, blind: Sequence[Recorded]) -> JudgedCalls:
        judged = JudgedCalls(
            _named(f"visit {number}", visit.calls), visit.calls, judgements=list(self._calls(visit.calls))
        )
        judged.calls = logical_calls(visit.attempts)
        if visit.perhaps_goes_on:
            judged.unseen.append(
                f"whether entry {visit.perhaps_goes_on} begins a visit, or goes on with the one before without its "
                f"ids; {_WHOLE}"
            )
        if blind:
            judged.unseen.append("ids and retries, because the file lacks the bodies of calls to getEngagement")
            return judged
        lost = next((one for one in visit.calls if _good(one.attempt) and not one.reply_whole), None)
        if lost:
            judged.unseen.append(
                f"ids and retries, because the file lacks the reply's body in entry {lost.entry.number}"
            )
            return judged
        judged.judgements += self._ids(visit, judged)
        self._retries(judged)
        return judged

    def _calls(self, recorded: Sequence[Recorded]) -> Iterator[Judgement]:
        for one in recorded:
            for judgement in self.rules.judge([one.attempt]):
                if one.call_whole or not _about_body(judgement):
                    yield judgement

    def _ids(self, visit: Visit, judged: JudgedCalls) -> Sequence[Judgement]:
        if not visit.begun_before:
            return judge_ids(visit.attempts)
        judged.unseen.append(f"what was handed out in this visit before the recording began; {_WHOLE}")
        start = next((index for index, one in enumerate(visit.calls) if _good(one.attempt)), len(visit.calls))
        judgements = judge_ids(visit.attempts[start:])
        return [judgement for judgement in judgements if judgement.kept or judgement.clause != "US-400-CONTEXT"]

    def _retries(self, judged: JudgedCalls) -> None:
        for call in judged.calls:
            finished = self.whole or self._waited_s(call) >= self._patience_s(call)
            judged.judgements += judge_retries((call,), self.policy, finished=finished)
            last = call.tries[-1].last
            if not finished and self.policy.after(last.answer).at_least and last.answer is not Answer.DONE:
                judged.unseen.append(
                    f"whether the call of entry {last.number} was made again later: the recording ends "
                    f"{self._waited_s(call):.1f} s after its reply; {_WHOLE}"
                )

    def _waited_s(self, call: LogicalCall) -> float:
        return (self.ended_ms - call.tries[-1].last.answered_ms) / 1000

    def _patience_s(self, call: LogicalCall) -> float:
        """Return how long after the last reply a retry may still come."""
        latest = self.policy.after(call.tries[-1].answer).latest_s(len(call.tries))
        return PATIENCE_S if math.isinf(latest) else latest


def numbered(numbers: Sequence[int]) -> str:
    """Name entries by their numbers, the first few of them."""
    named = ", ".join(map(str, numbers[:_MOST_NAMED])) + (", ..." if len(numbers) > _MOST_NAMED else "")
    return f"{'entry' if len(numbers) == 1 else 'entries'} {named}"


def _named(name: str, recorded: Sequence[Recorded]) -> str:
    return f"{name}: {numbered([one.entry.number for one in recorded])}"


def _about_body(judgement: Judgement) -> bool:
    return judgement.where.partition(".")[0] == "body" or judgement.clause == "JS-OPTIONS"


def _good(attempt: Attempt) -> bool:
    return attempt.kind == "engagement" and HTTPStatus.OK <= attempt.status < HTTPStatus.MULTIPLE_CHOICES
