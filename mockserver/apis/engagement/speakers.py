"""Whom the calls of the engagement API speak for: where account, visitor and session stand in each."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.model import Call, Json, Speaker


def at_the_js_door(call: Call, _query: Mapping[str, Json], body: Mapping[str, Json]) -> Speaker:
    """Read visitor and session from the body."""
    return Speaker(call.path_values["accountId"], body.get("vid"), body.get("sid"))


def at_the_rest_door(call: Call, query: Mapping[str, Json], _body: Mapping[str, Json]) -> Speaker:
    """Read the visitor from the path, and the session from the query."""
    return Speaker(call.path_values["accountId"], call.path_values.get("visitorId"), query.get("sid"))


def of_a_first_session(call: Call, _query: Mapping[str, Json], _body: Mapping[str, Json]) -> Speaker:
    """Read a session that such a call may not carry: it makes a second request of a first one (GE-401-VID)."""
    stray = next((text for name, text in call.query if name == "sid"), None)
    return Speaker(call.path_values["accountId"], None, stray)
