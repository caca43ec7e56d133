"""Who may use the admin API: programs of this machine, or whoever has the token."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import Request

from mockserver.errors import AdminError
from mockserver.settings import is_loopback


def refuse_strangers(sent: Request, token: str) -> None:
    """Raise `AdminError` for a request that may not steer the server.

    Without a token only this machine reaches the server, but so do pages in its browsers: a foreign Origin, or a
    host name that was made to point here, gives them away.
    """
    if token:
        _refuse_without(sent, token)
        return
    host = sent.host or ""
    if not is_loopback(_name_of(host)):
        raise AdminError(
            403, f"the admin API was asked under the host name {host[:100]!r}; use 127.0.0.1, or set an admin token"
        )
    origin = sent.headers.get("Origin")
    if origin is not None and not _is_local_origin(origin):
        raise AdminError(403, f"pages of {origin[:100]} may not steer the mock; set an admin token to allow them")


def _refuse_without(sent: Request, token: str) -> None:
    scheme, _, given = sent.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not right:
        raise AdminError(401, "the admin token is missing or wrong; send it as `Authorization: Bearer <token>`")


def _name_of(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def _is_local_origin(origin: str) -> bool:
    try:
        name = urlsplit(origin).hostname
    except ValueError:
        return False
    return bool(name) and is_loopback(name or "")
