"""The two doors of the API: the JS form of getEngagement, and its REST form."""

from __future__ import annotations

from collections.abc import Mapping

#: The operations behind each door.
DOORS: Mapping[str, tuple[str, ...]] = {
    "js": ("getEngagement",),
    "rest": ("createFirstSession", "createSession", "updateSession"),
}
