"""Who may speak for which visitor session: what a second request is, and what it must carry (A3 to A5, P3)."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.apis.engagement.doors import DOORS
from mockserver.apis.engagement.sessions import Sessions
from mockserver.model import ValidCall, Violation
from mockserver.state.spaces import World

_NO_VID = "vid is required on a second request"
_NO_SID = "sid is required on a second request"
#: Why a call that carries no identifier is a second request all the same, by the rule `second_request`.
_RECOGNISED = {
    "cookie": "this caller was recognised by its LPVID cookie",
    "consumer": "this space has one consumer, who has had a session (second_request=consumer)",
}


@dataclass(frozen=True, slots=True)
class IdPaths:
    """Where the two ids stand at a door, as violations name it."""

    visitor: str
    session: str


_JS = IdPaths("body.vid", "body.sid")
_REST = IdPaths("path.visitorId", "query.sid")


def objections(sessions: Sessions, call: ValidCall, world: World) -> list[Violation]:
    """Say why *call* may not open or continue a session; nothing means that it may."""
    paths = _JS if call.operation in DOORS["js"] else _REST
    vid, sid = call.visitor_id, call.session_id
    if vid is None and sid is None:
        return _unnamed(paths, world) if _is_recognised(sessions, call, world) else []
    if vid is None:
        return [Violation(paths.visitor, _NO_VID, "GE-401-VID")]
    found = []
    if world.rules["unknown_visitor"] == "reject" and not sessions.knows_visitor(world.space, call.account, vid):
        what = f"vid {vid!r} was never handed out by this server"
        found.append(Violation(paths.visitor, what, "GE-401-UNKNOWN-VISITOR"))
    if sid is None:
        if sessions.has_live_session(call.account, vid, world):
            found.append(Violation(paths.session, _NO_SID, "GE-401-SID"))
    elif (session := sessions.find(world.space, call.account, sid)) and session["visitor"] != vid:
        found.append(Violation(paths.session, "sid belongs to another visitor than vid", "GE-401-FOREIGN"))
    return found


def _is_recognised(sessions: Sessions, call: ValidCall, world: World) -> bool:
    rule = world.rules["second_request"]
    if rule == "consumer":
        return sessions.has_consumer(world.space)
    cookie = call.call.cookies.get("LPVID") if rule == "cookie" else None
    return bool(cookie) and sessions.has_live_session(call.account, cookie or "", world)


def _unnamed(paths: IdPaths, world: World) -> list[Violation]:
    """Object to a second request that names nobody, and say why it is one: the caller may not know."""
    why = _RECOGNISED[world.rules["second_request"]]
    what = f"{_NO_SID}, and {why}: send vid and sid of the latest reply, or set second_request=ids"
    return [Violation(paths.visitor, _NO_VID, "GE-401-VID"), Violation(paths.session, what, "GE-401-SID")]
