"""Answers browsers of other origins, as the server family was seen to do in 2018 (MON-GS-old)."""

from __future__ import annotations

from collections.abc import Iterable

METHODS = "GET, POST, PUT, PATCH, OPTIONS"
HEADERS = (
    "Origin, X-Requested-With, Content-Type, Accept, Authorization, X-HTTP-Method-Override, LP-DOMAIN-REFERER, LP-URL, "
    "ETag, ac-revision, X-LP-Last-Modified, If-Match, Authentication-Method, Credit-Card-Ref, Automation-Secret, "
    "Email-Token, Prefer, Mock-Space"
)
EXPOSED = (
    "Location, Retry-After, Mock-Clause, Mock-Violations, Mock-Notes, Mock-Stub, Mock-Exchange, Preference-Applied"
)

Headers = Iterable[tuple[str, str]]


def allowing(origin: str, method: str, headers: Headers) -> list[tuple[str, str]]:
    """Return the headers that let a page of *origin* read the reply that has *headers*."""
    # No origin has other characters; whoever sends them wants to see them in a header of ours.
    if not origin or not (origin.isascii() and origin.isprintable()):
        return []
    if any(name.lower() == "access-control-allow-origin" for name, _ in headers):
        return []  # a scenario says itself what the page may do
    added = [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Expose-Headers", EXPOSED),
        ("Vary", "Origin"),
    ]
    if method == "OPTIONS":
        added += [
            ("Access-Control-Allow-Methods", METHODS),
            ("Access-Control-Allow-Headers", HEADERS),
            ("Access-Control-Max-Age", "600"),
        ]
    return added
