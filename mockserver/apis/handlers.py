"""The operations of the contract, each bound to its handler."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.apis.domain import operations as domains
from mockserver.apis.engagement.operations import ask, update_session
from mockserver.engine.api import Handler

HANDLERS: Mapping[str, Handler] = {
    "getEngagement": ask.HANDLER,
    "createFirstSession": ask.HANDLER,
    "createSession": ask.HANDLER,
    "updateSession": update_session.HANDLER,
    "listDomains": domains.ALL,
    "listDomainsScript": domains.SCRIPT_OF_ALL,
    "getDomain": domains.ONE,
    "getDomainScript": domains.SCRIPT,
}
