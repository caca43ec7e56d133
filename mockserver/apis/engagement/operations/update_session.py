"""updateSession: report a page, engagement attributes and impression events of a running session."""

from __future__ import annotations

from mockserver.apis.engagement import speakers
from mockserver.apis.engagement.operations.ask import refuse_unknown_account
from mockserver.apis.engagement.sessions import Sessions
from mockserver.contract.refusals import refused
from mockserver.engine.api import Answer, CallContext, Ids, Operation, refuse, verbatim_reply
from mockserver.errors import Refused
from mockserver.model import Reply, Violation
from mockserver.scenarios.outcomes import ContractError, Outcome, Verbatim
from mockserver.state.spaces import World
from mockserver.stores.base import Record


def objections(context: CallContext) -> list[Violation]:
    """Object to the session of another visitor (GE-401-FOREIGN)."""
    session = Sessions(context.store).find(context.world.space, context.call.account, context.call.session_id or "")
    if session is None or session["visitor"] == context.call.visitor_id:
        return []
    return [Violation("query.sid", "sid belongs to another visitor than the one in the path", "GE-401-FOREIGN")]


def authorize(context: CallContext) -> None:
    """Raise `Refused` for unknown visitors and sessions (US-404-*), and for contexts that were not offered."""
    call, world = context.call, context.world
    vid, sid = call.visitor_id or "", call.session_id or ""
    refuse_unknown_account(context)
    session = Sessions(context.store).find(world.space, call.account, sid)
    if not Sessions(context.store).knows_visitor(world.space, call.account, vid):
        what = f"visitor {vid!r} has no session here; create one first"
        raise Refused(404, 37, "visitorId is unknown", [Violation("path.visitorId", what, "US-404-VISITOR")])
    if session is None or world.now_ms >= session["expires_ms"]:
        what = f"session {sid!r} was never opened, or has expired; create a new one"
        raise Refused(404, 39, "sid is unknown or has expired", [Violation("query.sid", what, "US-404-SESSION")])
    unknown = _unknown_contexts(context, session, world)
    if unknown:
        raise refused(context.contract, unknown)


def answer(context: CallContext, outcome: Outcome, _ids: Ids) -> Answer:
    """Note the page and answer with an empty body."""
    vid, sid = context.call.visitor_id, context.call.session_id or ""
    if isinstance(outcome, ContractError):
        raise refuse(outcome)
    reply = verbatim_reply(outcome) if isinstance(outcome, Verbatim) else Reply(200)
    if reply.status == 200:
        Sessions(context.store).touch(context.call, context.world, context.call.body["pageId"])
    return Answer(reply, vid, sid)


def _unknown_contexts(context: CallContext, session: Record, world: World) -> list[Violation]:
    found = []
    for index, event in enumerate(context.call.body.get("impAttributes", ())):
        for number, named in enumerate(event.get("eContext", ())):
            valid_until = session["contexts"].get(named["id"])
            expired = world.rules["expired_offer"] == "refuse" and world.now_ms > (valid_until or 0)
            if valid_until is None or expired:
                where = f"body.impAttributes.{index}.eContext.{number}.id"
                why = "its engagement is older than validForSeconds" if valid_until is not None else "it never was"
                what = f"context {named['id']!r} is not one that this session was offered: {why}"
                found.append(Violation(where, what, "US-400-CONTEXT"))
    return found


OPERATION = Operation(identify=speakers.at_the_rest_door, objections=objections, authorize=authorize, answer=answer)
