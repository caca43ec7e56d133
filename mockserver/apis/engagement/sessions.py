"""Visitor sessions: open, continue, expire; who may speak for which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.apis.engagement import identifiers
from mockserver.model import Json, ValidCall, Violation
from mockserver.state.spaces import World
from mockserver.stores.base import Record, Store

VISITOR = "visitor"
SESSION = "session"
_COUNTER = "counter"
_CONSUMER = "consumer"

_NO_SID = Violation("", "sid is required on a second request", "GE-401-SID")
_NO_VID = Violation("", "vid is required on a second request", "GE-401-VID")
#: Why a call that carries no identifier is a second request all the same, by the rule `second_request`.
_RECOGNISED = {
    "cookie": "this caller was recognised by its LPVID cookie",
    "consumer": "this space has one consumer, who has had a session (second_request=consumer)",
}


@dataclass(frozen=True, slots=True)
class FixedIds:
    """Identifiers that a scenario prescribes; None leaves one to the seed."""

    visitor: str | None = None
    session: str | None = None
    page: str | None = None


#: The schema components of these identifiers.
ID_COMPONENTS: Mapping[str, str] = {"visitor": "VisitorId", "session": "SessionId", "page": "PageId"}


@dataclass(frozen=True, slots=True)
class VisitorSession:
    """One visit as the server sees it after a call."""

    visitor_id: str
    session_id: str
    page_id: str

    def members(self) -> dict[str, str]:
        """Return the identifiers as a reply carries them."""
        return {"sessionId": self.session_id, "visitorId": self.visitor_id, "pageId": self.page_id}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the two ids stand at the door that the call used."""

    visitor: str
    session: str


JS_DOOR = Places("body.vid", "body.sid")
REST_DOOR = Places("path.visitorId", "query.sid")


