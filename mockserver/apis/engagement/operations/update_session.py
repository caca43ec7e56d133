"""updateSession: report a page, engagement attributes and impression events of a running session."""

from __future__ import annotations

from mockserver.apis.engagement.operations.ask import refuse_unknown_account
from mockserver.apis.engagement.sessions import FixedIds
from mockserver.contract.validation import refused
from mockserver.engine.api import Answer, Handler, Turn, refuse, verbatim_reply
from mockserver.errors import Refused
from mockserver.model import Reply, Violation
from mockserver.scenarios.scenario import ContractError, Outcome, Verbatim
from mockserver.state.spaces import World
from mockserver.stores.base import Record


def objections(turn: Turn) -> list[Violation]:
    """Object to the session of another visitor (GE-401-FOREIGN)."""
    session = turn.sessions.find(turn.world.space, turn.call.account, turn.call.session_id or "")
    if session is None or session["visitor"] == turn.call.visitor_id:
        return []
    return [Violation("query.sid", "sid belongs to another visitor than the one in the path", "GE-401-FOREIGN")]


def admit(turn: Turn) -> None:
    """Refuse unknown visitors and sessions (US-404-*), and contexts that the session was not offered."""
    call, world = turn.call, turn.world
    vid, sid = call.visitor_id or "", call.session_id or ""
    refuse_unknown_account(turn)
    session = turn.sessions.find(world.space, call.account, sid)
    if not turn.sessions.knows_visitor(world.space, call.account, vid):
        what = f"visitor {vid!r} has no session here; create one first"
        raise Refused(404, 37, "visitorId is unknown", [Violation("path.visitorId", what, "US-404-VISITOR")])
    if session is None or world.now_ms >= session["expires_ms"]:
        what = f"session {sid!r} was never opened, or has expired; create a new one"
        raise Refused(404, 39, "sid is unknown or has expired", [Violation("query.sid", what, "US-404-SESSION")])
    unknown = _unknown_contexts(turn, session, world)
    if unknown:
        raise refused(turn.contract, unknown)


def carry_out(turn: Turn, outcome: Outcome, _ids: FixedIds) -> Answer:
    """Note the page and answer with an empty body."""
    vid, sid = turn.call.visitor_id, turn.call.session_id or ""
    if isinstance(outcome, ContractError):
        raise refuse(outcome)
    reply = verbatim_reply(outcome) if isinstance(outcome, Verbatim) else Reply(200)
    if reply.status == 200:  # noqa: PLR2004
        turn.sessions.touch(turn.call, turn.world, turn.call.body["pageId"])
    return Answer(reply, vid, sid)


def _unknown_contexts(turn: Turn, session: Record, world: World) -> list[Violation]:
    found = []
    for index, event in enumerate(turn.call.body.get("impAttributes", ())):
        for place, context in enumerate(event.get("eContext", ())):
            valid_until = session["contexts"].get(context["id"])
            expired = world.rules.expired_offer == "refuse" and world.now_ms > (valid_until or 0)
            if valid_until is None or expired:
                where = f"body.impAttributes.{index}.eContext.{place}.id"
                why = "its engagement is older than validForSeconds" if valid_until is not None else "it never was"
                what = f"context {context['id']!r} is not one that this session was offered: {why}"
                found.append(Violation(where, what, "US-400-CONTEXT"))
    return found


HANDLER = Handler(objections, admit, carry_out)
