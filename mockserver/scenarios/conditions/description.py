"""How values are written in a difference: on one short line."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence

from mockserver.model import Json

_LONGEST = 200
#: Looks at the first few members only, so that large bodies cost no more to describe than small ones.
_BRIEF = reprlib.Repr()
_BRIEF.maxlevel = 4
_BRIEF.maxstring = 60


def brief(value: Json) -> str:
    """Write a value on one short line."""
    if value is None:
        return "nothing"
    text = _BRIEF.repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def either(texts: Sequence[str]) -> str:
    """Write alternatives."""
    return " or ".join(map(repr, texts))
