"""One kind of findings on the page: what it is, the calls that show it, and links to all its occurrences."""

from __future__ import annotations

from collections.abc import Iterator

from ...judging.findings import Verdict
from ..kinds import Kind, Occurrence
from .markup import clause_link, result_id, safe, scrolling


def finding_article(verdict: Verdict, kind: Kind, number: int, name: str = "finding") -> Iterator[str]:
    """Yield the *number*-th kind of findings, or of what else has a *name*."""
    found = kind.finding
    source = (
        f" <small>{safe(found.clause.standing)}; {safe('; '.join(found.clause.sources))}</small>"
        if found.clause
        else ""
    )
    yield f'<article id="{name}-{number}" aria-labelledby="{name}-{number}-heading">'
    yield f'<h3 id="{name}-{number}-heading">{clause_link(verdict, found.rule)}{source}</h3><dl>'
    yield f"<dt>where</dt><dd>{_link(kind.occurrences[0])}{_others(kind)}</dd>"
    for row, text in (
        ("expected", found.expected),
        ("got", found.got),
        ("mend", found.cure),
        ("contract", f"{verdict.contract}, line {found.line}" if found.pointer else ""),
    ):
        if text:
            yield f"<dt>{row}</dt><dd>{safe(text)}</dd>"
    if found.repeat:
        yield f"<dt>repeat</dt><dd>{scrolling([found.repeat], f'Command that repeats {name} {number}')}</dd>"
    yield "</dl>"
    if kind.result.timeline:
        yield f"<figure><figcaption>{safe(kind.result.name)}: {safe(' '.join(kind.result.notes))}</figcaption>"
        yield f"{scrolling(kind.result.timeline, f'Time line of {kind.result.name}')}</figure>"
    yield "</article>"


def _others(kind: Kind) -> str:
    others = kind.occurrences[1:]
    if not others:
        return ""
    items = "".join(f"<li>{_link(occurrence)}</li>" for occurrence in others)
    summary = f"and in {len(others)} more place{'s' * (len(others) > 1)}"
    return f"<details><summary>{summary}</summary><ul>{items}</ul></details>"


def _link(occurrence: Occurrence) -> str:
    where = safe(occurrence.finding.where)
    return f'<a href="#{result_id(occurrence.number)}">{where}</a>' if occurrence.number else where
