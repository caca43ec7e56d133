"""Does the profile fit the client? Where no outcome can be read as it says, nothing is known about the client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..reading.json_text import parsed
from ..spelling import suggestion
from .judge import Run
from .profiles import OUTCOMES, Profile


def mismatch_of(profile: Profile, runs: Sequence[Run]) -> str:
    """Say why the outcomes of *runs* cannot be read as *profile* says; empty when they can, or were never reported.

    A client that dies reports no outcome, and that is no mistake of the profile.
    """
    ended = [run for run in runs if run.attempts and run.report.finished]
    if not profile.reports_outcome or not ended:
        return ""
    spelled = {word: run for run in ended if (word := profile.word(run.report)) and word not in OUTCOMES}
    wrong = {word: run for word, run in spelled.items() if _plain(word) in set(map(_plain, OUTCOMES))}
    readable = any(profile.outcome(run.report) for run in ended)
    strange = wrong or ({} if readable else spelled)
    if strange:
        word, run = next(iter(strange.items()))
        return _mismatch(
            f"in situation {run.situation.name} the client reports {word!r}, and an outcome is one of "
            f"{', '.join(OUTCOMES)}; print one of these, or map exit statuses with outcome.exit"
        )
    if readable or not any(run.report.exit_code == 0 for run in ended):
        return ""
    if profile.outcome_member:
        return _mismatch(_no_such_member(profile.outcome_member, ended))
    statuses = sorted({run.report.exit_code for run in ended if run.report.exit_code is not None})
    named = ", ".join(map(str, statuses))
    return _mismatch(f"outcome.exit names none of the exit statuses that the client ended with: {named}; add them")


def _mismatch(what: str) -> str:
    return f"the profile does not fit what the client reports: {what}"


def _no_such_member(name: str, runs: Sequence[Run]) -> str:
    printed = [member for run in runs for line in _objects(run.report.stdout) for member in line]
    members = f"; the members that it prints are {', '.join(dict.fromkeys(printed))}" if printed else ""
    return (
        f"outcome.line is {name!r}, and in none of {len(runs)} runs a line on standard output was JSON with this "
        f"member{members}{suggestion(name, printed)}"
    )


def _objects(output: str) -> Iterator[Mapping[str, Any]]:
    for line in output.splitlines():
        try:
            value = parsed(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def _plain(word: str) -> str:
    """Return *word* without what people write in different ways."""
    return "".join(letter for letter in word.lower() if letter.isalnum())
