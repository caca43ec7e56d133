"""The operations of the engagement API, by operationId."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.apis.engagement.operations import ask, update_session
from mockserver.engine.api import Operation

OPERATIONS: Mapping[str, Operation] = {
    "getEngagement": ask.OPERATION,
    "createFirstSession": ask.OPERATION,
    "createSession": ask.OPERATION,
    "updateSession": update_session.OPERATION,
}
