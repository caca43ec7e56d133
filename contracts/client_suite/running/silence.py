"""Gives up on a client that calls nobody, and says which variable and which URL it was given."""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import NoCallError
from ...mock.spaces import Space
from ..judge import Run

#: So many runs without a call are no accident; to wait for all others would teach nothing more.
_ENOUGH = 3


def silent(runs: Iterable[Run], situations: int) -> bool:
    """Say whether the *runs* that are over, of all *situations*, show that the client calls nobody."""
    over = tuple(runs)
    ran = [run for run in over if not run.trouble]
    enough = len(ran) >= _ENOUGH or len(over) == situations
    return bool(ran) and enough and not any(run.attempts for run in ran)


def no_call(run: Run, mock: Space | None) -> NoCallError:
    """Say what the silent client was given; *mock* is where calls arrive that have lost the path of their URL."""
    variable, url = run.given
    strays = len(mock.journal()[0]) if mock else 0
    if mock and strays:
        return NoCallError(
            f"no call arrived at the URL that the client was given, {variable}={url}, but {strays} at {mock.url}: "
            "append to the whole of that URL, its path included, or take one without a path by "
            "`address: host` in the profile"
        )
    return NoCallError(
        f"no call arrived at the URL that the client was given, {variable}={url} ({run.report.full_ending}); "
        f"take the base URL from {variable}, or name your variable as `url_variable` in the profile"
    )
