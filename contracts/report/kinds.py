"""Findings with one cause, reported once with everywhere they occur; and what to mend first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ..judging.findings import Finding, Result, Verdict

#: What one result of a suite is called; those of other suites have no first call.
_RUNS: Final = {"cases": "case", "clients": "situation"}


@dataclass(frozen=True)
class Occurrence:
    """Where a finding was made."""

    #: The how manieth result of the verdict it is, from 1; 0 where it belongs to none.
    number: int
    result: Result
    finding: Finding


@dataclass(frozen=True)
class Kind:
    """Findings that one change would mend."""

    occurrences: tuple[Occurrence, ...]

    @property
    def finding(self) -> Finding:
        """Return the one that is reported in full."""
        return self.occurrences[0].finding

    @property
    def result(self) -> Result:
        """Return what was examined when it was found."""
        return self.occurrences[0].result

    @property
    def results(self) -> frozenset[int]:
        """Return the numbers of the results in which it was found."""
        return frozenset(occurrence.number for occurrence in self.occurrences)

    @property
    def also(self) -> str:
        """Say how often else it occurs, and name one; empty when there is none."""
        more = len(self.occurrences) - 1
        if not more:
            return ""
        return f"in {more} more place{'s' * (more > 1)}, such as {self.occurrences[1].finding.where}"


def kinds(verdict: Verdict) -> list[Kind]:
    """Return the findings of *verdict* by their kinds; what is found in most results comes first."""
    occurrences = (
        Occurrence(number, result, finding)
        for number, result in enumerate(verdict.results, start=1)
        for finding in result.findings
    )
    return sorted(_alike(occurrences), key=lambda kind: -len(kind.results))


def doubts(verdict: Verdict) -> list[Kind]:
    """Return where the readers of the contract disagree, by kinds."""
    return _alike(Occurrence(0, Result("", ""), doubt) for doubt in verdict.doubts)


def _alike(occurrences: Iterable[Occurrence]) -> list[Kind]:
    found: dict[tuple[str, ...], list[Occurrence]] = {}
    for occurrence in occurrences:
        found.setdefault(occurrence.finding.likeness, []).append(occurrence)
    return [Kind(tuple(alike)) for alike in found.values()]


def advice(verdict: Verdict) -> str:
    """Say what to mend first when most of what was examined did not get beyond its first call; else nothing."""
    runs = [
        result for result in verdict.results if result.suite in _RUNS and (result.findings or not result.not_examined)
    ]
    stuck = [result for result in runs if any(finding.at_first_call for finding in result.findings)]
    if len(runs) < 2 or len(stuck) <= len(runs) / 2:
        return ""
    word = _RUNS[stuck[0].suite]
    how_many = f"Every {word}" if len(stuck) == len(runs) else f"{len(stuck)} of {len(runs)} {word}s"
    return f"{how_many} broke at the first call; mend that first, because the rest may come of it."
