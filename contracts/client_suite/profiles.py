"""How a client is run, and how it says what came out: a profile file beside the client."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from marshmallow import ValidationError, validates_schema
from marshmallow.validate import Length, Regexp

from ..reading.argument_types import ACCOUNT, ACCOUNT_IS
from ..reading.file_shapes import (
    Amount,
    AnyText,
    Choice,
    ExitCode,
    FileShape,
    Inner,
    Several,
    Table,
    Text,
    Whole,
    loaded,
)
from ..reading.json_text import parsed
from ..reading.strict_yaml import read

#: The words in which a client's outcome is judged.
OUTCOMES: Final = ("available", "not_available", "error")
_VARIABLE: Final = Regexp(r"[^=\0]+\Z", error="must be the name of a variable, without =")
#: A text in JSON may hold other signs that Python takes for the end of a line.
_LINE_END: Final = re.compile(r"[\r\n]+")
_NO_WORDS: Final = "must have at least one word; leave the key out to give the command after --"


@dataclass(frozen=True)
class Report:
    """What a client left behind when it ended."""

    exit_code: int | None
    stdout: str = ""
    stderr: str = ""
    #: Whether it came to an end by itself.
    finished: bool = True
    seconds: float = 0.0
    #: How many bytes were not kept of the beginning of each stream, by its name.
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def ending(self) -> str:
        """Say on one line how the client ended, for people."""
        if not self.finished:
            return f"was stopped after {self.seconds:.0f} s"
        last = next((line for line in reversed(self.stderr.splitlines()) if line.strip()), "")
        return f"exit status {self.exit_code}" + (f", {last.strip()[:200]}" if last else "")

    @property
    def full_ending(self) -> str:
        """Say how the client ended, and of which streams only the end was kept."""
        return "; ".join([self.ending, *self.cut])

    @property
    def cut(self) -> tuple[str, ...]:
        """Say of each stream of which only the end was kept how much is missing."""
        return tuple(
            f"the first {count / 1_000_000:,.1f} MB on {stream} were not kept, only the last megabyte was"
            for stream, count in self.dropped.items()
            if count
        )


@dataclass(frozen=True)
class Profile:
    """How to run a client, and how to read its outcome."""

    name: str = "client"
    command: tuple[str, ...] = ()
    #: Where the command is run; the folder of the profile.
    directory: Path | None = None
    #: The file that says all this; None when nothing does.
    file: Path | None = None
    url_variable: str = "ENGAGEMENT_URL"
    account_variable: str = "ENGAGEMENT_ACCOUNT"
    account: str = "56072331"
    environment: Mapping[str, str] = field(default_factory=dict)
    #: The name of a shipped policy, or a file.
    policy: str = "documented"
    #: The member of a JSON line that names the outcome; "" when the client prints none.
    outcome_member: str = ""
    #: The outcome of each exit status; empty when the client has none.
    outcome_exits: Mapping[int, str] = field(default_factory=dict)
    #: How many runs at the same time.
    at_once: int = 32
    #: When a run is stopped; None for the pauses of the policy and some more.
    limit_s: float | None = None
    #: `path` puts the space into the path of the base URL, `host` into its host name.
    address: str = "path"

    @property
    def reports_outcome(self) -> bool:
        """Say whether the client reports what came out."""
        return bool(self.outcome_member or self.outcome_exits)

    def outcome(self, report: Report) -> str | None:
        """Read the outcome that the client reported, or None when it reported none."""
        if self.outcome_member:
            word = self.word(report)
            return word if word in OUTCOMES else None
        return self.outcome_exits.get(report.exit_code) if report.exit_code is not None else None

    def word(self, report: Report) -> str | None:
        """Return the word that the client printed for its outcome, whatever it is."""
        if not self.outcome_member:
            return None
        words = (_member(line, self.outcome_member) for line in reversed(_LINE_END.split(report.stdout)))
        return next((word for word in words if word is not None), None)

    def without_outcome(self) -> Profile:
        """Return the profile as that of a client which tells no outcome."""
        return replace(self, outcome_member="", outcome_exits={})


class _OutcomeShape(FileShape):
    """How the client says what came out."""

    line = Text()
    exit = Table(ExitCode(), Choice(*OUTCOMES), example="{0: available, 1: error, 3: not_available}")

    @validates_schema
    def outcome_is_readable(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse an outcome that can never be read: raises ValidationError when neither line nor exit is given."""
        if not data:
            raise ValidationError("must hold line, exit or both; leave the key out when the client tells no outcome")


class _ProfileShape(FileShape):
    """A profile as it is written."""

    client = Text()
    command = Several(Text(), example='["{python}", button.py]', validate=Length(min=1, error=_NO_WORDS))
    url_variable = Text(validate=_VARIABLE)
    account_variable = Text(validate=_VARIABLE)
    account = Text(validate=Regexp(ACCOUNT, error=ACCOUNT_IS))
    environment = Table(Text(validate=_VARIABLE), AnyText(), example="{LANG: C.UTF-8, DEBUG: true}")
    policy = Text()
    outcome = Inner(_OutcomeShape)
    at_once = Whole(least=1)
    limit_s = Amount("seconds", positive=True)
    address = Choice("path", "host")

    @validates_schema
    def variables_differ(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a variable that two would write to: raises ValidationError."""
        url, account = (data.get(name, getattr(Profile, name)) for name in ("url_variable", "account_variable"))
        if url == account:
            raise ValidationError(f"must be another variable than {url}, which takes the base URL", "account_variable")
        given = {url, account} & data.get("environment", {}).keys()
        if given:
            why = ["is given its value by the harness; leave it out"]
            raise ValidationError({"environment": dict.fromkeys(given, why)})


def load_profile(path: Path) -> Profile:
    """Read the profile at *path*; relative names in it start from its folder.

    Raises FileError with every mistake of the file.
    """
    given = loaded(_ProfileShape(), read(path))
    outcome = given.pop("outcome", {})
    given["name"] = given.pop("client", path.absolute().parent.name)
    given["command"] = tuple(word.replace("{python}", sys.executable) for word in given.get("command", ()))
    given["policy"] = _policy(given.get("policy", "documented"), path.parent)
    return Profile(
        directory=path.parent,
        file=path,
        outcome_member=outcome.get("line", ""),
        outcome_exits=outcome.get("exit", {}),
        **given,
    )


def _policy(name: str, folder: Path) -> str:
    return str(folder / name) if Path(name).suffix else name


def _member(line: str, name: str) -> str | None:
    if not line.lstrip().startswith("{"):  # a megabyte may be half a million lines
        return None
    try:
        value: Any = parsed(line)
    except ValueError:
        return None
    return str(value[name]) if isinstance(value, dict) and name in value else None
