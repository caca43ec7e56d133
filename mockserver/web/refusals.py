"""What is answered to a call that no operation takes: an unknown path, another method, a body that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable

from mockserver.errors import EarlyRefusal, nearest
from mockserver.web.target import OVERRIDE, Target


def no_such_path(path: str, served: Iterable[str]) -> EarlyRefusal:
    """Say that nothing is served at *path*, and which of the paths that are *served* is nearest."""
    what = f"nothing is served at {path[:200]!r}{_why_not(path)}{nearest(path, served)}"
    return EarlyRefusal(404, "path", "path", what)


def no_such_method(target: Target, allowed: Iterable[str]) -> EarlyRefusal:
    """Say that only the *allowed* methods are served at the path."""
    tunnelled = target.method != target.sent_method
    method = f"{target.method}, which {OVERRIDE} asks for," if tunnelled else target.method
    methods = ", ".join(sorted(allowed))
    what = f"{method} is not allowed here; allowed: {methods}"
    error = EarlyRefusal(405, "method", "method", what)
    error.headers = (("Allow", methods),)
    return error


def oversized_body(most: int) -> EarlyRefusal:
    """Say that the body is larger than *most* bytes."""
    what = f"must be at most {most} bytes; the setting is max_body_bytes"
    return EarlyRefusal(413, "size", "body", what, message="body")


def unreadable_body(why: str) -> EarlyRefusal:
    """Say that the body is cut or misframed."""
    return EarlyRefusal(400, "body", "request", f"400 Bad Request: {why}"[:200], message=why)


def _why_not(path: str) -> str:
    """Say what a path has that other servers would take out."""
    if not path.startswith("/"):
        return "; a path begins with a slash"
    if "//" in path:
        return "; slashes are not merged: send one where there are two"
    if not {".", ".."}.isdisjoint(path.split("/")):
        return "; the segments . and .. are not resolved: send the path that they lead to"
    return ""
