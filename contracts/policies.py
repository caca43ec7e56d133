"""Retry policies: how often, and after which pauses, a client may ask again. One YAML file each."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .exchanges import Answer

SHIPPED = Path(__file__).parent / "policies"

#: The words of a policy file, and the answers they speak about. A Loading reply is a 5xx.
WORDS: Mapping[str, tuple[Answer, ...]] = {
    "5xx": (Answer.SERVER_ERROR, Answer.LOADING),
    "429": (Answer.TOO_MANY,),
    "4xx": (Answer.REFUSED,),
    "not_available": (Answer.NOT_AVAILABLE,),
    "lost": (Answer.LOST,),
    "unknown_status": (Answer.UNKNOWN_STATUS,),
}
_SCHEDULE_KEYS = {"at_least", "at_most", "after_s", "late_s"}
_TOLERANCE_KEYS = {"early_percent", "late_s"}
_POLICY_KEYS = {"policy", "sentence", "source", "retries", "tolerance"}


class PolicyError(Exception):
    """A policy file cannot be read; the message names the file, the key and the way out."""


@dataclass(frozen=True)
class Schedule:
    """How often, and after which pauses, one kind of answer may be tried again."""

    at_most: int = 0
    at_least: int = 0
    #: The pause before each retry; the last one holds for all that follow, none means any pace.
    pauses_s: tuple[float, ...] = ()
    #: How much longer a pause may last; infinite when only the beginning is ruled.
    late_s: float = math.inf
    early_percent: float = 10

    def earliest_s(self, retry: int) -> float:
        """Return the shortest pause allowed before the given *retry*, counted from 1."""
        return self.pause_s(retry) * (1 - self.early_percent / 100)

    def latest_s(self, retry: int) -> float:
        """Return the longest pause allowed before the given *retry*, counted from 1."""
        return self.pause_s(retry) + self.late_s if self.pauses_s else math.inf

    def pause_s(self, retry: int) -> float:
        """Return the pause that the policy names for the given *retry*, counted from 1."""
        return self.pauses_s[min(retry, len(self.pauses_s)) - 1] if self.pauses_s else 0.0

    @property
    def longest_s(self) -> float:
        """Return how long all allowed retries together may take when each is on time."""
        return sum(self.pause_s(retry) for retry in range(1, self.at_most + 1))


@dataclass(frozen=True)
class Policy:
    """What a client may do after each kind of answer."""

    name: str
    sentence: str
    source: tuple[str, ...] = ()
    schedules: Mapping[Answer, Schedule] = field(default_factory=dict)

    def after(self, answer: Answer) -> Schedule:
        """Return the schedule for an *answer*; one that the policy does not name is never retried."""
        return self.schedules.get(answer, Schedule())

    @property
    def longest_s(self) -> float:
        """Return the longest time that a client may spend on pauses for one call."""
        return max((schedule.longest_s for schedule in self.schedules.values()), default=0.0)


def load_policy(name: str | Path) -> Policy:
    """Read a policy: the name of a shipped one, or a file."""
    path = Path(name)
    if not path.suffix:
        shipped = sorted(file.stem for file in SHIPPED.glob("*.yaml"))
        if str(name) not in shipped:
            raise PolicyError(
                f"no policy {str(name)!r}; shipped are {', '.join(shipped)}{_nearest(str(name), shipped)}"
            )
        path = SHIPPED / f"{name}.yaml"
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise PolicyError(f"policy {path} cannot be read: {error}") from error
    return policy(document, str(path))


def policy(document: Any, where: str) -> Policy:
    """Make a policy of a parsed *document*; *where* names it in messages."""
    if not isinstance(document, Mapping):
        raise PolicyError(f"{where}: a policy is a mapping with the keys {', '.join(sorted(_POLICY_KEYS))}")
    _known(document, _POLICY_KEYS, where)
    tolerance = document.get("tolerance", {})
    _known(tolerance, _TOLERANCE_KEYS, f"{where}: tolerance")
    retries = {str(word): rules for word, rules in document.get("retries", {}).items()}
    _known(retries, WORDS, f"{where}: retries")
    return Policy(
        name=str(document.get("policy", where)),
        sentence=str(document.get("sentence", "")),
        source=tuple(document.get("source", ())),
        schedules={
            answer: _schedule(rules, tolerance, f"{where}: retries.{word}")
            for word, rules in retries.items()
            for answer in WORDS[word]
        },
    )


def _schedule(rules: Mapping[str, Any], tolerance: Mapping[str, Any], where: str) -> Schedule:
    _known(rules, _SCHEDULE_KEYS, where)
    late = rules.get("late_s", tolerance.get("late_s"))
    schedule = Schedule(
        at_most=int(rules.get("at_most", 0)),
        at_least=int(rules.get("at_least", 0)),
        pauses_s=tuple(float(pause) for pause in rules.get("after_s", ())),
        late_s=math.inf if late is None else float(late),
        early_percent=float(tolerance.get("early_percent", 10)),
    )
    if schedule.at_least > schedule.at_most:
        raise PolicyError(f"{where}: at_least {schedule.at_least} is more than at_most {schedule.at_most}")
    return schedule


def _known(given: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    for key in given:
        if key not in known:
            raise PolicyError(
                f"{where}: unknown key {key!r}{_nearest(key, known)}; known are {', '.join(sorted(known))}"
            )


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
