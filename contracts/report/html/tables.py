"""The two tables of the page: what was examined, broken first, and the clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from ...judging.findings import Result, Verdict
from ..kinds import Kind
from .markup import clause_id, clause_link, result_id, safe, scrolling

_ORDER: Final = ("broken", "not examined", "kept")

_FILTER: Final = """
<form hidden role="search" aria-label="What was examined">
<label>Verdict<select name="state"><option value="">all</option><option>broken</option><option>not examined</option>\
<option>kept</option></select></label>
<label>Words in it<input name="text" type="search" autocomplete="off"></label>
<output name="shown" class="quiet"></output>
</form>
""".strip()


def result_tables(verdict: Verdict, found: Sequence[Kind]) -> Iterator[str]:
    """Yield a table for each suite."""
    if not verdict.results:
        return
    findings_of = _findings_of(found)
    yield '<section id="results" aria-labelledby="results-heading">'
    yield f'<h2 id="results-heading">What was examined</h2>{_FILTER}'
    for suite in dict.fromkeys(result.suite for result in verdict.results):
        results = [each for each in enumerate(verdict.results, start=1) if each[1].suite == suite]
        yield f"<table><caption>{safe(suite.capitalize())}</caption><thead><tr>"
        yield '<th scope="col" class="state">verdict</th><th scope="col">what</th>'
        yield '<th scope="col" class="seconds">time</th></tr></thead><tbody>'
        for number, result in sorted(results, key=lambda each: _ORDER.index(each[1].state)):
            yield _row(verdict, number, result, findings_of.get(number, ()))
        yield "</tbody></table>"
    yield "</section>"


def _findings_of(found: Sequence[Kind]) -> Mapping[int, Sequence[int]]:
    """Return the numbers of the findings of each result, by the number of the result."""
    numbers: dict[int, list[int]] = {}
    for number, kind in enumerate(found, start=1):
        for result in kind.results:
            numbers.setdefault(result, []).append(number)
    return numbers


def _row(verdict: Verdict, number: int, result: Result, findings: Sequence[int]) -> str:
    lines = [f"<div>{safe(result.name)}</div>"]
    if findings:
        links = ", ".join(f'<a href="#finding-{each}">{each}</a>' for each in findings)
        lines.append(f"<div>finding {links}</div>")
    if result.not_examined:
        lines.append(f'<div class="quiet">{safe(result.not_examined)}</div>')
    lines += [f'<div class="quiet">{safe(note)}</div>' for note in result.notes]
    if result.timeline:
        drawn = scrolling(result.timeline, f"Time line of {result.name}")
        # Where nothing was found, nobody looks for it.
        lines.append(drawn if result.findings else f"<details><summary>time line</summary>{drawn}</details>")
    if result.clauses:
        links = ", ".join(clause_link(verdict, name) for name in result.clauses)
        lines.append(f"<details><summary>{_counted(len(result.clauses), 'clause')}</summary>{links}</details>")
    return (
        f'<tr id="{result_id(number)}" data-state="{result.state}">{_state(result.state)}'
        f'<td data-key="{safe(result.name)}">{"".join(lines)}</td><td class="seconds">{result.seconds:.2f} s</td></tr>'
    )


def clause_table(verdict: Verdict) -> Iterator[str]:
    """Yield the table of the clauses that bind the subject, the broken ones first."""
    if not verdict.clauses:
        return
    yield '<section id="clauses" aria-labelledby="clauses-heading"><h2 id="clauses-heading">Clauses</h2>'
    yield "<table><thead><tr>"
    yield '<th scope="col" class="state">verdict</th><th scope="col">rule</th>'
    yield '<th scope="col" class="standing">standing</th></tr></thead><tbody>'
    for name, state in sorted(verdict.coverage().items(), key=lambda each: _ORDER.index(each[1])):
        clause = verdict.clauses[name]
        yield (
            f'<tr id="{clause_id(name)}">{_state(state)}<td><b>{escape(name)}</b><div>{escape(clause.rule)}</div>'
            f'<div class="quiet">{escape("; ".join(clause.sources))}</div></td><td>{escape(clause.standing)}</td></tr>'
        )
    yield "</tbody></table></section>"


def _state(state: str) -> str:
    return f'<td class="{state.replace(" ", "-")}" data-key="{_ORDER.index(state)}">{state}</td>'


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number > 1)}"
