"""Does a client carry on the identifiers it was given? Ruled on without asking the server what it thought of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .exchanges import Answer, Attempt
from .rulings import Ruling


@dataclass
class _Memory:
    """What the server has handed out so far."""

    #: The visitor of every session.
    owners: dict[str, str] = field(default_factory=dict)
    contexts: set[str] = field(default_factory=set)
    latest: tuple[str, str] | None = None

    def learn(self, attempt: Attempt) -> None:
        """Take in a reply; one that did not arrive whole may be known to the client, or not."""
        if attempt.kind != "engagement" or attempt.status >= 300:  # noqa: PLR2004 - only 2xx replies hand out ids
            return
        visitor, session = str(attempt.said.get("visitorId", "")), str(attempt.said.get("sessionId", ""))
        details = attempt.said.get("engagementDetails")
        if isinstance(details, Mapping):
            self.contexts.add(str(details.get("contextId")))
        if visitor and session:
            self.owners[session] = visitor
            if attempt.answer in {Answer.DONE, Answer.NOT_AVAILABLE}:
                self.latest = (visitor, session)


def rule_on_ids(attempts: Sequence[Attempt]) -> tuple[Ruling, ...]:
    """Rule on the identifiers and contexts of every call of a run, in order of arrival."""
    memory = _Memory()
    rulings: list[Ruling] = []
    before: Attempt | None = None
    for attempt in attempts:
        if attempt.kind == "engagement":
            rulings += _engagement(attempt, memory, before)
            before = attempt
        elif attempt.kind == "update":
            rulings += _update(attempt, memory)
            rulings += _contexts(attempt, memory)
        memory.learn(attempt)
    return tuple(rulings)


def _engagement(attempt: Attempt, memory: _Memory, before: Attempt | None) -> Iterator[Ruling]:
    vid, sid = attempt.visitor_id, attempt.session_id
    js = attempt.operation == "getEngagement"
    if sid is not None and vid is None:
        place, wanted = ("body.vid", "vid") if js else ("path.visitorId", "the visitorId in the path")
        yield _broken("GE-401-VID", attempt, place, f"sid {sid!r} comes without vid", f"send {wanted} with the sid")
        return
    if memory.latest is None:
        if vid is not None and sid is None:
            yield _kept("GE-VID-ONLY", attempt)
        return
    after_loading = before is not None and before.answer is Answer.LOADING
    if vid is not None and sid is None:
        if not after_loading:
            place = "body.sid" if js else "query.sid"
            what = f"vid {vid!r} comes without sid, though its session {memory.latest[1]!r} is live"
            yield _broken("GE-401-SID", attempt, place, what, f"send the latest sessionId as {place}")
        return
    if vid is None and sid is None:
        what = f"a later request carries neither vid nor sid; the latest reply gave {_told(memory.latest)}"
        yield _broken("CL-IDS-CARRIED", attempt, "ids", what, "save visitorId and sessionId and send both")
        return
    yield from _both(attempt, memory, memory.latest)
    yield _kept("GE-401-SID", attempt)
    yield _kept("GE-401-VID", attempt)


def _update(attempt: Attempt, memory: _Memory) -> Iterator[Ruling]:
    vid, sid = attempt.visitor_id, attempt.session_id
    if vid is None or sid is None:
        return  # the call's own rule (US-400-SID) says so
    if memory.latest is None:
        what = f"session {sid!r} was not opened in this run"
        yield _broken("US-404-SESSION", attempt, "query.sid", what, "ask for an engagement first, then update")
        return
    yield from _both(attempt, memory, memory.latest)
    if sid in memory.owners:
        yield _kept("US-404-SESSION", attempt)
    if vid in memory.owners.values():
        yield _kept("US-404-VISITOR", attempt)


def _both(attempt: Attempt, memory: _Memory, latest: tuple[str, str]) -> Iterator[Ruling]:
    vid, sid = str(attempt.visitor_id), str(attempt.session_id)
    owner = memory.owners.get(sid)
    if (vid, sid) == latest:
        yield _kept("CL-IDS-CARRIED", attempt)
        yield _kept("GE-401-FOREIGN", attempt)
    elif owner is not None and owner != vid:
        what = f"sid {sid!r} belongs to visitor {owner!r}, not to {vid!r}"
        yield _broken("GE-401-FOREIGN", attempt, "vid", what, "send vid and sid of the same reply")
    else:
        source = "an older reply" if owner is not None else "no reply"
        what = f"vid {vid!r} with sid {sid!r} of {source}; the latest reply gave {_told(latest)}"
        cure = "replace the saved visitorId and sessionId by those of every reply"
        yield _broken("CL-IDS-CARRIED", attempt, "sid", what, cure)


def _contexts(attempt: Attempt, memory: _Memory) -> Iterator[Ruling]:
    for number, context in enumerate(_given_contexts(attempt.members)):
        if context in memory.contexts:
            yield _kept("US-400-CONTEXT", attempt)
        else:
            where = f"body.impAttributes.{number}.eContext"
            what = f"context {context!r} was not handed out in this session"
            yield _broken("US-400-CONTEXT", attempt, where, what, "send the contextId of engagementDetails")


def _given_contexts(members: Mapping[str, Any]) -> Iterator[str]:
    impressions = members.get("impAttributes")
    for impression in impressions if isinstance(impressions, list) else ():
        contexts = impression.get("eContext") if isinstance(impression, dict) else None
        for context in contexts if isinstance(contexts, list) else ():
            if isinstance(context, dict) and "id" in context:
                yield str(context["id"])


def _told(ids: tuple[str, str]) -> str:
    return f"vid {ids[0]!r} and sid {ids[1]!r}"


def _kept(clause: str, attempt: Attempt) -> Ruling:
    return Ruling("ids", clause, kept=True, exchanges=(attempt.number,))


def _broken(clause: str, attempt: Attempt, where: str, what: str, cure: str) -> Ruling:
    return Ruling("ids", clause, kept=False, where=where, what=what, cure=cure, exchanges=(attempt.number,))
