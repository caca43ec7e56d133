"""Visitor sessions: open, continue, expire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.apis.engagement import identifiers
from mockserver.model import Json, ValidCall
from mockserver.state.spaces import World
from mockserver.stores.base import Record, Store

VISITOR = "visitor"
SESSION = "session"
_COUNTER = "counter"
_CONSUMER = "consumer"


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


class Sessions:
    """The visitor sessions of all spaces, those of each account apart (GE-ACCOUNT)."""

    kind = SESSION

    def __init__(self, store: Store) -> None:
        self.store = store

    def visit(self, call: ValidCall, world: World, fixed: FixedIds, offered: Mapping[str, int]) -> VisitorSession:
        """Continue the session that the call names while it lives; otherwise open a new one.

        The caller may speak for it, as `identity.py` says. Ids come from *fixed* where it has them, else from the
        seed of the space.
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

    def has_live_session(self, account: str, visitor_id: str, world: World) -> bool:
        """Say whether the latest session of this visitor lives."""
        visitor = self.store.get(world.space, VISITOR, _key(account, visitor_id))
        return visitor is not None and world.now_ms < visitor["expires_ms"]

    def has_consumer(self, space: str) -> bool:
        """Say whether the one consumer of *space* has had a session (second_request=consumer)."""
        return self.store.get(space, _CONSUMER, _CONSUMER) is not None

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
