"""getEngagement and its REST forms: whether an engagement is available, and under which identifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import orjson

from mockserver.apis.engagement import identity
from mockserver.apis.engagement.outcomes import NotAvailable, Offer
from mockserver.apis.engagement.sessions import FixedIds, Sessions, VisitorSession
from mockserver.contract.validation import Identify
from mockserver.engine.api import (
    Answer,
    CallContext,
    Ids,
    Operation,
    json_reply,
    refuse,
    unknown_account,
    verbatim_reply,
)
from mockserver.errors import Refused
from mockserver.model import Json, Reply, Violation
from mockserver.scenarios.outcomes import ContractError, Outcome, Verbatim

#: A reply that breaks the contract on purpose may carry any text as visitorId; a header may not.
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9._-]+")


def objections(context: CallContext) -> list[Violation]:
    """Object to identifiers that are missing on a second request, or not the caller's (GE-401-*)."""
    return identity.objections(Sessions(context.store), context.call, context.world)


def refuse_unknown_account(context: CallContext) -> None:
    """Raise `Refused` for an account that the rules of the space do not list (GE-404-ACCOUNT)."""
    if unknown := unknown_account(context, "path.accountId", "GE-404-ACCOUNT"):
        raise Refused(404, 6, "Data not found", unknown)


def answer(context: CallContext, outcome: Outcome, ids: Ids) -> Answer:
    """Open or continue the visitor session and tell the outcome."""
    if isinstance(outcome, ContractError):
        raise refuse(_loading(context, outcome) if outcome.kind == "loading" else outcome)
    if isinstance(outcome, Verbatim):
        return _verbatim(context, outcome)
    # Where no stub matches, nobody is eligible, which is what a real server says.
    outcome = outcome if isinstance(outcome, Offer) else NotAvailable()
    contexts = _contexts(context, outcome.details)
    visit = Sessions(context.store).visit(context.call, context.world, FixedIds(**ids), contexts)
    id_type = context.world.rules["id_type"]
    return _answer(context, json_reply(200, outcome.answer(visit, id_type)), visit)


def _verbatim(context: CallContext, outcome: Verbatim) -> Answer:
    reply = verbatim_reply(outcome)
    body = _object(outcome.body)
    vid, sid = body.get("visitorId"), body.get("sessionId")
    if outcome.status != 200 or not isinstance(vid, str) or not isinstance(sid, str):
        return Answer(reply)
    page = body.get("pageId")
    ids = FixedIds(vid, sid, page if isinstance(page, str) else None)
    details = body.get("engagementDetails")
    contexts = _contexts(context, details if isinstance(details, Mapping) else {})
    return _answer(context, reply, Sessions(context.store).visit(context.call, context.world, ids, contexts))


def _answer(context: CallContext, reply: Reply, visit: VisitorSession) -> Answer:
    cookies = context.call.call.cookies
    wanted = context.world.rules["second_request"] == "cookie" and cookies.get("LPVID") != visit.visitor_id
    if wanted and _COOKIE_VALUE.fullmatch(visit.visitor_id):
        path = context.call.call.prefix or "/"
        reply = reply.with_headers(("Set-Cookie", f"LPVID={visit.visitor_id}; Path={path}; SameSite=Lax"))
    return Answer(reply, visit.visitor_id, visit.session_id)


def _loading(context: CallContext, outcome: ContractError) -> ContractError:
    vid = context.call.visitor_id or Sessions(context.store).issue_visitor(context.call.account, context.world)
    message = f"Loading account: {context.call.account}, vid: {vid}"
    return ContractError(outcome.status, outcome.code, message, outcome.kind)


def _contexts(context: CallContext, details: Mapping[str, Json]) -> dict[str, int]:
    """Return the context that *details* hand out, with the moment until which it is valid."""
    offered = details.get("contextId")
    valid_for = details.get("validForSeconds")
    if not isinstance(offered, str):
        return {}
    return {offered: context.world.now_ms + (valid_for if isinstance(valid_for, int) else 0) * 1000}


def _object(body: bytes) -> Mapping[str, Json]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def operation(identify: Identify) -> Operation:
    """Return the operation for calls that name visitor and session where *identify* looks."""
    return Operation(
        identify=identify,
        objections=objections,
        authorize=refuse_unknown_account,
        answer=answer,
        # The session stays real, whatever is drawn: only the engagement is.
        drawn=lambda draw: Offer(draw("EngagementDetails")),
        asks_scenarios=True,
    )
