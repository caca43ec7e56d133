"""The report for a browser: one page without anything to fetch."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from ..findings import Finding, Result, Verdict, alike

_STYLE: Final = """
:root { color-scheme: light dark; --kept: #1a7f37; --broken: #cf222e; --left: #9a6700; --line: #8884; --soft: #8881; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
.verdict { font-weight: 700; }
.kept { color: var(--kept); } .broken { color: var(--broken); } .left { color: var(--left); }
.sums { display: flex; gap: 2rem; flex-wrap: wrap; margin: 1rem 0; padding: 0; list-style: none; }
.sums b { font-size: 1.5rem; display: block; font-variant-numeric: tabular-nums; }
article { border: 1px solid var(--line); border-left: 4px solid var(--broken); border-radius: 6px; padding: .75rem 1rem;
  margin: 1rem 0; }
article h3 { margin: 0 0 .5rem; font-size: 1rem; } article h3 small { font-weight: 400; opacity: .75; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .3rem 1rem; margin: 0; } dt { opacity: .7; } dd { margin: 0; }
dd { overflow-wrap: anywhere; } td { overflow-wrap: break-word; } code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--soft); padding: .5rem; border-radius: 4px; white-space: pre-wrap; margin: 0; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .5rem; vertical-align: top;
  border-bottom: 1px solid var(--line); } th { font-weight: 600; } td:first-child { white-space: nowrap; }
details { margin: .5rem 0; } summary { cursor: pointer; }
""".strip()

_WORDS: Final = {0: ("kept", "kept"), 1: ("broken", "broken"), 2: ("could not examine", "left")}
_CLASSES: Final = {"kept": "kept", "broken": "broken", "not examined": "left"}


def as_html(verdict: Verdict) -> str:
    """Return the page."""
    return "\n".join(_page(verdict)) + "\n"


def _page(verdict: Verdict) -> Iterator[str]:
    word, colour = _WORDS[verdict.status]
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    yield f"<title>{escape(word)}: {escape(verdict.subject)}</title><style>{_STYLE}</style></head><body>"
    yield f'<h1><span class="verdict {colour}">{word}</span> {escape(verdict.subject)}</h1>'
    yield f"<div>examined by {escape(verdict.contract)}</div>"
    yield from _sums(verdict)
    if verdict.trouble:
        yield f'<p class="left">The examination is incomplete: {escape(verdict.trouble)}</p>'
    if verdict.findings:
        yield "<h2>What is broken</h2>"
    for found, others in verdict.alike():
        yield from _finding(verdict, found, others)
    if verdict.doubts:
        yield '<h2 class="left">What is in doubt, because two readers of the contract disagree</h2>'
    for doubt, others in alike(verdict.doubts):
        yield from _finding(verdict, doubt, others)
    yield from _results(verdict)
    if verdict.readers:
        yield f"<p>Readers: {escape(verdict.readers)}.</p>"
    yield from _clauses(verdict)
    yield from _not_judged(verdict)
    yield "</body></html>"


def _not_judged(verdict: Verdict) -> Iterator[str]:
    if verdict.not_judged:
        items = "".join(f"<li>{escape(what)}: {escape(why)}</li>" for what, why in verdict.not_judged.items())
        yield f"<h2>Not judged</h2><p>No source settles these, so nobody looked at them:</p><ul>{items}</ul>"


def _sums(verdict: Verdict) -> Iterator[str]:
    states = list(verdict.coverage().values())
    sums = {
        "examined": len(verdict.examined),
        "findings": len(verdict.findings),
        "not examined": len(verdict.results) - len(verdict.examined),
        "clauses kept": states.count("kept"),
        "clauses broken": states.count("broken"),
        "clauses not examined": states.count("not examined"),
    }
    items = "".join(f"<li><b>{number}</b>{name}</li>" for name, number in sums.items())
    yield f'<ul class="sums">{items}</ul>'


def _finding(verdict: Verdict, found: Finding, others: tuple[str, ...]) -> Iterator[str]:
    source = (
        f" <small>{escape(found.clause.standing)}; {escape('; '.join(found.clause.sources))}</small>"
        if found.clause
        else ""
    )
    also = f"in {len(others)} more places, such as {others[0]}" if others else ""
    yield f"<article><h3>{escape(found.rule)}{source}</h3><dl>"
    for name, text in (
        ("where", found.where),
        ("expected", found.expected),
        ("got", found.got),
        ("mend", found.cure),
        ("contract", f"{verdict.contract}, line {found.line}" if found.pointer else ""),
        ("also", also),
    ):
        if text:
            yield f"<dt>{name}</dt><dd>{_safe(text)}</dd>"
    if found.repeat:
        yield f"<dt>repeat</dt><dd><pre>{_safe(found.repeat)}</pre></dd>"
    yield "</dl></article>"


def _results(verdict: Verdict) -> Iterator[str]:
    for suite in dict.fromkeys(result.suite for result in verdict.results):
        yield f"<h2>{escape(suite.capitalize())}</h2><table>"
        yield "<tr><th>verdict</th><th>what was examined</th><th>clauses</th></tr>"
        yield from (_row(result) for result in verdict.results if result.suite == suite)
        yield "</table>"


def _row(result: Result) -> str:
    state = "not examined" if result.not_examined else "broken" if result.findings else "kept"
    reason = f"<br><small>{_safe(result.not_examined)}</small>" if result.not_examined else ""
    told = f"{_safe(result.name)}{reason}{_folded((*result.notes, *result.timeline))}"
    clauses = escape(", ".join(result.clauses))
    return f'<tr><td class="{_CLASSES[state]}">{state}</td><td>{told}</td><td>{clauses}</td></tr>'


def _folded(notes: tuple[str, ...]) -> str:
    return f"<details><summary>notes</summary><pre>{_safe(chr(10).join(notes))}</pre></details>" if notes else ""


def _clauses(verdict: Verdict) -> Iterator[str]:
    if not verdict.clauses:
        return
    yield "<h2>Clauses</h2><table><tr><th>verdict</th><th>clause</th><th>rule</th><th>standing</th></tr>"
    for name, state in verdict.coverage().items():
        clause = verdict.clauses[name]
        yield (
            f'<tr><td class="{_CLASSES[state]}">{state}</td><td>{escape(name)}</td>'
            f"<td>{escape(clause.rule)}</td><td>{escape(clause.standing)}</td></tr>"
        )
    yield "</table>"


def _safe(text: str) -> str:
    """Escape *text*, which may hold halves of characters that a page cannot be written with."""
    return escape(text.encode(errors="replace").decode())
