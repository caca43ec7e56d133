"""How a client is run, and how it says what came out: a profile file beside the client."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

#: The words in which a client's outcome is judged.
OUTCOMES: Final = ("available", "not_available", "error")
_KEYS: Final = {
    "client", "command", "url_variable", "account_variable", "account", "environment", "policy", "outcome",
    "at_once", "limit_s", "address",
}  # fmt: skip
_OUTCOME_KEYS: Final = {"line", "exit"}


class ProfileError(Exception):
    """A profile cannot be read; the message names the file, the key and the way out."""


@dataclass(frozen=True)
class Report:
    """What a client left behind when it ended."""

    exit_code: int | None
    stdout: str = ""
    stderr: str = ""
    #: Whether it came to an end by itself.
    finished: bool = True
    seconds: float = 0.0

    @property
    def told(self) -> str:
        """Say on one line how the client ended, for people."""
        if not self.finished:
            return f"was stopped after {self.seconds:.0f} s"
        last = next((line for line in reversed(self.stderr.splitlines()) if line.strip()), "")
        return f"exit status {self.exit_code}" + (f", {last.strip()[:200]}" if last else "")


@dataclass(frozen=True)
class Profile:
    """How to run a client, and how to read its outcome."""

    name: str = "client"
    command: tuple[str, ...] = ()
    #: Where the command is run; the folder of the profile.
    directory: Path | None = None
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
    def tells_outcome(self) -> bool:
        """Say whether the client reports what came out."""
        return bool(self.outcome_member or self.outcome_exits)

    def outcome(self, report: Report) -> str | None:
        """Read the outcome that the client reported, or None when it reported none."""
        if self.outcome_member:
            for line in reversed(report.stdout.splitlines()):
                value = _member(line, self.outcome_member)
                if value is not None:
                    return value if value in OUTCOMES else None
            return None
        return self.outcome_exits.get(report.exit_code) if report.exit_code is not None else None


def load_profile(path: Path) -> Profile:
    """Read the profile at *path*; relative names in it start from its folder."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ProfileError(f"profile {path} cannot be read: {error}") from error
    if not isinstance(document, Mapping):
        raise ProfileError(f"{path}: a profile is a mapping with some of the keys {', '.join(sorted(_KEYS))}")
    _known(document, _KEYS, str(path))
    outcome = document.get("outcome", {})
    _known(outcome, _OUTCOME_KEYS, f"{path}: outcome")
    exits = {int(code): str(word) for code, word in outcome.get("exit", {}).items()}
    for word in exits.values():
        if word not in OUTCOMES:
            near = _near(word, OUTCOMES)
            raise ProfileError(f"{path}: outcome.exit: {word!r} is none of {', '.join(OUTCOMES)}{near}")
    return Profile(
        name=str(document.get("client", path.parent.name)),
        command=tuple(str(word).replace("{python}", sys.executable) for word in document.get("command", ())),
        directory=path.parent,
        environment={str(name): str(value) for name, value in document.get("environment", {}).items()},
        policy=_policy(str(document.get("policy", "documented")), path.parent),
        outcome_member=str(outcome.get("line", "")),
        outcome_exits=exits,
        **{key: document[key] for key in _PLAIN & document.keys()},
    )


_PLAIN: Final = {"url_variable", "account_variable", "account", "at_once", "limit_s", "address"}


def _policy(name: str, folder: Path) -> str:
    return str(folder / name) if Path(name).suffix else name


def _member(line: str, name: str) -> str | None:
    try:
        value: Any = json.loads(line)
    except ValueError:
        return None
    return str(value[name]) if isinstance(value, dict) and name in value else None


def _known(given: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    for key in given:
        if key not in known:
            words = ", ".join(sorted(known))
            raise ProfileError(f"{where}: unknown key {key!r}{_near(str(key), known)}; known are {words}")


def _near(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
