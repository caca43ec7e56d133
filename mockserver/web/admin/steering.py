"""What the functions of the admin API work with."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.engine.engine import Engine
from mockserver.model import Json
from mockserver.web.admin.requests import AdminDocument

#: Status and JSON body; no body for 204.
Answered = tuple[int, Json]


@dataclass(frozen=True, slots=True)
class Steering:
    """One admin request, read and allowed."""

    engine: Engine
    document: AdminDocument
    #: The store's URL, without a password.
    store_name: str
    space: str
    query: dict[str, Json]
    body: Json
