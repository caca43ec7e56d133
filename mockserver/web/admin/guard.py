"""Who may use the admin API: programs of this machine, or whoever has the token."""

from __future__ import annotations

import hmac

from flask import Request

from mockserver.errors import AdminError
from mockserver.settings import is_loopback
from mockserver.web.hosts import name_of
from mockserver.web.target import TARGET

#: What a browser says of a request that a page of another origin caused, another local port included.
_OTHERS_PAGE = ("cross-site", "same-site")


def refuse_strangers(sent: Request, token: str) -> None:
    """Raise `AdminError` for a request that may not steer the server.

    Without a token only this machine reaches the server, but so do pages in its browsers: an Origin that is not the
    server's own, what the browser says of the page, or a host name that was made to point here gives them away.
    """
    if token:
        _refuse_without(sent, token)
        return
    host = sent.environ[TARGET].host
    if not is_loopback(name_of(host)):
        raise AdminError(
            403, f"the admin API was asked under the host name {host[:100]!r}; use 127.0.0.1, or set an admin token"
        )
    origin = sent.headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{host}":
        raise AdminError(403, _page_of(f"{origin[:100]!r}", host))
    if sent.headers.get("Sec-Fetch-Site", "").strip().lower() in _OTHERS_PAGE and not _follows_a_link(sent):
        raise AdminError(403, _page_of("another origin", host))


def _follows_a_link(sent: Request) -> bool:
    """Say whether somebody looks at an answer in a browser, where no page can read or use it."""
    return sent.method in ("GET", "HEAD") and sent.headers.get("Sec-Fetch-Mode", "").strip().lower() == "navigate"


def _page_of(origin: str, host: str) -> str:
    return (
        f"a page of {origin} may not steer the mock, only pages of http://{host} may; another port is another origin. "
        "Steer it from the test's own program, or set an admin token"
    )


def _refuse_without(sent: Request, token: str) -> None:
    scheme, _, given = sent.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not right:
        raise AdminError(401, "the admin token is missing or wrong; send it as `Authorization: Bearer <token>`")
