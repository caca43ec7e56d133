"""The retry judge: attempts are grouped into logical calls, and each retry is judged by a policy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..attempts import Answer, Attempt
from .judgements import Judgement
from .policies import Policy, Schedule

#: A transport that finds its kept connection dead sends again at once, and once; a busy machine may delay it.
RESEND_WITHIN_MS = 1000

_CLAUSES = {
    Answer.SERVER_ERROR: "CL-RETRY-5XX",
    Answer.LOADING: "CL-RETRY-5XX",
    Answer.TOO_MANY: "CL-RETRY-429",
    Answer.REFUSED: "CL-RETRY-4XX",
    Answer.NOT_AVAILABLE: "CL-NOTAVAILABLE-FINAL",
    Answer.UNKNOWN_STATUS: "CL-UNKNOWN-STATUS",
    Answer.LOST: "CL-RETRY-5XX",
}
#: Answers after which the server may recover.
FAILURES = frozenset({Answer.SERVER_ERROR, Answer.LOADING, Answer.TOO_MANY, Answer.LOST})
#: Answers whose retries share one budget.
_FAMILY = {Answer.LOADING: Answer.SERVER_ERROR}


@dataclass(frozen=True)
class Try:
    """One attempt of a logical call, with the transport's resends of it."""

    attempt: Attempt
    resends: tuple[Attempt, ...] = ()

    @property
    def last(self) -> Attempt:
        """Return the resend whose reply the client had in the end."""
        return self.resends[-1] if self.resends else self.attempt

    @property
    def answer(self) -> Answer:
        """Say what the client was answered in the end."""
        return self.last.answer


@dataclass(frozen=True)
class LogicalCall:
    """What the client wanted once: the first attempt and its retries."""

    tries: tuple[Try, ...]

    @property
    def kind(self) -> str:
        """Say which conversation the call belongs to."""
        return self.tries[0].attempt.kind

    @property
    def retried_a_5xx(self) -> bool:
        """Say whether the client called again after an error of the server."""
        return any(_CLAUSES[retry.before.answer] == "CL-RETRY-5XX" for retry in self.retries())

    def retries(self) -> Iterator[Retry]:
        """Yield every retry with what went before it."""
        counts: dict[Answer, int] = {}
        for before, after in zip(self.tries, self.tries[1:], strict=False):
            family = _FAMILY.get(before.answer, before.answer)
            counts[family] = counts.get(family, 0) + 1
            yield Retry(before.last, after.attempt, counts[family])


@dataclass(frozen=True)
class Retry:
    """A second attempt, and the answer that led to it."""

    before: Attempt
    after: Attempt
    #: The how manieth retry after answers of this kind, from 1.
    number: int

    @property
    def pause_s(self) -> float:
        """Return how many seconds the client waited after the reply had left."""
        return max(self.after.received_ms - self.before.answered_ms, 0.0) / 1000


def logical_calls(attempts: Sequence[Attempt]) -> tuple[LogicalCall, ...]:
    """Group *attempts*, which are in order of arrival, into what the client wanted."""
    calls: list[LogicalCall] = []
    latest: dict[str, int] = {}
    used: list[str] = []
    for attempt in attempts:
        used.append(attempt.connection)
        index = latest.get(attempt.kind)
        last = calls[index].tries[-1] if index is not None else None
        if index is None or last is None or not _continues(last.last, attempt):
            latest[attempt.kind] = len(calls)
            calls.append(LogicalCall((Try(attempt),)))
        elif not last.resends and _is_resend(last.last, attempt, used):
            resent = replace(last, resends=(*last.resends, attempt))
            calls[index] = LogicalCall((*calls[index].tries[:-1], resent))
        else:
            calls[index] = LogicalCall((*calls[index].tries, Try(attempt)))
    return tuple(calls)


def judge_retries(calls: Sequence[LogicalCall], policy: Policy, *, finished: bool = True) -> tuple[Judgement, ...]:
    """Judge each retry of *calls* by *policy* (CL-RETRY-*, CL-NOTAVAILABLE-FINAL, CL-UNKNOWN-STATUS).

    A client that was stopped, and so is not *finished*, may have had more in mind.
    """
    return tuple(judgement for call in calls for judgement in _judge_call(call, policy, finished=finished))


def _judge_call(call: LogicalCall, policy: Policy, *, finished: bool) -> Iterator[Judgement]:
    for retry in call.retries():
        schedule = policy.after(retry.before.answer)
        if retry.number > schedule.at_most:
            yield _one_too_many(call, retry, schedule)
            return
        yield _pause(retry, schedule)
        if retry.before.loading_visitor is not None:
            yield from _loading(retry)
    yield from _ending(call, policy, finished=finished)


