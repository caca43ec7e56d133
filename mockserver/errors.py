"""Everything that can go wrong on purpose.

* MockServerError
  - StartupError            the server refuses to start
    · SettingsError         a setting is unknown, malformed or at odds with another
    · SpecError             the contract cannot be honoured as it is written
    · ScenarioError         a scenario cannot be read (also raised at run time, by the admin API);
                            it has all that is wrong with the document
    · UnreadableFile        the file of a scenario cannot be read, whatever it says
  - StoreUnavailable        the store does not answer; told to the caller as 503
    · StoreFull             it has no room for what is written
  - Conflict                others have changed what a transaction read; it is to be done again
  - WouldBlock              what is asked would block, and the caller does not wait
  - AdminError              an admin request is refused; carries its status and the way out
  - CallError               a call is answered with an error of the contract
    · EarlyRefusal          400, 404, 405, 413: it is no call that an operation can judge
    · InvalidCall           400, 401, 404: the call breaks clauses
    · Refused               any documented error that is not the call's fault: loading, unavailable
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Protocol

from mockserver.model import Code, Unlisted, ValidCall, Violation


class MockServerError(Exception):
    """The base of everything this package raises on purpose."""


class StartupError(MockServerError):
    """The server refuses to start; the message says why and what to do."""


class SettingsError(StartupError):
    """A setting is unknown, malformed or at odds with another."""


class SpecError(StartupError):
    """The contract cannot be honoured as it is written."""


class Spot(Protocol):
    """One mistake, and the part of a document that has it."""

    @property
    def where(self) -> str:
        """The path of the part; empty for the document itself."""

    @property
    def what(self) -> str:
        """What is wrong with it."""


class ScenarioError(StartupError):
    """A scenario cannot be read; the message has a line for each mistake: its place, its key, the nearest valid key."""

    def __init__(self, message: str, mistakes: Iterable[Spot] = ()) -> None:
        super().__init__(message)
        self.mistakes = tuple(mistakes)


class UnreadableFile(ScenarioError):
    """The file of a scenario is not there, or cannot be read; that says nothing about the scenario."""


class StoreUnavailable(MockServerError):
    """The store does not answer, or does not answer in time."""


class StoreFull(StoreUnavailable):
    """The store has no room for what is written; reading goes on."""


class Conflict(MockServerError):
    """Others have changed what a transaction rests on; nothing was written, and it is to be done again."""


class WouldBlock(MockServerError):
    """What is asked would block, for another process or for a disk, and the caller does not wait; nothing was done."""


class AdminError(MockServerError):
    """An admin request is refused."""

    def __init__(self, status: int, message: str, details: Sequence[Violation] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.details = tuple(details)


class CallError(MockServerError):
    """A call is answered with an error of the contract."""

    #: Headers of the reply beside those of every error.
    headers: tuple[tuple[str, str], ...] = ()

    def __init__(
        self, status: int, code: Code | None, message: str | None, violations: Sequence[Violation] = ()
    ) -> None:
        super().__init__(message or HTTPStatus(status).phrase)
        self.status = status
        #: What the API calls the error; None for the code that its `ErrorShape` has for the status.
        self.code = code
        #: The `message` of the error entity; None leaves the optional member out.
        self.message = message
        self.violations = tuple(violations)


class EarlyRefusal(CallError):
    """A call is refused before any operation judges it; the API that it seems to be for has the clause and the code.

    *rule* is a field of `CallClauses`.
    """

    def __init__(self, status: int, rule: str, where: str, what: str, *, message: str | None = None) -> None:
        super().__init__(status, None, what if message is None else message)
        self.rule = rule
        self.where = where
        self.what = what


class InvalidCall(CallError):
    """The call breaks clauses; the first violation decides status, code and message."""

    #: What could be read of the call all the same, so that its identifiers can be judged too.
    partly: ValidCall | None = None
    #: What the call carries that the contract does not list.
    unlisted: tuple[Unlisted, ...] = ()


class Refused(CallError):
    """A documented error that is not the call's fault."""


def nearest(word: str, known: Iterable[str], prefix: str = "") -> str:
    """Return `; did you mean 'x'?` for the known word nearest to *word*, or nothing; their *prefix* does not count."""
    import difflib  # only somebody who has erred needs it

    rest = {name.removeprefix(prefix): name for name in known}
    close = difflib.get_close_matches(word.removeprefix(prefix), rest, n=1, cutoff=0.6)
    return f"; did you mean {rest[close[0]]!r}?" if close else ""


def installing(extra_name: str) -> str:
    """Return the command that brings an extra of ours."""
    return f"pip install 'engagement-mockserver[{extra_name}]'"


@contextmanager
def extra(package: str, wanted_by: str) -> Iterator[None]:
    """Raise `SettingsError`, which says how to install *package*, when it is what the imports inside lack."""
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] != package:
            raise
        raise SettingsError(
            f"{wanted_by} needs the {package} package, which is not installed; {installing(package)}"
        ) from error
