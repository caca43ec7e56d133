"""Makes the ids of visitors, sessions and pages from a seed, so that a run can be repeated.

Shapes as observed in real traffic: 22 characters of base64url for visitors and sessions, ten digits for pages.
"""

from __future__ import annotations

import base64
from hashlib import blake2b

_PAGE_FLOOR = 1_000_000_000
_PAGE_SPAN = 9_000_000_000


def visitor_id(seed: int, number: int) -> str:
    """Return the id of the *number*-th visitor under *seed*."""
    return _text(seed, f"visitor/{number}")


def session_id(seed: int, number: int) -> str:
    """Return the id of the *number*-th session under *seed*."""
    return _text(seed, f"session/{number}")


def page_id(seed: int, session: str, call: int) -> str:
    """Return the id of the page that the *call*-th call of *session* opens."""
    return str(_PAGE_FLOOR + int.from_bytes(_digest(seed, f"page/{session}/{call}"), "big") % _PAGE_SPAN)


def _text(seed: int, what: str) -> str:
    return base64.urlsafe_b64encode(_digest(seed, what)).rstrip(b"=").decode()


def _digest(seed: int, what: str) -> bytes:
    return blake2b(what.encode(), digest_size=16, key=seed.to_bytes(8, "big")).digest()
