"""Answers browsers of other origins, as the server family was seen to do in 2018 (MON-GS-old)."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from mockserver.web.routing import is_ours

METHODS = "GET, POST, PUT, PATCH, OPTIONS"
HEADERS = (
    "Origin, X-Requested-With, Content-Type, Accept, Authorization, X-HTTP-Method-Override, LP-DOMAIN-REFERER, LP-URL, "
    "ETag, ac-revision, X-LP-Last-Modified, If-Match, Authentication-Method, Credit-Card-Ref, Automation-Secret, "
    "Email-Token, Prefer, Mock-Space"
)
EXPOSED = (
    "Location, Retry-After, Mock-Clause, Mock-Violations, Mock-Notes, Mock-Stub, Mock-Exchange, Preference-Applied"
)


def allow_origin(response: Response, environ: dict[str, Any]) -> Response:
    """Add the headers to the reply to one call, if it came from a page."""
    origin = environ.get("HTTP_ORIGIN", "")
    # No origin has other characters; whoever sends them wants to see them in a header of ours.
    if not origin or not (origin.isascii() and origin.isprintable()) or is_ours(environ):
        return response
    if "Access-Control-Allow-Origin" in response.headers:
        return response  # a scenario says itself what the page may do
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Allow-Credentials"] = "true"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers.add("Vary", "Origin")
    if environ["REQUEST_METHOD"] == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = HEADERS
        response.headers["Access-Control-Max-Age"] = "600"
    return response
