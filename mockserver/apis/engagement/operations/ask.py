"""getEngagement and its REST forms: whether an engagement is available, and under which identifiers."""

from __future__ import annotations

import re
from collections.abc import Mapping

import orjson

from mockserver.apis.engagement.sessions import FixedIds, VisitorSession
from mockserver.engine.api import Answer, Handler, Turn, json_reply, refuse, verbatim_reply
from mockserver.errors import Refused
from mockserver.model import Json, Reply, Violation
from mockserver.scenarios.scenario import ContractError, NotAvailable, Offer, Outcome, Verbatim

#: A reply that breaks the contract on purpose may carry any text as visitorId; a header may not.
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9._-]+")
_NUMERIC = ("campaignId", "engagementId", "connectorId")


def objections(turn: Turn) -> list[Violation]:
    """Object to identifiers that are missing on a second request, or not the caller's (GE-401-*)."""
    return turn.sessions.objections(turn.call, turn.world)


def refuse_unknown_account(turn: Turn) -> None:
    """Refuse an account that the rules of the space do not list (GE-404-ACCOUNT)."""
    accounts = turn.world.rules.accounts
    if accounts and turn.call.account not in accounts:
        raise Refused(404, 6, "Data not found", unknown_account(turn, "GE-404-ACCOUNT"))


def unknown_account(turn: Turn, clause: str) -> list[Violation]:
    """Say that the account does not exist."""
    what = f"no such account {turn.call.account!r}; the space knows {', '.join(turn.world.rules.accounts)}"
    return [Violation("path.accountId", what, clause)]


def carry_out(turn: Turn, outcome: Outcome, ids: FixedIds) -> Answer:
    """Open or continue the visitor session and tell the outcome."""
    if isinstance(outcome, ContractError):
        raise refuse(_loading(turn, outcome) if outcome.kind == "loading" else outcome)
    if isinstance(outcome, Verbatim):
        return _verbatim(turn, outcome)
    details = outcome.details if isinstance(outcome, Offer) else None
    visit = turn.sessions.visit(turn.call, turn.world, ids, _contexts(turn, details))
    body: dict[str, Json] = {
        "status": "NotAvailable" if isinstance(outcome, NotAvailable) else "Available",
        "sessionId": visit.session_id,
        "visitorId": visit.visitor_id,
        "pageId": visit.page_id,
    }
    if details is not None:
        body["engagementDetails"] = _with_id_type(details, turn.world.rules.id_type)
    return _answer(turn, json_reply(200, body), visit)


def _verbatim(turn: Turn, outcome: Verbatim) -> Answer:
    reply = verbatim_reply(outcome)
    body = _object(outcome.body)
    vid, sid = body.get("visitorId"), body.get("sessionId")
    if outcome.status != 200 or not isinstance(vid, str) or not isinstance(sid, str):  # noqa: PLR2004
        return Answer(reply)
    page = body.get("pageId")
    ids = FixedIds(vid, sid, page if isinstance(page, str) else None)
    details = body.get("engagementDetails")
    contexts = _contexts(turn, details if isinstance(details, Mapping) else None)
    return _answer(turn, reply, turn.sessions.visit(turn.call, turn.world, ids, contexts))


def _answer(turn: Turn, reply: Reply, visit: VisitorSession) -> Answer:
    cookies = turn.call.call.cookies
    wanted = turn.world.rules.second_request == "cookie" and cookies.get("LPVID") != visit.visitor_id
    if wanted and _COOKIE_VALUE.fullmatch(visit.visitor_id):
        path = turn.call.call.prefix or "/"
        reply = reply.with_headers(("Set-Cookie", f"LPVID={visit.visitor_id}; Path={path}; SameSite=Lax"))
    return Answer(reply, visit.visitor_id, visit.session_id)


def _loading(turn: Turn, outcome: ContractError) -> ContractError:
    vid = turn.call.visitor_id or turn.sessions.issue_visitor(turn.call.account, turn.world)
    message = f"Loading account: {turn.call.account}, vid: {vid}"
    return ContractError(outcome.status, outcome.code, message, outcome.kind)


def _contexts(turn: Turn, details: Mapping[str, Json] | None) -> dict[str, int]:
    """Return the context that *details* hand out, with the moment until which it is valid."""
    context = (details or {}).get("contextId")
    valid_for = (details or {}).get("validForSeconds")
    if not isinstance(context, str):
        return {}
    return {context: turn.world.now_ms + (valid_for if isinstance(valid_for, int) else 0) * 1000}


def _with_id_type(details: Mapping[str, Json], id_type: str) -> Mapping[str, Json]:
    """Write the numeric ids as the rule `id_type` says (ambiguity A1); the default leaves a scenario's own form."""
    if id_type == "string":
        return details
    return {
        name: int(value) if name in _NUMERIC and isinstance(value, str) and value.isdecimal() else value
        for name, value in details.items()
    }


def _object(body: bytes) -> Mapping[str, Json]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


HANDLER = Handler(objections, refuse_unknown_account, carry_out)
