"""The attempts of a logical call drawn as text, to scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..attempts import Attempt
from .retries import LogicalCall

WIDTH = 60


def timelines(calls: Sequence[LogicalCall]) -> str:
    """Draw every logical call of a run, the retried ones with a bar to scale."""
    return "\n".join(line for call in calls for line in _call(call))


def _call(call: LogicalCall) -> Iterator[str]:
    attempts = [attempt for one in call.tries for attempt in (one.attempt, *one.resends)]
    resends = {resend.number for one in call.tries for resend in one.resends}
    start = attempts[0].received_ms
    yield f"{call.kind} call, {_counted(len(call.tries), 'attempt')}"
    if len(attempts) > 1:
        yield f"  {_bar([attempt.received_ms - start for attempt in attempts])}"
    for before, attempt in zip([None, *attempts], attempts, strict=False):
        pause = "" if before is None else f"{max(attempt.received_ms - before.answered_ms, 0) / 1000:.2f} s later, "
        resend = "resent by the transport, " if attempt.number in resends else ""
        yield f"  {(attempt.received_ms - start) / 1000:7.2f} s  #{attempt.number} {pause}{resend}{_line(attempt)}"


def _bar(offsets_ms: Sequence[float]) -> str:
    span = max(offsets_ms[-1], 1.0)
    marks = {round(offset / span * (WIDTH - 1)) for offset in offsets_ms}
    drawn = "".join("*" if column in marks else "-" for column in range(WIDTH))
    return f"0 s {drawn} {span / 1000:.1f} s"


def _line(attempt: Attempt) -> str:
    given = [
        f"vid {attempt.visitor_id}" if attempt.visitor_id else "",
        f"sid {attempt.session_id}" if attempt.session_id else "",
    ]
    ids = ", ".join(part for part in given if part) or "no ids"
    return f"{attempt.method} {_short(attempt)} ({ids}) -> {attempt.status} {attempt.answer}"


def _short(attempt: Attempt) -> str:
    """Leave out of a path what stands in the ids, or is the same in every call."""
    if attempt.operation is None:
        return attempt.path
    return "getEngagement" if attempt.operation == "getEngagement" else "visitors/"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
