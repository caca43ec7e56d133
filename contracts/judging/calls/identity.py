"""Does a client carry on the identifiers it was given? Judged without asking the server what it thought of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..attempts import Answer, Attempt
from .judgements import Judgement


@dataclass
class _Memory:
    """What the server has handed out so far."""

    #: The visitor of every session.
    owners: dict[str, str] = field(default_factory=dict)
    #: The contexts of every session.
    contexts: dict[str, set[str]] = field(default_factory=dict)
    latest: tuple[str, str] | None = None
    #: The latest ids were refused: what they stood for is over, and the client may begin a new visit.
    refused: bool = False

    def learn(self, attempt: Attempt) -> None:
        """Take in a reply; one that did not arrive whole may be known to the client, or not."""
        if attempt.answer is Answer.REFUSED:
            named = attempt.visitor_id is not None and attempt.session_id is not None
            self.refused |= named and (attempt.status == 401 or (attempt.status == 404 and attempt.kind == "update"))
        if attempt.kind != "engagement" or attempt.status >= 300:
            return
        visitor, session = (
            str(attempt.reply_members.get("visitorId", "")),
            str(attempt.reply_members.get("sessionId", "")),
        )
        details = attempt.reply_members.get("engagementDetails")
        if isinstance(details, Mapping):
            self.contexts.setdefault(session, set()).add(str(details.get("contextId")))
        if visitor and session:
            self.owners[session] = visitor
            if attempt.answer in {Answer.DONE, Answer.NOT_AVAILABLE}:
                self.latest = (visitor, session)
                self.refused = False

    def begin_again(self) -> None:
        """Let the next reply begin another visit."""
        self.latest = None
        self.refused = False


def judge_ids(attempts: Sequence[Attempt]) -> tuple[Judgement, ...]:
    """Judge the identifiers and contexts of every call of a run, which stand in the order of their arrival.

    Tried are CL-IDS-CARRIED, CL-NEW-VISIT, GE-VID-ONLY, GE-401-*, US-404-* and US-400-CONTEXT.
    """
    memory = _Memory()
    judgements: list[Judgement] = []
    before: Attempt | None = None
    for attempt in attempts:
        if attempt.kind == "engagement":
            judgements += _engagement(attempt, memory, before)
            before = attempt
        elif attempt.kind == "update":
            judgements += _update(attempt, memory)
            judgements += _contexts(attempt, memory)
        memory.learn(attempt)
    return tuple(judgements)


def _engagement(attempt: Attempt, memory: _Memory, before: Attempt | None) -> Iterator[Judgement]:
    vid, sid = attempt.visitor_id, attempt.session_id
    js = attempt.operation == "getEngagement"
    if sid is not None and vid is None:
        where, wanted = ("body.vid", "vid") if js else ("path.visitorId", "the visitorId in the path")
        yield _broken("GE-401-VID", attempt, where, f"sid {sid!r} comes without vid", f"send {wanted} with the sid")
        return
    if memory.latest is None:
        if vid is not None and sid is None:
            yield _kept("GE-VID-ONLY", attempt)
        return
    after_loading = before is not None and before.answer is Answer.LOADING
    if vid is not None and sid is None:
        if not after_loading:
            where = "body.sid" if js else "query.sid"
            what = f"vid {vid!r} comes without sid, though its session {memory.latest[1]!r} is live"
            yield _broken("GE-401-SID", attempt, where, what, f"send the latest sessionId as {where}")
        return
    if vid is None and sid is None:
        if memory.refused:
            memory.begin_again()
            yield _kept("CL-NEW-VISIT", attempt)
            return
        what = (
            f"a later request carries neither vid nor sid; the latest reply gave {_both_ids(memory.latest)}. "
            "A run is one visit, and without its ids the server takes this for a second one"
        )
        cure = "save visitorId and sessionId and send both; a program of several visits is run once for each of them"
        yield _broken("CL-IDS-CARRIED", attempt, "ids", what, cure)
        return
    yield from _both(attempt, memory, memory.latest)
    yield _kept("GE-401-SID", attempt)
    yield _kept("GE-401-VID", attempt)


def _update(attempt: Attempt, memory: _Memory) -> Iterator[Judgement]:
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


def _both(attempt: Attempt, memory: _Memory, latest: tuple[str, str]) -> Iterator[Judgement]:
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
        what = f"vid {vid!r} with sid {sid!r} of {source}; the latest reply gave {_both_ids(latest)}"
        cure = "replace the saved visitorId and sessionId by those of every reply"
        yield _broken("CL-IDS-CARRIED", attempt, "sid", what, cure)


def _contexts(attempt: Attempt, memory: _Memory) -> Iterator[Judgement]:
    # Old ids are found as such, and not once more for the contexts that go with them.
    sessions = {attempt.session_id or "", memory.latest[1] if memory.latest else ""}
    handed_out = {context for session in sessions for context in memory.contexts.get(session, ())}
    for number, context in enumerate(_given_contexts(attempt.members)):
        if context in handed_out:
            yield _kept("US-400-CONTEXT", attempt)
        else:
            where = f"body.impAttributes.{number}.eContext"
            before = next((session for session, known in memory.contexts.items() if context in known), "")
            of_before = f"; session {before!r} had it, and the server has replaced that one" if before else ""
            what = f"context {context!r} was not handed out in this session{of_before}"
            cure = "send the contextId in engagementDetails of the latest reply"
            yield _broken("US-400-CONTEXT", attempt, where, what, cure)


def _given_contexts(members: Mapping[str, Any]) -> Iterator[str]:
    impressions = members.get("impAttributes")
    for impression in impressions if isinstance(impressions, list) else ():
        contexts = impression.get("eContext") if isinstance(impression, dict) else None
        for context in contexts if isinstance(contexts, list) else ():
            if isinstance(context, dict) and "id" in context:
                yield str(context["id"])


def _both_ids(ids: tuple[str, str]) -> str:
    return f"vid {ids[0]!r} and sid {ids[1]!r}"


def _kept(clause: str, attempt: Attempt) -> Judgement:
    return Judgement("ids", clause, kept=True, exchanges=(attempt.number,))


def _broken(clause: str, attempt: Attempt, where: str, what: str, cure: str) -> Judgement:
    return Judgement("ids", clause, kept=False, where=where, what=what, cure=cure, exchanges=(attempt.number,))
