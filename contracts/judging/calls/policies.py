"""Retry policies: how often, and after which pauses, a client may ask again. One YAML file each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, validates_schema

from ...errors import UnknownPolicy
from ...locations import POLICIES
from ...reading.file_shapes import Amount, Choice, FileShape, Inner, Several, Table, Text, Whole, loaded
from ...reading.strict_yaml import read
from ..attempts import Answer

SHIPPED = POLICIES

#: The words of a policy file, and the answers they speak about. A Loading reply is a 5xx.
WORDS: Mapping[str, tuple[Answer, ...]] = {
    "5xx": (Answer.SERVER_ERROR, Answer.LOADING),
    "429": (Answer.TOO_MANY,),
    "4xx": (Answer.REFUSED,),
    "not_available": (Answer.NOT_AVAILABLE,),
    "lost": (Answer.LOST,),
    "unknown_status": (Answer.UNKNOWN_STATUS,),
}


@dataclass(frozen=True)
class Schedule:
    """How often, and after which pauses, one kind of answer may be tried again."""

    at_most: int = 0
    at_least: int = 0
    #: The pause before each retry; the last one holds for all that follow, none means any pace.
    pauses_s: tuple[float, ...] = ()
    #: How much longer a pause may last; infinite when only its beginning is judged.
    late_s: float = math.inf
    early_percent: float = 10

    def earliest_s(self, retry: int) -> float:
        """Return the shortest pause allowed before the given *retry*, counted from 1, in seconds."""
        return self.pause_s(retry) * (1 - self.early_percent / 100)

    def latest_s(self, retry: int) -> float:
        """Return the longest pause allowed before the given *retry*, counted from 1, in seconds."""
        return self.pause_s(retry) + self.late_s if self.pauses_s else math.inf

    def pause_s(self, retry: int) -> float:
        """Return the pause that the policy names for the given *retry*, counted from 1, in seconds."""
        return self.pauses_s[min(retry, len(self.pauses_s)) - 1] if self.pauses_s else 0.0

    @property
    def longest_s(self) -> float:
        """Return how many seconds all allowed retries take in sum when each is on time."""
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
        """Return the most seconds that a client may spend on pauses for one call."""
        return max((schedule.longest_s for schedule in self.schedules.values()), default=0.0)


class _ScheduleShape(FileShape):
    """How often, and after which pauses."""

    at_least = Whole()
    at_most = Whole()
    after_s = Several(Amount("seconds"), example="[5, 10, 15]")
    late_s = Amount("seconds", allow_none=True)

    @validates_schema
    def bounds_in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """Refuse a schedule that nobody can keep."""
        least, most = data.get("at_least", 0), data.get("at_most", 0)
        if least > most:
            raise ValidationError(f"at_least {least} is more than at_most {most}")


class _ToleranceShape(FileShape):
    """How far a pause may be off."""

    early_percent = Amount("percent", most=100)
    late_s = Amount("seconds", allow_none=True)


class _PolicyShape(FileShape):
    """A policy as it is written."""

    policy = Text()
    sentence = Text()
    source = Several(Text(), example="[RETRY]")
    retries = Table(Choice(*WORDS), Inner(_ScheduleShape), example="{5xx: {at_most: 3, after_s: [5, 10, 15]}}")
    tolerance = Inner(_ToleranceShape)


def load_policy(name: str | Path) -> Policy:
    """Read a policy: the name of a shipped one, or a file.

    Raises UnknownPolicy when none of that name is shipped, and FileError with every mistake of the file.
    """
    path = Path(name)
    if not path.suffix:
        shipped = sorted(file.stem for file in SHIPPED.glob("*.yaml"))
        if str(name) not in shipped:
            raise UnknownPolicy(str(name), shipped)
        path = SHIPPED / f"{name}.yaml"
    given = loaded(_PolicyShape(), read(path))
    tolerance = given.get("tolerance", {})
    return Policy(
        name=given.get("policy", str(path)),
        sentence=given.get("sentence", ""),
        source=tuple(given.get("source", ())),
        schedules={
            answer: _schedule(rules, tolerance)
            for word, rules in given.get("retries", {}).items()
            for answer in WORDS[word]
        },
    )


def _schedule(rules: Mapping[str, Any], tolerance: Mapping[str, Any]) -> Schedule:
    late = rules.get("late_s", tolerance.get("late_s"))
    return Schedule(
        at_most=rules.get("at_most", 0),
        at_least=rules.get("at_least", 0),
        pauses_s=tuple(rules.get("after_s", ())),
        late_s=math.inf if late is None else late,
        early_percent=tolerance.get("early_percent", 10),
    )
