"""Opens the session that calls belong to which are judged for something else than their ids."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from random import Random
from typing import Final

from ..errors import NoSession
from ..wire.messages import Call
from .bench import Bench, drawn_id

#: What opens a session: a first request at the REST door.
_OPENING: Final = "createFirstSession"
_IDS: Final = ("visitorId", "sessionId", "pageId")


@dataclass(frozen=True)
class OwnVisit:
    """Whose calls they are: an account, a session that lives, and ids that nobody handed out."""

    account: str
    unknown_visitor: str
    unknown_session: str
    visitor: str = ""
    session: str = ""
    page: str = "1"
    #: The engagement that was offered; "" where none was.
    context: str = ""


def first(bench: Bench) -> OwnVisit:
    """Return a visit that has no session yet."""
    draw = Random(bench.seed)
    return OwnVisit(bench.account, drawn_id(draw), drawn_id(draw))


def opened(bench: Bench) -> OwnVisit:
    """Return a visit with a session; raises NoSession where the server opens none."""
    operation = bench.document.operations[_OPENING]
    call = Call(
        operation.method,
        operation.path.replace("{accountId}", bench.account),
        tuple((name, str(value)) for name, value in operation.needed_query.items()),
        {"Accept": "application/json", "Content-Type": operation.consumes},
        json.dumps({"appType": "EXTERNAL"}).encode(),
    )
    reply = bench.subject.ask(call)
    try:
        members = reply.json()
    except ValueError:
        members = None
    if reply.status != HTTPStatus.OK or not isinstance(members, dict) or not all(members.get(name) for name in _IDS):
        raise NoSession(f"no session could be opened: {reply.summary()}")
    details = members.get("engagementDetails")
    context = details.get("contextId", "") if isinstance(details, dict) else ""
    visitor, session, page = (str(members[name]) for name in _IDS)
    return replace(first(bench), visitor=visitor, session=session, page=page, context=str(context))
