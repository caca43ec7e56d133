"""The operations of the engagement API, by operationId."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.apis.engagement import speakers
from mockserver.apis.engagement.operations import ask, update_session
from mockserver.engine.api import Operation

OPERATIONS: Mapping[str, Operation] = {
    "getEngagement": ask.operation(speakers.at_the_js_door),
    "createFirstSession": ask.operation(speakers.of_a_first_session),
    "createSession": ask.operation(speakers.at_the_rest_door),
    "updateSession": update_session.OPERATION,
}
