"""Refuses keywords that nobody honours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.errors import SpecError, nearest


def refuse_others(keywords: frozenset[str], node: Mapping[str, Any], where: str) -> None:
    """Raise `SpecError` for the first keyword of *node*, which stands at *where*, that is none of *keywords*."""
    for key in node:
        if key not in keywords:
            raise SpecError(f"{where}: the keyword {key!r} is not honoured by the server{nearest(key, keywords)}")


def refuse_twins(names: Sequence[str], what: str) -> None:
    """Raise `SpecError` when one of *names*, which name a *what*, stands there more than once."""
    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"the {what} {name!r} stands {names.count(name)} times in the contract; keep one of them")
