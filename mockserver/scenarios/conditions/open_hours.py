"""The condition `open_hours`: on which days of the week, and from when to when, in the time of one timezone."""

from __future__ import annotations

import functools
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.errors import nearest
from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.base import Condition
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_RANGE = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")
_DAY_MINUTES = 24 * 60
#: The hours of one day, in the schema.
_HOURS: Mapping[str, Json] = {
    "description": "Ranges of wall-clock time; one that ends before it begins runs on into the next day.",
    "type": "array",
    "items": {
        "type": "string",
        "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
    },
}


@dataclass(frozen=True, slots=True)
class Hours:
    """A range within a day, in minutes since midnight; one that ends before it begins runs on into the next day."""

    begin: int
    end: int

    def written(self) -> str:
        """Write the range as it is read: `09:00-12:30`."""
        return f"{_clock(self.begin)}-{_clock(self.end)}"

    def hold(self, minute: int) -> bool:
        """Tell whether *minute* of the day on which these hours begin stands in them."""
        return self.begin <= minute < (self.end if self.begin < self.end else _DAY_MINUTES)

    def run_on_to(self, minute: int) -> bool:
        """Tell whether *minute* of the day after stands in them."""
        return self.end < self.begin and minute < self.end


@dataclass(frozen=True)
class OpenHours(Condition):
    """The clock of the space stands in these hours. Wall clocks are compared: a change to summer time moves nothing."""

    summary: ClassVar = "The clock of the space stands in one of these hours of the week."
    schema: ClassVar[Mapping[str, Json]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["timezone"],
        "properties": {
            "timezone": {
                "description": "A name of the IANA time zone database, such as Europe/Berlin.",
                "type": "string",
            },
            **dict.fromkeys(DAYS, _HOURS),
        },
        "anyOf": [{"required": [day], "properties": {day: {"minItems": 1}}} for day in DAYS],
    }

    timezone: zoneinfo.ZoneInfo
    #: Seven entries, Monday first.
    week: tuple[tuple[Hours, ...], ...]

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read `{timezone: Europe/Berlin, monday: ["09:00-12:30"]}`."""
        table = node.table(("timezone", *DAYS), required=("timezone",))
        week = tuple(tuple(_day(table[day])) if day in table else () for day in DAYS)
        if not any(week) and not node.is_wrong:
            node.note(f"no day is open; name hours for at least one of {', '.join(DAYS)}")
        return cls(_timezone(table["timezone"]), week)

    def hold(self, now: datetime) -> bool:
        """Tell whether *now* stands in these hours."""
        local = now.astimezone(self.timezone)
        minute = local.hour * 60 + local.minute
        today, yesterday = self.week[local.weekday()], self.week[local.weekday() - 1]
        return any(hours.hold(minute) for hours in today) or any(hours.run_on_to(minute) for hours in yesterday)

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say what keeps *now* out of these hours."""
        if not self.hold(now):
            local = now.astimezone(self.timezone)
            got = f"{DAYS[local.weekday()].title()} {local:%H:%M}"
            yield f"clock: wanted {self.written()}, got {got}"

    def written(self) -> str:
        """Write the open days on one line."""
        open_days = ((day, hours) for day, hours in zip(DAYS, self.week, strict=True) if hours)
        days = "; ".join(f"{day.title()} {', '.join(hour.written() for hour in hours)}" for day, hours in open_days)
        return f"{days} {self.timezone.key}"


def _day(node: Node) -> Iterator[Hours]:
    with node.noting():
        for item in node.items():
            with item.noting():
                yield _hours(item)


def _hours(node: Node) -> Hours:
    text = node.text()
    found = _RANGE.fullmatch(text)
    if not found:
        node.refuse(f"wanted hours such as '09:00-17:00', got {text[:50]!r}")
    hour, minute, end_hour, end_minute = found.groups()
    begin = int(hour) * 60 + int(minute)
    end = int(end_hour) * 60 + int(end_minute) if end_hour else _DAY_MINUTES
    if begin == end:
        node.refuse(f"{text!r} ends when it begins; a whole day is '00:00-24:00'")
    return Hours(begin, end)


def _timezone(node: Node) -> zoneinfo.ZoneInfo:
    name = node.text()
    if name not in _timezones():
        node.refuse(f"unknown timezone {name!r}{nearest(name, _timezones()) or '; wanted one such as Europe/Berlin'}")
    return zoneinfo.ZoneInfo(name)


@functools.cache
def _timezones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
