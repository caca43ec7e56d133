"""Loads werkzeug and Flask when something needs them; they take longer than all the rest of a start."""

from __future__ import annotations

import threading
from functools import cache

#: Held while one of them is loaded. Their modules import one another in circles, and of two threads that come in at
#: different places, each could see the other's half.
LOADING = threading.RLock()


@cache
def load_werkzeug() -> None:
    """Load what is used of werkzeug outside of Flask, and what stands on it."""
    with LOADING:
        import mockserver.web.cors
        import mockserver.web.replies  # noqa: F401