def _one_too_many(call: LogicalCall, retry: Retry, schedule: Schedule) -> Judgement:
    clause = _CLAUSES[retry.before.answer]
    made = sum(1 for other in call.retries() if _CLAUSES[other.before.answer] == clause)
    numbers = tuple(one.attempt.number for one in call.tries)
    if schedule.at_most == 0:
        return Judgement(
            check="retried-final",
            clause=clause,
            kept=False,
            where=f"{call.kind} call",
            what=f"{_named(retry.before)} was asked again {made} {_times(made)}, {retry.pause_s:.2f} s later",
            cure=f"do not call again after an answer that is {retry.before.answer}",
            exchanges=numbers,
        )
    return Judgement(
        check="retried-too-often",
        clause=clause,
        kept=False,
        where=f"{call.kind} call",
        what=f"{_named(retry.before)} was asked again {made} times; the policy allows {schedule.at_most}",
        cure=f"give up after retry {schedule.at_most} and report the failure",
        exchanges=numbers,
    )


def _pause(retry: Retry, schedule: Schedule) -> Judgement:
    wanted, got = schedule.pause_s(retry.number), retry.pause_s
    early, late = got < schedule.earliest_s(retry.number), got > schedule.latest_s(retry.number)
    at_least = "at least " if schedule.pauses_s and schedule.latest_s(retry.number) == float("inf") else ""
    return Judgement(
        check="pause",
        clause=_CLAUSES[retry.before.answer],
        kept=not (early or late),
        where=f"retry {retry.number} of the {retry.after.kind} call",
        what=f"waited {got:.2f} s after {_named(retry.before)}; the policy says {at_least}{wanted:g} s",
        cure=f"wait {at_least}{wanted:g} s before retry {retry.number}",
        exchanges=(retry.before.number, retry.after.number),
    )


def _loading(retry: Retry) -> Iterator[Judgement]:
    wanted, got = retry.before.loading_visitor, retry.after.visitor_id
    where = "body.vid" if retry.after.operation == "getEngagement" else "path.visitorId"
    numbers = (retry.before.number, retry.after.number)
    yield Judgement(
        check="loading-vid",
        clause="CL-RETRY-LOADING",
        kept=got == wanted,
        where=where,
        what=f"the Loading message names vid {wanted!r}, the retry carries {got!r}",
        cure=f"read the vid from the message (^Loading account: (.+), vid: (.+)$) and send it as {where}",
        exchanges=numbers,
    )
    if retry.before.session_id is None or retry.after.session_id is None:
        where = "body.sid" if retry.after.operation == "getEngagement" else "query.sid"
        yield Judgement(
            check="loading-sid",
            clause="CL-RETRY-LOADING",
            kept=retry.after.session_id is None,
            where=where,
            what=f"the retry of a Loading reply carries sid {retry.after.session_id!r}, but there is no session yet",
            cure=f"leave {where} out until a reply has brought a sessionId",
            exchanges=numbers,
        )


def _ending(call: LogicalCall, policy: Policy, *, finished: bool) -> Iterator[Judgement]:
    """Judge the last try: a final answer that stood is a rule kept, a failure that was not retried may break one."""
    last = call.tries[-1]
    schedule = policy.after(last.answer)
    if last.answer is Answer.DONE or not finished:
        return
    family = _FAMILY.get(last.answer, last.answer)
    made = sum(1 for retry in call.retries() if _FAMILY.get(retry.before.answer, retry.before.answer) == family)
    if schedule.at_most == 0:
        yield Judgement("retried-final", _CLAUSES[last.answer], kept=True, exchanges=(last.last.number,))
    elif schedule.at_least:
        yield Judgement(
            check="not-retried",
            clause=_CLAUSES[last.answer],
            kept=made >= schedule.at_least,
            where=f"{call.kind} call",
            what=f"{_named(last.last)} was retried {made} {_times(made)}, then never again",
            cure=f"call again after {schedule.pause_s(1):g} s, {schedule.at_most} times at most",
            exchanges=tuple(one.attempt.number for one in call.tries),
        )


def _continues(before: Attempt, after: Attempt) -> bool:
    """Say whether *after* wants what *before* did not get."""
    if before.answer is Answer.DONE:
        return False
    if after.kind != "engagement":
        return before.substance == after.substance
    if before.answer is Answer.REFUSED:
        # With other identifiers it is a call that was mended, not one that was repeated.
        return (before.visitor_id, before.session_id) == (after.visitor_id, after.session_id)
    return True


def _is_resend(before: Attempt, after: Attempt, used: Sequence[str]) -> bool:
    """Say whether it is a transport's resend, no retry: a kept connection died, and the same bytes follow at once."""
    kept = before.connection == after.connection or used.count(before.connection) > 1 or _preflighted(before)
    soon = after.received_ms - before.answered_ms <= RESEND_WITHIN_MS
    same = before.headers == after.headers and before.substance == after.substance
    return bool(before.broken_by) and kept and soon and same


def _preflighted(attempt: Attempt) -> bool:
    """Say whether a browser asked for leave first; the journal does not show that, and the connection was kept."""
    return attempt.headers.get("sec-fetch-mode") == "cors"


def _named(attempt: Attempt) -> str:
    code = attempt.reply_members.get("internalCode")
    detail = f", internalCode {code}" if code is not None else ""
    return f"{attempt.status} {attempt.answer}{detail} (exchange {attempt.number})"


def _times(count: int) -> str:
    return "time" if count == 1 else "times"
