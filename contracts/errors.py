"""Everything that the harness raises on purpose.

* HarnessError
  - CannotExamine           nothing can be said about the subject; told on one line, with exit status 2
    · FlagError             a flag of the command has a value that it cannot have
    · TokenError            the admin token cannot be read, or no request could carry it
    · FileError             a file that somebody wrote by hand has mistakes
    · UnknownPolicy         no retry policy of that name is shipped
    · UnknownValue          a case names a value that no step before it took
    · DocumentError         the contract cannot be read
    · UnknownOperation      the contract has no operation of that name
    · UnknownSituation      the contract brings no client into a situation of that name
    · NoCommand             nothing says how the client is run
    · CommandError          the client's command cannot be run
    · NoCallError           the client made no call in any of its runs
    · HarError              a file is no HAR, or one that nothing can be said about
    · GeneratedError        the generated calls could not be made
    · ReportError           a report is wanted that there is not, or where none can be written
    · SubjectError          the server under examination gives nothing to examine
      · Unanswered          it gave no complete HTTP reply
        · CutShort          its reply began, and ended too early
      · NoSession           it opened no session
      · AdminRefused        its admin API refused a request
    · SteeringError         the mock cannot be started, reached or steered
      · NotOffered          it refused something that it does not offer, such as a fault
  - Unreadable              what somebody sent cannot be read; whoever looks at it makes a finding of that
    · UnreadableBody        the body of a call: with the clause that it breaks, and the cure
    · NamedTwice            a JSON object names a member more than once
    · NestedTooDeep         a file by hand is nested deeper than anybody means
    · BeyondReader          the second reader of calls cannot read it to its ground
* Interrupted               a signal asks for the end; no fault, so no Exception
"""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from .spelling import suggestion, suggestion_or_all

#: What a shell makes of a command that a signal ended.
BY_SIGNAL: Final = 128


class HarnessError(Exception):
    """The base of everything that the harness raises on purpose."""


class CannotExamine(HarnessError):
    """Nothing can be said about the subject; the message says why, and the way out."""


class FlagError(CannotExamine):
    """A flag of the command has a value that it cannot have."""

    def __init__(self, flag: str, what: str) -> None:
        super().__init__(f"{flag}{what}")
        self.flag = flag


class TokenError(CannotExamine):
    """The admin token cannot be read, or no request could carry it; the message quotes nothing of it."""


class FileError(CannotExamine):
    """A file has mistakes; the message names the file, and the line and the key of each."""


class UnknownPolicy(CannotExamine):
    """No retry policy of that name is shipped."""

    def __init__(self, name: str, shipped: Iterable[str]) -> None:
        super().__init__(
            f"no policy {name!r} is shipped{suggestion_or_all(name, shipped)}; a policy of your own is a file, "
            "and its name ends in .yaml"
        )
        self.name = name


class UnknownValue(CannotExamine):
    """A name in braces stands for no value."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"nothing was kept as {name!r}; known are {', '.join(sorted(known))}")
        self.name = name


class DocumentError(CannotExamine):
    """The contract document cannot be read."""


class UnknownOperation(CannotExamine):
    """The contract has no operation of that name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"{name!r} is no operation; known are {', '.join(known)}")
        self.name = name


class UnknownSituation(CannotExamine):
    """A situation was asked for that the contract does not give."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no situation {name!r}{suggestion(name, known)} (--list prints them all)")
        self.name = name


class NoCommand(CannotExamine):
    """No command was given, and the profile has none."""

    def __init__(self) -> None:
        super().__init__("no command was given; write it after --, or as `command` in the profile")


class CommandError(CannotExamine):
    """The command of the client cannot be run."""

    def __init__(self, program: str, why: str) -> None:
        super().__init__(f"the client's command {program!r} cannot be run: {why}")
        self.program = program


class NoCallError(CannotExamine):
    """The client made no call in any of its runs."""


class HarError(CannotExamine):
    """The file is no HAR, or one that nothing can be said about."""


class GeneratedError(CannotExamine):
    """The generated calls could not be made."""


class ReportError(CannotExamine):
    """A report is wanted that does not exist, or where none can be written."""


class SubjectError(CannotExamine):
    """The subject cannot be examined as it is."""


class Unanswered(SubjectError):
    """The subject gave no complete HTTP reply."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        #: What the operating system or the library said.
        self.reason = reason


class CutShort(Unanswered):
    """A reply began, and ended before all its bytes had come."""


class NoSession(SubjectError):
    """The server opened no session."""


class AdminRefused(SubjectError):
    """The admin API refused a request."""

    def __init__(self, method: str, path: str, status: int, text: str, summary: str) -> None:
        super().__init__(f"the admin API refused {method} {path} with {summary}")
        self.method, self.path = method, path
        self.status, self.text = status, text


class SteeringError(CannotExamine):
    """The mock cannot be started, reached or steered."""


class NotOffered(SteeringError):
    """The mock refused something that it does not offer, such as a fault."""


class Unreadable(HarnessError):
    """What somebody sent cannot be read; whoever looks at it makes a finding of that."""


class UnreadableBody(Unreadable):
    """The body of a call cannot be judged further."""

    def __init__(self, clause: str, what: str, cure: str) -> None:
        super().__init__(what)
        self.clause, self.what, self.cure = clause, what, cure


class NamedTwice(Unreadable):
    """A JSON object names a member more than once."""

    def __init__(self, member: str) -> None:
        super().__init__(f"an object in it names {member!r} more than once")
        self.member = member


class NestedTooDeep(Unreadable):
    """A file by hand is nested deeper than anybody means; *line* and *column* are counted from 1."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"nested too deep in line {line}")
        self.line, self.column = line, column


class BeyondReader(Unreadable):
    """The second reader cannot read this to its ground, so it has nothing to say about it."""


class Interrupted(BaseException):  # so that nobody takes it for a fault
    """A signal asks for the end."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {signal.Signals(number).name}")
        self.number = number
        self.status = BY_SIGNAL + number
        #: Whether what was found until then has been printed.
        self.judged = False


def fault_line(fault: BaseException) -> str:
    """Say on one line what failed in the harness itself, and in which line of which module."""
    words = " ".join(f"{type(fault).__name__}: {fault}".split())
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{words[:500]} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else words[:500]
