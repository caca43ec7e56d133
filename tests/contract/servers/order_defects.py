"""Servers that judge in another order, take one of repeated values, or mix up whose sessions are whose."""

import json
from dataclasses import replace

from contracts.wire.messages import Reply
from tests.contract.servers.planted import Planted, at
from tests.contract.servers.tampering import body_of, misreading, of, refused_for, with_members

_OTHER_ACCOUNT = "_2/"


def _both(*clauses):
    return lambda _call, reply: all(refused_for(reply, clause) for clause in clauses)


def _as(status, code, message):
    """Make the refusal another one."""
    return lambda reply: replace(with_members(reply, internalCode=code, message=message), status=status)


def _instead(operation, clause, mend, *statuses):
    """Make a defect that looks at *clause* last: what a mended call is refused for comes first."""

    def defect(answer):
        def worse(call):
            reply = answer(call)
            if not (of(call, operation) and refused_for(reply, clause)):
                return reply
            mended = answer(mend(call))
            return mended if mended.status in statuses else reply

        return worse

    return defect


def _with_query(**values):
    def mended(call):
        others = tuple(pair for pair in call.query if pair[0] not in values)
        return replace(call, query=(*others, *values.items()))

    return mended


def _with_page(call):
    return with_members(call, pageId="1")


def _repeats(name, *, alike=None):
    """Say whether *name* is sent repeatedly, with equal values or not where that matters."""

    def when(call):
        values = [value for key, value in call.query if key == name]
        return len(values) > 1 and alike in {None, len(set(values)) == 1}

    return when


def _first_of(call):
    return replace(call, query=tuple(dict(reversed(call.query)).items()))


def _last_of(call):
    return replace(call, query=tuple(dict(call.query).items()))


def _sid_of(call):
    return dict(call.query).get("sid") or body_of(call).get("sid")


def _only_the_latest(operation):
    """Make a defect that ends the session of a visitor when it gets a new one."""
    latest = {}

    def defect(answer):
        def worse(call):
            reply = answer(call)
            found = body_of(reply)
            if reply.status != 200 or "visitorId" not in found:
                return reply
            visitor, session = found["visitorId"], found["sessionId"]
            if of(call, operation) and session == _sid_of(call) and latest.get(visitor, session) != session:
                return with_members(reply, sessionId="one-more")
            latest[visitor] = session
            return reply

        return worse

    return defect


def _never_ending(operation):
    """Make a defect that continues a session which it has ever opened for this account."""
    opened = set()

    def defect(answer):
        def worse(call):
            reply = answer(call)
            account, sid = call.path.partition("/account/")[2].partition("/")[0], _sid_of(call)
            if "sessionId" in body_of(reply):
                opened.add((account, body_of(reply)["sessionId"]))
            if not of(call, operation) or (account, sid) not in opened:
                return reply
            if refused_for(reply, "US-404-SESSION"):
                return Reply(200)
            return with_members(reply, sessionId=sid) if reply.status == 200 and reply.body else reply

        return worse

    return defect


def _everywhere(operation):
    """Make a defect that knows no accounts where it continues sessions."""

    def defect(answer):
        def worse(call):
            reply = answer(call)
            if not of(call, operation) or _OTHER_ACCOUNT not in call.path or not _sid_of(call):
                return reply
            if body_of(reply).get("internalCode") == 37:
                return Reply(200)
            return with_members(reply, sessionId=_sid_of(call)) if reply.status == 200 else reply

        return worse

    return defect


def _ids_first(_call, reply):
    return reply.status in {400, 415} and any(
        refused_for(reply, f"GE-401-{name}") for name in ("VID", "MALFORMED", "FOREIGN")
    )


def _refused_account(reply):
    entity = {"time": body_of(reply)["time"], "message": "accountId", "internalCode": 5}
    return replace(reply, status=400, body=json.dumps(entity).encode())


def _account_first(answer):
    def worse(call):
        reply = answer(call)
        return _refused_account(reply) if reply.status == 405 and "/a-b/" in call.path else reply

    return worse


ORDER_SERVERS = [
    Planted(
        "whose ids a call carries is judged before what it says",
        "getEngagement",
        "REQ-ORDER",
        at("getEngagement", _as(401, 10, "vid"), _ids_first),
    ),
    Planted(
        "the body is judged before the version",
        "createFirstSession",
        "REQ-ORDER",
        at("createFirstSession", _as(400, 5, "appType"), _both("REST-400-VERSION", "REST-400-APPTYPE")),
    ),
    Planted(
        "malformed ids are judged before the version",
        "createSession",
        "REQ-ORDER",
        at("createSession", _as(401, 10, "visitorId"), _both("REST-400-VERSION", "GE-401-MALFORMED")),
    ),
    Planted(
        "an unknown visitor is told before a missing page",
        "updateSession",
        "REQ-ORDER",
        _instead("updateSession", "US-400-PAGE", _with_page, 404),
    ),
    Planted(
        "the service is judged before the version",
        "getDomain",
        "REQ-ORDER",
        at("getDomain", _as(400, 5, "serviceName"), _both("DOM-400-VERSION", "DOM-400-SERVICE")),
    ),
    Planted(
        "an account that does not exist is told before the version",
        "listDomains",
        "REQ-ORDER",
        _instead("listDomains", "DOM-400-VERSION", _with_query(version="1.0"), 401),
    ),
    Planted(
        "the version is judged before the account id",
        "getDomainScript",
        "REQ-ORDER",
        at("getDomainScript", _as(400, 33, "Illegal Version"), _both("DOM-400-VERSION", "DOM-400-ACCOUNT")),
    ),
    Planted("the account id is judged before the method", "outside", "REQ-ORDER", _account_first),
    Planted(
        "the last of repeated sids is taken",
        "createSession",
        "REQ-400-REPEATED",
        misreading(lambda call: of(call, "createSession") and _repeats("sid")(call), _last_of),
    ),
    Planted(
        "the first of repeated versions is taken when they differ",
        "updateSession",
        "REQ-400-REPEATED",
        misreading(lambda call: of(call, "updateSession") and _repeats("v", alike=False)(call), _first_of),
    ),
    Planted(
        "a callback may be sent again with the same value",
        "listDomainsScript",
        "REQ-400-REPEATED",
        misreading(lambda call: of(call, "listDomainsScript") and _repeats("cb", alike=True)(call), _last_of),
    ),
    Planted("a new session ends the one before it", "getEngagement", "GE-CONTINUE", _only_the_latest("getEngagement")),
    Planted(
        "a session that has expired is continued", "createSession", "GE-NEW-SESSION", _never_ending("createSession")
    ),
    Planted("a session that has expired is updated", "updateSession", "US-404-SESSION", _never_ending("updateSession")),
    Planted("the session of another account is continued", "createSession", "GE-ACCOUNT", _everywhere("createSession")),
    Planted("the session of another account is updated", "updateSession", "GE-ACCOUNT", _everywhere("updateSession")),
    Planted(
        "the session of another visitor is updated",
        "updateSession",
        "GE-401-FOREIGN",
        at("updateSession", lambda _reply: Reply(200), lambda _call, reply: refused_for(reply, "GE-401-FOREIGN")),
    ),
    Planted(
        "a sid beside an empty visitor id is not looked at",
        "createFirstSession",
        "GE-401-VID",
        misreading(
            lambda call: of(call, "createFirstSession") and "sid" in dict(call.query),
            lambda call: replace(call, query=tuple(pair for pair in call.query if pair[0] != "sid")),
        ),
    ),
]
