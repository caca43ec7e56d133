"""The report for a terminal: short when all is well, and with the way out when it is not."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TextIO

from ..findings import Calls, ExitStatus, Finding, Verdict, alike

_WIDTH: Final = 110
_MARGIN: Final = " " * 12
_MOST_NOTES: Final = 40

_VERDICTS: Final = {
    ExitStatus.KEPT: ("KEPT", "32"),
    ExitStatus.BROKEN: ("BROKEN", "31"),
    ExitStatus.NOT_EXAMINED: ("COULD NOT EXAMINE", "33"),
}

#: Puts a text in a colour of the terminal, or leaves it as it is.
Paint = Callable[[str, str], str]


def as_text(verdict: Verdict) -> str:
    """Return the report without colours."""
    return _report(verdict, lambda text, _colour: text)


def write_text(verdict: Verdict, out: TextIO) -> None:
    """Write the report to *out*, with colours if that is a terminal."""
    coloured = out.isatty()
    out.write(_report(verdict, lambda text, colour: f"\x1b[{colour}m{text}\x1b[0m" if coloured else text))


def _report(verdict: Verdict, paint: Paint) -> str:
    text = "\n".join(_lines(verdict, paint)) + "\n"
    return text.encode(errors="replace").decode()  # a terminal cannot show halves of characters


def _lines(verdict: Verdict, paint: Paint) -> Iterator[str]:
    for found, others in verdict.alike():
        yield from _finding(verdict, found, others, paint)
    for doubt, others in alike(verdict.doubts):
        yield from _finding(verdict, doubt, others, paint, word="IN DOUBT", colour="33")
    yield from _notes(verdict)
    yield from _not_examined(verdict, paint)
    yield from _sums(verdict)
    if verdict.readers:
        yield f"readers: {verdict.readers}"
    if verdict.not_judged:
        yield f"not judged, because no source settles it: {'; '.join(verdict.not_judged)}"
    word, colour = _VERDICTS[verdict.status]
    yield f"{paint(word, f'1;{colour}')}  {verdict.subject}, by {verdict.contract}"
    if verdict.trouble:
        yield f"The examination is incomplete: {_printable(verdict.trouble)}"
    elif verdict.doubts:
        yield f"{len(verdict.doubts)} places are in doubt: two readers of the contract disagree there."
    elif verdict.status is ExitStatus.NOT_EXAMINED:
        yield "Nothing was examined, and that is no pass."


def _finding(  # noqa: PLR0913 - what is told, and how
    verdict: Verdict,
    found: Finding,
    others: tuple[str, ...],
    paint: Paint,
    *,
    word: str = "BROKEN",
    colour: str = "31",
) -> Iterator[str]:
    source = f" ({found.clause.standing}; {'; '.join(found.clause.sources)})" if found.clause else ""
    yield f"{paint(word, f'1;{colour}')}  {paint(found.rule, '1')}{source}"
    rows = [
        ("where", found.where),
        ("expected", found.expected),
        ("got", found.got),
        ("mend", found.cure),
        ("repeat", found.repeat),
        ("contract", f"{verdict.contract}:{found.line}" if found.pointer else ""),
        ("also", f"in {len(others)} more places, such as {others[0]}" if others else ""),
    ]
    for name, text in rows:
        if text:
            lines = _printable(text)
            yield f"  {name:<8}  {_wrapped(lines) if name != 'repeat' else lines}"
    yield ""


def _printable(text: str) -> str:
    """Return *text* without what a terminal would obey: the subject may have sent it."""
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text
    )


def _wrapped(text: str) -> str:
    return f"\n{_MARGIN}".join(textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False))


def _notes(verdict: Verdict) -> Iterator[str]:
    """Yield what is drawn of results in which something was found."""
    for result in verdict.results:
        if result.findings and (result.notes or result.timeline):
            yield result.name
            yield from (f"  {_printable(line)}" for line in (*result.notes, *result.timeline)[:_MOST_NOTES])
            yield ""


def _not_examined(verdict: Verdict, paint: Paint) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for result in verdict.results:
        if result.not_examined:
            reasons.setdefault(result.not_examined, []).append(result.name)
    for reason, names in reasons.items():
        yield paint(f"Not examined: {_printable(reason)}", "33")
        yield from (f"  {name}" for name in names)
        yield ""


def _calls(counted: Iterable[Calls]) -> Iterator[str]:
    """Yield for each operation how many calls were accepted and refused: where none is accepted, no refusal counts."""
    sums: dict[str, Calls] = {}
    for calls in counted:
        before = sums.get(calls.operation, Calls(calls.operation, 0, 0))
        both = Calls(calls.operation, before.accepted + calls.accepted, before.refused + calls.refused)
        sums[calls.operation] = both
    width = max(map(len, sums), default=0)
    yield from (f"  {name:<{width}}  {calls.told}" for name, calls in sums.items())


def _sums(verdict: Verdict) -> Iterator[str]:
    for suite in dict.fromkeys(result.suite for result in verdict.results):
        results = [result for result in verdict.results if result.suite == suite]
        broken = sum(bool(result.findings) for result in results)
        left_out = sum(bool(result.not_examined) for result in results)
        kept = len(results) - broken - left_out
        # Situations of a client go side by side; the longest is nearest to what one waited.
        total = max if suite == "clients" else sum
        seconds = total(result.seconds for result in results)
        yield f"{suite}: {kept} kept, {broken} broken, {left_out} not examined, in {seconds:.1f} s"
        yield from _calls([result.calls for result in results if result.calls])
    if verdict.clauses:
        states = Counter(verdict.coverage().values())
        yield "clauses: " + ", ".join(f"{states[state]} {state}" for state in ("kept", "broken", "not examined"))
