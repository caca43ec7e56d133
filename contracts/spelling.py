"""What was meant by a word that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest of the *known* words was meant, or nothing where none is near."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def suggestion_or_all(word: str, known: Iterable[str], *, naming: str = "known") -> str:
    """Return the question whether the nearest was meant, or else all the words, as those that are *naming*."""
    words = list(known)
    return suggestion(word, words) or f"; {naming} are {', '.join(words)}"
