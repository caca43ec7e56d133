"""Servers that refuse under another reason than the clause has, or refuse what the clause accepts."""

import json
from dataclasses import replace

from contracts.wire.messages import Reply
from tests.contract.servers.planted import Planted, at
from tests.contract.servers.tampering import body_of, misreading, of, with_header, with_members

_REFUSAL = {"time": 1_800_000_000_000, "message": "refused", "internalCode": 5}


#: What a server that breaks the clause breaks too, because a case of the other is about the same call.
_ALSO = {
    "REST-400-APPTYPE": ("ERR-400",),
    "US-404-VISITOR": ("GE-ACCOUNT",),
    "REQ-404": ("REST-SINGULAR-PATH",),
    "JS-OPTIONS": ("JS-PATH",),
    "US-TUNNEL": ("REQ-HEADER-NAMES",),
    "US-PAGE-UNKNOWN": ("US-200",),
    "US-IMPRESSION-ORDER": ("US-CONTEXT-EXPIRED",),
    "DOM-PREFIXES": ("DOM-NO-EXTENSION",),
    "GE-VID-ONLY": ("GE-ACCOUNT",),
    "GE-NEW-VISITOR": ("GE-CONTINUE", "GE-401-SID", "US-200"),
}


def _also(clause):
    return frozenset(_ALSO.get(clause, ()))


def _as_another(reply):
    """Make the refusal one of another kind, that the contract has too."""
    status, code = (400, 5) if reply.status != 400 else (401, 10)
    return replace(with_members(reply, internalCode=code), status=status)


def _mistaken(clause):
    """Make a server that takes what breaks *clause* alone for a mistake of another kind."""

    def defect(answer):
        def worse(call):
            reply = answer(call)
            alone = reply.header("Mock-Clause") == clause
            return _as_another(reply) if alone and reply.status >= 400 else reply

        return worse

    return Planted(f"what breaks {clause} is taken for another mistake", "", clause, defect, also=_also(clause))


def _refusing(sentence, operation, clause, when):
    """Make a server that refuses the good calls of *operation* for which *when* holds."""

    def defect(answer):
        def worse(call):
            reply = answer(call)
            return _refusal(reply) if of(call, operation) and reply.status == 200 and when(call) else reply

        return worse

    return Planted(sentence, operation, clause, defect, also=_also(clause))


def _refusal(reply):
    kept = tuple(pair for pair in reply.headers if pair[0].lower() not in {"set-cookie", "content-type"})
    return Reply(400, (("Content-Type", "application/json"), *kept), json.dumps(_REFUSAL).encode())


#: Refusals that other servers break in another way, in the modules beside this one.
MISTAKEN = (
    "REST-400-APPTYPE GE-400-ACCOUNT GE-400-BODY GE-401-UNKNOWN-VISITOR GE-404-ACCOUNT US-400-SID US-404-VISITOR "
    "REQ-400-PREFER REQ-400-HOST REQ-400-UNICODE REQ-400-NUMBER REQ-400-DEPTH REQ-400-TWICE REQ-404 REQ-400-UNLISTED "
    "REQ-400-OVERRIDE REQ-413 REQ-415-CHARSET REQ-415-CODING DOM-401-ACCOUNT"
).split()

REFUSING_SERVERS = [
    *map(_mistaken, MISTAKEN),
    _refusing("an empty body is refused", "getEngagement", "JS-OPTIONS", lambda call: not call.body),
    _refusing(
        "the path without its slash is not served",
        "createFirstSession",
        "REST-NO-SLASH",
        lambda call: call.path.endswith("/visitors"),
    ),
    _refusing("a tunnelled update is refused", "updateSession", "US-TUNNEL", lambda call: call.method == "POST"),
    _refusing(
        "a page that was never handed out is refused",
        "updateSession",
        "US-PAGE-UNKNOWN",
        lambda call: body_of(call).get("pageId") == "1" and "impAttributes" not in body_of(call),
    ),
    _refusing(
        "impression events must come in the order of a visit",
        "updateSession",
        "US-IMPRESSION-ORDER",
        lambda call: [each["type"] for each in body_of(call).get("impAttributes", ())][:1] == ["impAccept"],
    ),
    _refusing(
        "the prefix /csdr is not served", "getDomain", "DOM-PREFIXES", lambda call: call.path.startswith("/csdr")
    ),
    _refusing(
        "a path without .json is not served",
        "getDomain",
        "DOM-NO-EXTENSION",
        lambda call: call.path.endswith("/baseURI"),
    ),
    _refusing(
        "a vid alone is refused whether its session lives or not",
        "getEngagement",
        "GE-VID-ONLY",
        lambda call: "vid" in body_of(call) and "sid" not in body_of(call),
    ),
    Planted(
        "every first request gets the same visitor",
        "createFirstSession",
        "GE-NEW-VISITOR",
        at(
            "createFirstSession",
            lambda reply: with_members(reply, visitorId="xyz"),
            lambda _, reply: reply.status == 200,
        ),
        also=_also("GE-NEW-VISITOR"),
    ),
    Planted(
        "an address with a zero before a number is read as if it had none",
        "getEngagement",
        "GE-ADDRESS-FORM",
        misreading(
            lambda call: b".005." in call.body, lambda call: replace(call, body=call.body.replace(b".00", b"."))
        ),
    ),
    Planted(
        "nothing is told of names that are nearly listed",
        "getEngagement",
        "REQ-NOTES",
        at("getEngagement", lambda reply: with_header(reply, "Mock-Notes", None)),
    ),
    Planted(
        "a look-up that fails has no code of its own",
        "getDomain",
        "DOM-500",
        at("getDomain", lambda reply: with_members(reply, internalCode=5), lambda _, reply: reply.status == 500),
    ),
    Planted(
        "a look-up that cannot be answered for now has failed",
        "listDomains",
        "DOM-503",
        at("listDomains", lambda reply: replace(reply, status=500), lambda _, reply: reply.status == 503),
    ),
    Planted(
        "an update that fails has the code of a loading account",
        "updateSession",
        "ERR-500",
        at("updateSession", lambda reply: with_members(reply, internalCode=20), lambda _, reply: reply.status == 500),
    ),
    Planted(
        "a server under maintenance has failed",
        "createSession",
        "ERR-503",
        at("createSession", lambda reply: replace(reply, status=500), lambda _, reply: reply.status == 503),
    ),
]
