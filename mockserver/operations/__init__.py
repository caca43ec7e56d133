"""The operations of the contract, each bound to its handler."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.operations import domains, engagement, update_session
from mockserver.operations.base import Handler

HANDLERS: Mapping[str, Handler] = {
    "getEngagement": engagement.HANDLER,
    "createFirstSession": engagement.HANDLER,
    "createSession": engagement.HANDLER,
    "updateSession": update_session.HANDLER,
    "listDomains": domains.ALL,
    "listDomainsScript": domains.SCRIPT_OF_ALL,
    "getDomain": domains.ONE,
    "getDomainScript": domains.SCRIPT,
}
