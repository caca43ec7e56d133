"""The server's values with defaults for what a test does not care about."""

import orjson

from mockserver.apis.engagement.api import engagement_api
from mockserver.apis.engagement.conventions import CONVENTIONS
from mockserver.apis.engagement.outcomes import Offer
from mockserver.contract.file import read_document
from mockserver.contract.spec import Contract
from mockserver.model import Call, Exchange, Reply, ValidCall
from mockserver.settings import Settings
from mockserver.state.losses import Losses
from mockserver.state.spaces import Clock, World, rules_of
from mockserver.state.store_identity import StoreIdentity

#: The moment that the error entities of the documentation show.
NOW_MS = 1_469_543_282_471
SIX_HOURS_MS = 6 * 3600 * 1000
ACCOUNT = "56072331"
JSON = {"content-type": "application/json"}
#: Made once: neither is ever changed.
DOCUMENT = read_document()
CONTRACT = Contract(DOCUMENT, CONVENTIONS)
#: What holds in a space where nothing is set.
RULES = rules_of(Settings(), engagement_api(CONTRACT).rules)
OFFER = Offer(CONTRACT.example("Available")["engagementDetails"])

_PATHS = {
    "getEngagement": ("POST", "/api/account/{accountId}/getEngagement"),
    "createFirstSession": ("POST", "/api/account/{accountId}/app/engagement/visitors/"),
    "createSession": ("POST", "/api/account/{accountId}/app/engagement/visitors/{visitorId}"),
    "updateSession": ("PUT", "/api/account/{accountId}/app/engagement/visitors/{visitorId}"),
    "listDomains": ("GET", "/api/account/{accountId}/service/baseURI.json"),
    "getDomain": ("GET", "/api/account/{accountId}/service/{serviceName}/baseURI.json"),
    "listDomainsScript": ("GET", "/csdr/account/{accountId}/service/baseURI.lpCsds"),
    "getDomainScript": ("GET", "/csdr/account/{accountId}/service/{serviceName}/baseURI.lpCsds"),
}


def a_call(operation="getEngagement", *, body=b"", query=(), headers=JSON, cookies=(), **path_values):
    """Make a call as it arrives; *body* is bytes, or a value to be sent as JSON."""
    path_values = {"accountId": ACCOUNT, "serviceName": "smt", **path_values}
    method, path = _PATHS[operation]
    return Call(
        operation=operation,
        method=method,
        path=path.format(**path_values),
        path_values=path_values,
        query=tuple(query),
        headers=dict(headers),
        cookies=dict(cookies),
        body=body if isinstance(body, bytes) else orjson.dumps(body),
    )


def a_valid_call(operation="getEngagement", *, vid=None, sid=None, body=None, account=ACCOUNT, cookies=()):  # noqa: PLR0913
    """Make a call that keeps the contract."""
    call = a_call(operation, accountId=account, visitorId=vid or "", cookies=cookies)
    return ValidCall(call, operation, account, {}, body or {}, vid, sid)


def a_world(*, space="default", seed=7, now_ms=NOW_MS, frozen=True, **rules):
    """Make a world whose clock stands still."""
    clock = Clock(frozen_ms=now_ms if frozen else None)
    return World(space, seed, {**RULES, **rules}, clock, now_ms)


def a_reply(status=200, body=None, *headers):
    """Make a reply with a JSON body."""
    return Reply(status, orjson.dumps({} if body is None else body), (("Content-Type", "application/json"), *headers))


def an_exchange(call=None, reply=None, **members):
    """Make an exchange."""
    given = {"at_ms": NOW_MS, "arrived_ms": NOW_MS, "took_us": 1, "stub": "available", **members}
    return Exchange(call or a_call(), reply or a_reply(), **given)


def no_losses(store):
    """Look for losses in a store that has none."""
    return Losses(store, StoreIdentity(store, lambda: "a-store"), wall_ms=lambda: NOW_MS, say=lambda _: None)
