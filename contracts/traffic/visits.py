"""Whose call is whose in a recording: a file may hold several visits, and begin or end in the midst of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..judging.attempts import Answer, Attempt
from .recorded import Recorded

_GOOD = frozenset({Answer.DONE, Answer.NOT_AVAILABLE})


@dataclass
class Visit:
    """The calls of one visit, in order."""

    #: Who makes it, as far as calls show that: program and account.
    caller: tuple[str, ...]
    calls: list[Recorded] = field(default_factory=list)
    #: Every vid and sid that was sent or handed out in it.
    ids: set[str] = field(default_factory=set)
    #: Whether it was under way when the recording began.
    begun_before: bool = False
    #: The number of the call without ids that may as well have gone on with the visit before.
    perhaps_goes_on: int = 0

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Return the calls as the judge takes them."""
        return tuple(call.attempt for call in self.calls)

    @property
    def opened(self) -> bool:
        """Say whether ids were handed out in it."""
        return any(_opens(call.attempt) for call in self.calls)

    def take(self, call: Recorded) -> None:
        """Count *call* to this visit."""
        self.calls.append(call)
        attempt = call.attempt
        members = attempt.reply_members if _opens(attempt) else {}
        found = (attempt.visitor_id, attempt.session_id, attempt.loading_visitor)
        handed_out = (members.get("visitorId"), members.get("sessionId"))
        self.ids |= {str(name) for name in (*found, *handed_out) if name}


def visits(calls: Iterable[Recorded], *, one: bool) -> list[Visit]:
    """Tell the visits in *calls* apart, or take them all for *one*."""
    found: list[Visit] = []
    for call in calls:
        visit = found[0] if one and found else _visit_of(call, found)
        if visit is None:
            visit = Visit(_caller(call))
            visit.begun_before = not one and bool(call.attempt.visitor_id and call.attempt.session_id)
            before = _latest(call, found)
            if before and not visit.begun_before and before.opened:
                visit.perhaps_goes_on = call.entry.number
            found.append(visit)
        visit.take(call)
    return found


def _visit_of(call: Recorded, found: Sequence[Visit]) -> Visit | None:
    """Return the visit that *call* continues; None when it begins one."""
    given = {name for name in (call.attempt.visitor_id, call.attempt.session_id) if name}
    if given:
        own = next((visit for visit in reversed(found) if visit.ids & given), None)
        if own or len(given) == 2:
            return own
        return _latest(call, found)
    latest = _latest(call, found)
    if latest is None or not latest.opened or _same_consumer(call, latest):
        return latest
    return None


def _latest(call: Recorded, found: Sequence[Visit]) -> Visit | None:
    return next((visit for visit in reversed(found) if visit.caller == _caller(call)), None)


def _same_consumer(call: Recorded, visit: Visit) -> bool:
    """Say whether a call without ids is that of a consumer who must have them: the same page, or the same cookie."""
    page = call.entry.page
    cookies = (pair.partition("=")[2].strip() for pair in call.attempt.headers.get("cookie", "").split(";"))
    return (bool(page) and page == visit.calls[-1].entry.page) or not visit.ids.isdisjoint(cookies)


def _opens(attempt: Attempt) -> bool:
    return attempt.kind == "engagement" and attempt.answer in _GOOD


def _caller(call: Recorded) -> tuple[str, ...]:
    return call.attempt.headers.get("user-agent", ""), call.attempt.path_values.get("accountId", "")
