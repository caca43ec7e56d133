"""Says in plain words why a server gave no answer: what `requests` raises tells the story of its own modules."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import requests

from ..errors import FlagError

_LONGEST = 300


def checked_url(url: str) -> str:
    """Return the base URL that the user gave, without a slash at its end; raises FlagError for one that is none."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        usable = False
    if not usable or " " in url:
        raise FlagError("--url", f" wants http://HOST:PORT, got {url or 'nothing'}")
    return url.rstrip("/")


def reason(error: requests.RequestException) -> str:
    """Return what the operating system said, where it said something, otherwise the innermost of the errors."""
    if isinstance(error, requests.Timeout):
        return "timed out"
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror[:1].lower() + cause.strerror[1:]
    words = " ".join((str(causes[-1]) or str(error)).split())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}..."


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield *error* and what it wraps, from the outside in."""
    while error is not None:
        yield error
        wrapped = [getattr(error, "reason", None), *error.args, error.__cause__, error.__context__]
        error = next((each for each in wrapped if isinstance(each, BaseException)), None)
