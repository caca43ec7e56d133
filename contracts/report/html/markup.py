"""Pieces of markup that several parts of the page share."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ...judging.findings import Verdict


def safe(text: str) -> str:
    """Escape *text*, which may hold halves of characters that a page cannot be written with."""
    return escape(text.encode(errors="replace").decode())


def clause_id(name: str) -> str:
    """Return the id of the row of a clause."""
    return f"clause-{name}"


def clause_link(verdict: Verdict, name: str) -> str:
    """Return the name of a clause or check, with a link when the page has a row for it."""
    return f'<a href="#{clause_id(name)}">{escape(name)}</a>' if name in verdict.clauses else escape(name)


def result_id(number: int) -> str:
    """Return the id of the row of the *number*-th result."""
    return f"result-{number}"


def scrolling(lines: Sequence[str], name: str) -> str:
    """Return *lines* as they stand, in a box that scrolls by itself and can be reached with the keyboard."""
    return f'<pre tabindex="0" role="region" aria-label="{safe(name)}">{safe(chr(10).join(lines))}</pre>'
