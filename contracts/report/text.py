"""The report for a terminal: short when all is well, and with the way out when it is not."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TextIO

from ..judging.findings import Calls, ExitStatus, Finding, Result, Verdict
from .kinds import Kind, advice, doubts, kinds

_WIDTH: Final = 120
_MARGIN: Final = " " * 12
#: So many lines of a time line; the other reports have all of them.
_MOST_CALLS: Final = 40
#: So many names of what was not examined for one reason.
_MOST_LEFT_OUT: Final = 10
#: So many lines of names of clauses.
_MOST_NAMES: Final = 5

_VERDICTS: Final = {
    ExitStatus.KEPT: ("KEPT", "32"),
    ExitStatus.BROKEN: ("BROKEN", "31"),
    ExitStatus.NOT_EXAMINED: ("COULD NOT EXAMINE", "33"),
}


@dataclass(frozen=True)
class _Page:
    """Where the report is shown."""

    #: Puts a text in a colour of the terminal, or leaves it as it is.
    paint: Callable[[str, str], str] = lambda text, _colour: text
    width: int = _WIDTH

    def wrapped(self, text: str, margin: str = _MARGIN) -> str:
        """Break *text* into lines that begin with *margin*, all but the first."""
        width = max(self.width - len(margin), 20)
        return f"\n{margin}".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def as_text(verdict: Verdict) -> str:
    """Return the report without colours."""
    return _report(verdict, _Page())


def write_text(verdict: Verdict, out: TextIO) -> None:
    """Write the report to *out*: as wide as a terminal is, and with colours unless NO_COLOR forbids them."""
    if not out.isatty():
        out.write(as_text(verdict))
        return
    width = min(shutil.get_terminal_size().columns, _WIDTH)
    page = _Page(width=width) if os.environ.get("NO_COLOR") else _Page(_coloured, width)
    out.write(_report(verdict, page))


def _coloured(text: str, colour: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"


def _report(verdict: Verdict, page: _Page) -> str:
    text = "\n".join(_lines(verdict, page)) + "\n"
    return text.encode(errors="replace").decode()  # a terminal cannot show halves of characters


def _lines(verdict: Verdict, page: _Page) -> Iterator[str]:
    """Yield the lines: the verdict comes first and, for whoever sees the end only, last."""
    first = [page.wrapped(advice(verdict), "")] if advice(verdict) else []
    yield from _verdict(verdict, page)
    yield from first
    yield ""
    for kind in kinds(verdict):
        yield from _kind(verdict, kind, page)
    for kind in doubts(verdict):
        yield from _kind(verdict, kind, page, word="IN DOUBT", colour="33")
    yield from _notes(verdict)
    yield from _not_examined(verdict, page)
    yield from _sums(verdict, page)
    if verdict.readers:
        yield f"readers: {verdict.readers}"
    if verdict.not_judged:
        yield page.wrapped(f"not judged, because no source settles it: {'; '.join(verdict.not_judged)}", "    ")
    yield from _circumstances(verdict, page)
    yield from first
    yield from _verdict(verdict, page)


def _verdict(verdict: Verdict, page: _Page) -> Iterator[str]:
    word, colour = _VERDICTS[verdict.status]
    yield f"{page.paint(word, f'1;{colour}')}  {_printable(verdict.subject)}, by {verdict.contract}"
    if verdict.trouble:
        yield f"The examination is incomplete: {_printable(verdict.trouble)}"
    elif verdict.doubts:
        yield f"{len(verdict.doubts)} places are in doubt: two readers of the contract disagree there."
    elif verdict.status is ExitStatus.NOT_EXAMINED:
        yield "Nothing was examined, and that is no pass."


def _kind(verdict: Verdict, kind: Kind, page: _Page, *, word: str = "BROKEN", colour: str = "31") -> Iterator[str]:
    found = kind.finding
    source = f" ({found.clause.standing}; {'; '.join(found.clause.sources)})" if found.clause else ""
    yield f"{page.paint(word, f'1;{colour}')}  {page.paint(found.rule, '1')}{source}"
    for name, text in _rows(verdict, found, kind.also):
        if text:
            lines = _printable(text)
            yield f"  {name:<8}  {lines if name == 'repeat' else page.wrapped(lines)}"
    yield from _timeline(kind.result, page)
    yield ""


def _rows(verdict: Verdict, found: Finding, also: str) -> Iterator[tuple[str, str]]:
    yield "where", found.where
    yield "expected", found.expected
    yield "got", found.got
    yield "mend", found.cure
    yield "repeat", found.repeat
    yield "contract", f"{verdict.contract}:{found.line}" if found.pointer else ""
    yield "also", also


def _timeline(result: Result, page: _Page) -> Iterator[str]:
    """Draw the calls of the run in which something was found."""
    if not result.timeline:
        return
    yield f"  calls     {page.wrapped(_printable(' '.join(result.notes)))}"
    yield from (f"{_MARGIN}{_printable(line)}" for line in result.timeline[:_MOST_CALLS])
    if len(result.timeline) > _MOST_CALLS:
        yield f"{_MARGIN}... {len(result.timeline) - _MOST_CALLS} more lines; the html report has all of them"


def _printable(text: str) -> str:
    """Return *text* without what a terminal would obey: the subject may have sent it."""
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape", "surrogatepass").decode("ascii") for c in text
    )


def _notes(verdict: Verdict) -> Iterator[str]:
    """Yield the notes of results in which something was found, and that have no time line."""
    for result in verdict.results:
        if result.findings and result.notes and not result.timeline:
            yield result.name
            yield from (f"  {_printable(line)}" for line in result.notes)
            yield ""


def _not_examined(verdict: Verdict, page: _Page) -> Iterator[str]:
    reasons: dict[str, list[str]] = {}
    for result in verdict.results:
        if result.state == "not examined":
            reasons.setdefault(result.not_examined, []).append(result.name)
    for reason, names in reasons.items():
        yield page.paint(f"Not examined: {_printable(reason)}", "33")
        yield from (f"  {name}" for name in names[:_MOST_LEFT_OUT])
        if len(names) > _MOST_LEFT_OUT:
            yield f"  ... and {len(names) - _MOST_LEFT_OUT} more, which the html report names"
        yield ""


def _calls(counted: Iterable[Calls]) -> Iterator[str]:
    """Yield for each operation how many calls were accepted and refused: where none is accepted, no refusal counts."""
    sums: dict[str, Calls] = {}
    for calls in counted:
        before = sums.get(calls.operation, Calls(calls.operation, 0, 0))
        both = Calls(calls.operation, before.accepted + calls.accepted, before.refused + calls.refused)
        sums[calls.operation] = both
    width = max(map(len, sums), default=0)
    yield from (f"  {name:<{width}}  {calls.summary}" for name, calls in sums.items())


def _sums(verdict: Verdict, page: _Page) -> Iterator[str]:
    for suite in dict.fromkeys(result.suite for result in verdict.results):
        results = [result for result in verdict.results if result.suite == suite]
        # Situations of a client go side by side; the longest is nearest to what one waited.
        total = max if suite == "clients" else sum
        seconds = total(result.seconds for result in results)
        yield f"{suite}: {_counted(result.state for result in results)}, in {seconds:.1f} s"
        yield from _calls([result.calls for result in results if result.calls])
    if verdict.clauses:
        states = verdict.coverage()
        yield f"clauses: {_counted(states.values())}"
        # Where nothing was examined, no list of names says more than that.
        for state in ("broken", "not examined") if verdict.examined else ():
            yield from _named(state, [name for name, each in states.items() if each == state], page)


def _counted(states: Iterable[str]) -> str:
    counts = Counter(states)
    return ", ".join(f"{counts[state]} {state}" for state in ("kept", "broken", "not examined"))


def _named(state: str, clauses: list[str], page: _Page) -> Iterator[str]:
    """Name the *clauses* of a *state*, or the first lines of them; the other reports name all."""
    if not clauses:
        return
    lines = page.wrapped(f"{state}: {', '.join(clauses)}", "    ").splitlines()
    yield from (f"  {line}" for line in lines[:_MOST_NAMES])
    if left := ", ".join(lines[_MOST_NAMES:]):
        yield f"      ... and {len([name for name in clauses if name in left])} more, which the html report names"


def _circumstances(verdict: Verdict, page: _Page) -> Iterator[str]:
    circumstances = verdict.circumstances
    if circumstances.began:
        by = f", by mockserver {circumstances.version}" if circumstances.version else ""
        yield f"examined: {circumstances.began:%Y-%m-%d %H:%M:%S} UTC, in {circumstances.seconds:.1f} s{by}"
    options = "; ".join(f"{name} {_printable(value)}" for name, value in circumstances.settings.items())
    if options:
        yield page.wrapped(f"options: {options}", " " * 9)
