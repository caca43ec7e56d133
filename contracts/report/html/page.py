"""The report for a browser: one page without anything to fetch, which can be read without its script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Final

from ...judging.findings import ExitStatus, Verdict
from ..kinds import Kind, advice, doubts, kinds
from .findings import finding_article
from .markup import safe
from .tables import clause_table, result_tables

_HERE: Final = Path(__file__).parent
_WORDS: Final = {
    ExitStatus.KEPT: ("Kept", "kept"),
    ExitStatus.BROKEN: ("Broken", "broken"),
    ExitStatus.NOT_EXAMINED: ("Could not examine", "not-examined"),
}


def as_html(verdict: Verdict) -> str:
    """Return the page."""
    return "\n".join(_page(verdict)) + "\n"


def _page(verdict: Verdict) -> Iterator[str]:
    word, colour = _WORDS[verdict.status]
    found = kinds(verdict)
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{word}: {safe(verdict.subject)}</title><style>\n{_part('page.css')}</style></head><body>"
    yield f'<header><h1><span class="{colour}">{word}:</span> {safe(verdict.subject)}</h1>'
    yield f'<p class="quiet">{_examined(verdict)}</p></header>'
    yield from _contents(verdict, found)
    yield "<main>"
    yield from _summary(verdict, found)
    yield from _findings(verdict, found)
    yield from _doubts(verdict)
    yield from result_tables(verdict, found)
    yield from clause_table(verdict)
    yield from _not_judged(verdict)
    yield f"</main><script>\n{_part('page.js')}</script></body></html>"


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _examined(verdict: Verdict) -> str:
    circumstances = verdict.circumstances
    by = f"by {escape(verdict.contract)}"
    if circumstances.began is None:
        return f"examined {by}"
    moment = (
        f'<time datetime="{circumstances.began:%Y-%m-%dT%H:%M:%SZ}">{circumstances.began:%Y-%m-%d %H:%M:%S} UTC</time>'
    )
    version = f", with mockserver {escape(circumstances.version)}" if circumstances.version else ""
    return f"examined {by} at {moment}, in {circumstances.seconds:.1f} s{version}"


def _contents(verdict: Verdict, found: list[Kind]) -> Iterator[str]:
    parts = {
        "findings": f"What is broken ({len(found)})" if found else "",
        "doubts": f"What is in doubt ({len(verdict.doubts)})" if verdict.doubts else "",
        "results": f"What was examined ({len(verdict.results)})" if verdict.results else "",
        "clauses": f"Clauses ({len(verdict.clauses)})" if verdict.clauses else "",
    }
    items = "".join(f'<li><a href="#{name}">{text}</a></li>' for name, text in parts.items() if text)
    yield f'<nav aria-label="Parts of this report"><ul>{items}</ul></nav>'


def _summary(verdict: Verdict, found: list[Kind]) -> Iterator[str]:
    yield '<section id="summary" aria-labelledby="summary-heading"><h2 id="summary-heading">Summary</h2>'
    if verdict.trouble:
        yield f'<p class="not-examined">The examination is incomplete: {safe(verdict.trouble)}</p>'
    elif verdict.doubts:
        yield f'<p class="not-examined">{len(verdict.doubts)} places are in doubt: two readers disagree there.</p>'
    elif verdict.status is ExitStatus.NOT_EXAMINED:
        yield '<p class="not-examined">Nothing was examined, and that is no pass.</p>'
    if first := advice(verdict):
        yield f'<p class="advice">{escape(first)}</p>'
    states, clauses = Counter(result.state for result in verdict.results), Counter(verdict.coverage().values())
    sums = {
        "kept": states["kept"],
        "broken": states["broken"],
        "not examined": states["not examined"],
        "kinds of findings": len(found),
        "clauses kept": clauses["kept"],
        "clauses broken": clauses["broken"],
        "clauses not examined": clauses["not examined"],
    }
    yield f'<ul class="sums">{"".join(f"<li><b>{number}</b>{name}</li>" for name, number in sums.items())}</ul>'
    yield from _options(verdict)
    yield "</section>"


def _options(verdict: Verdict) -> Iterator[str]:
    settings = {**({"readers": verdict.readers} if verdict.readers else {}), **verdict.circumstances.settings}
    rows = "".join(f"<dt>{safe(name)}</dt><dd>{safe(value)}</dd>" for name, value in settings.items())
    if rows:
        yield f"<details open><summary>Options</summary><dl>{rows}</dl></details>"


def _findings(verdict: Verdict, found: list[Kind]) -> Iterator[str]:
    if not found:
        return
    yield '<section id="findings" aria-labelledby="findings-heading"><h2 id="findings-heading">What is broken</h2>'
    for number, kind in enumerate(found, start=1):
        yield from finding_article(verdict, kind, number)
    yield "</section>"


def _doubts(verdict: Verdict) -> Iterator[str]:
    found = doubts(verdict)
    if not found:
        return
    yield '<section id="doubts" aria-labelledby="doubts-heading"><h2 id="doubts-heading">What is in doubt</h2>'
    yield "<p>Two readers of the contract disagree here, so that nobody is to be believed.</p>"
    for number, kind in enumerate(found, start=1):
        yield from finding_article(verdict, kind, number, "doubt")
    yield "</section>"


def _not_judged(verdict: Verdict) -> Iterator[str]:
    if not verdict.not_judged:
        return
    rows = "".join(f"<dt>{safe(what)}</dt><dd>{safe(why)}</dd>" for what, why in verdict.not_judged.items())
    yield '<section aria-labelledby="not-judged-heading"><h2 id="not-judged-heading">Not judged</h2>'
    yield f"<p>No source settles these, so nobody looked at them:</p><dl>{rows}</dl></section>"