class Sessions:
    """The visitor sessions of all spaces, those of each account apart (GE-ACCOUNT)."""

    kind = SESSION

    def __init__(self, store: Store) -> None:
        self.store = store

    def objections(self, call: ValidCall, world: World) -> list[Violation]:
        """Say why this call may not open or continue a session; nothing means that it may.

        Decisions A3 to A5 and P3: what a second request is, and what it must carry.
        """
        places = JS_DOOR if call.operation == "getEngagement" else REST_DOOR
        vid, sid = call.visitor_id, call.session_id
        if vid is None and sid is None:
            return _unnamed(places, world) if self._recognised(call, world) else []
        if vid is None:
            return [_at(places, _NO_VID)]
        found = []
        if world.rules["unknown_visitor"] == "reject" and not self.knows_visitor(world.space, call.account, vid):
            what = f"vid {vid!r} was never handed out by this server"
            found.append(Violation(places.visitor, what, "GE-401-UNKNOWN-VISITOR"))
        if sid is None:
            if self._has_live_session(call.account, vid, world):
                found.append(_at(places, _NO_SID))
        elif (session := self.find(world.space, call.account, sid)) and session["visitor"] != vid:
            found.append(Violation(places.session, "sid belongs to another visitor than vid", "GE-401-FOREIGN"))
        return found

    def visit(self, call: ValidCall, world: World, fixed: FixedIds, offered: Mapping[str, int]) -> VisitorSession:
        """Continue the session that the call names while it lives; otherwise open a new one.

        The call has no `objections`. Ids come from *fixed* where it has them, else from the seed of the space.
        *offered* are the contexts that the reply hands out, each with the moment until which it is valid.
        """
        if call.session_id and call.visitor_id and fixed.session in (None, call.session_id):
            continued = self._continue(call, world, fixed, offered)
            if continued:
                return continued
        return self._open(call, world, fixed, offered)

    def issue_visitor(self, account: str, world: World) -> str:
        """Make a visitor without a session, as a server does that is still loading."""
        vid = identifiers.visitor_id(world.seed, self._next_number(world))
        self._remember_visitor(world, _key(account, vid), None, 0)
        return vid

    def find(self, space: str, account: str, session_id: str) -> Record | None:
        """Return the record of a session, live or not."""
        return self.store.get(space, SESSION, _key(account, session_id))

    def knows_visitor(self, space: str, account: str, visitor_id: str) -> bool:
        """Say whether a session or an id was ever given to this visitor."""
        return self.store.get(space, VISITOR, _key(account, visitor_id)) is not None

    def touch(self, call: ValidCall, world: World, page_id: str) -> None:
        """Count an update of the session and note its page."""

        def count(record: Record | None) -> Record | None:
            return record and {**record, "updates": record["updates"] + 1, "page": page_id}

        self.store.update(world.space, SESSION, _key(call.account, call.session_id or ""), count)

    def listing(self, space: str, now_ms: int) -> list[dict[str, Json]]:
        """Return every session of *space*, oldest first, for people and tests to read."""
        found = []
        for key in self.store.keys(space, SESSION):
            record = self.store.get(space, SESSION, key)
            if record:
                account, _, session = key.partition("/")
                found.append({"session": session, "account": account, **record, "live": now_ms < record["expires_ms"]})
        return found

    def clear(self, space: str) -> None:
        """Forget all sessions and visitors of *space*; ids go on counting, so none is made twice."""
        for kind in (SESSION, VISITOR, _CONSUMER):
            self.store.clear(space, kind)

    def _recognised(self, call: ValidCall, world: World) -> bool:
        rule = world.rules["second_request"]
        if rule == "consumer":
            return self.store.get(world.space, _CONSUMER, _CONSUMER) is not None
        cookie = call.call.cookies.get("LPVID") if rule == "cookie" else None
        return bool(cookie) and self._has_live_session(call.account, cookie or "", world)

    def _has_live_session(self, account: str, visitor_id: str, world: World) -> bool:
        visitor = self.store.get(world.space, VISITOR, _key(account, visitor_id))
        return visitor is not None and world.now_ms < visitor["expires_ms"]

    def _continue(
        self, call: ValidCall, world: World, fixed: FixedIds, offered: Mapping[str, int]
    ) -> VisitorSession | None:
        vid, sid = call.visitor_id or "", call.session_id or ""

        def next_call(record: Record | None) -> Record | None:
            if record is None or world.now_ms >= record["expires_ms"] or record["visitor"] != vid:
                return record
            calls = record["calls"] + 1
            page = fixed.page or identifiers.page_id(world.seed, sid, calls)
            contexts = {**record["contexts"], **offered}
            return {**record, "calls": calls, "page": page, "seen_ms": world.now_ms, "contexts": contexts}

        record = self.store.update(world.space, SESSION, _key(call.account, sid), next_call)
        if record is None or world.now_ms >= record["expires_ms"] or record["visitor"] != vid:
            return None
        return VisitorSession(vid, sid, record["page"])

    def _open(self, call: ValidCall, world: World, fixed: FixedIds, offered: Mapping[str, int]) -> VisitorSession:
        number = 0 if fixed.session and (call.visitor_id or fixed.visitor) else self._next_number(world)
        vid = fixed.visitor or call.visitor_id or identifiers.visitor_id(world.seed, number)
        sid = fixed.session or identifiers.session_id(world.seed, number)
        page = fixed.page or identifiers.page_id(world.seed, sid, 1)
        expires_ms = world.now_ms + world.rules["session_lifetime_s"] * 1000
        record: Record = {
            "visitor": vid, "opened_ms": world.now_ms, "expires_ms": expires_ms, "seen_ms": world.now_ms,
            "calls": 1, "updates": 0, "page": page, "contexts": dict(offered),
        }  # fmt: skip
        self.store.update(world.space, SESSION, _key(call.account, sid), lambda _: record)
        self._remember_visitor(world, _key(call.account, vid), sid, expires_ms)
        if world.rules["second_request"] == "consumer":
            self.store.update(world.space, _CONSUMER, _CONSUMER, lambda _: {"visitor": vid})
        return VisitorSession(vid, sid, page)

    def _remember_visitor(self, world: World, key: str, sid: str | None, expires_ms: int) -> None:
        record: Record = {"session": sid, "expires_ms": expires_ms}
        self.store.update(world.space, VISITOR, key, lambda _: record)

    def _next_number(self, world: World) -> int:
        """Draw the next number of the space's ids."""

        def count(record: Record | None) -> Record:
            return {"n": (record or {"n": 0})["n"] + 1}

        record = self.store.update(world.space, _COUNTER, _COUNTER, count) or {"n": 0}
        number: int = record["n"]
        return number


def _key(account: str, identifier: str) -> str:
    """Return what a visitor or a session of *account* is filed under; neither of the two holds a slash."""
    return f"{account}/{identifier}"


def _unnamed(places: Places, world: World) -> list[Violation]:
    """Object to a second request that names nobody; the caller, who may not know that it is one, is told why."""
    why = _RECOGNISED[world.rules["second_request"]]
    what = f"{_NO_SID.what}, and {why}: send vid and sid of the latest reply, or set second_request=ids"
    return [_at(places, _NO_VID), _at(places, Violation("", what, _NO_SID.clause))]


def _at(places: Places, violation: Violation) -> Violation:
    where = places.session if violation.clause == "GE-401-SID" else places.visitor
    return Violation(where, violation.what, violation.clause)
