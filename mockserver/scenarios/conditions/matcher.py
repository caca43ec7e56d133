"""Conditions on a call, and what keeps a call from meeting them."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.open_hours import OpenHours

#: The operations that ask for an engagement. A matcher that names none is about these.
ASKING = ("getEngagement", "createFirstSession", "createSession")
#: The operations behind each door.
DOORS = {"js": ("getEngagement",), "rest": ("createFirstSession", "createSession", "updateSession")}

_MOST_SHOWN = 200
#: Looks at the first few members only, so that large bodies cost no more to describe than small ones.
_BRIEF = reprlib.Repr()
_BRIEF.maxlevel = 4
_BRIEF.maxstring = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What a matcher may ask for and the call does not say."""

    #: The clock of the space, aware and in UTC.
    now: datetime
    #: Whether the call carries neither a visitor nor a session.
    first_call: bool


@dataclass(frozen=True, kw_only=True)
class Matcher:
    """Conditions on a call; where alternatives are given, one of them is enough, and none means any."""

    #: At least one; a matcher without any matches nothing.
    operations: tuple[str, ...] = ASKING
    account: tuple[str, ...] = ()
    visitor: tuple[str, ...] = ()
    session: tuple[str, ...] = ()
    app_type: tuple[str, ...] = ()
    first_call: bool | None = None
    #: All of them.
    consumer_sections: tuple[str, ...] = ()
    app_details: Mapping[str, Json] = field(default_factory=dict)
    #: Each is contained in one of the call's.
    engagement_attributes: tuple[Json, ...] = ()
    #: Names in lower case.
    headers: Mapping[str, str] = field(default_factory=dict)
    open_hours: OpenHours | None = None

    def differences(self, call: ValidCall, facts: Facts) -> list[str]:
        """Say what keeps *call* from matching; nothing means it matches."""
        return list(self._differences(call, facts))

    def matches(self, call: ValidCall, facts: Facts) -> bool:
        """Tell whether there are no differences, and stop at the first."""
        return next(self._differences(call, facts), None) is None

    def _differences(self, call: ValidCall, facts: Facts) -> Iterator[str]:
        if call.operation not in self.operations:
            yield f"operation: wanted {_either(self.operations)}, got {call.operation!r}"
        for where, wanted, got in (
            ("account", self.account, call.account),
            ("visitor", self.visitor, call.visitor_id),
            ("session", self.session, call.session_id),
            ("appType", self.app_type, _app_type(call)),
        ):
            if wanted and got not in wanted:
                yield f"{where}: wanted {_either(wanted)}, got {_shown(got)}"
        if self.first_call is not None and self.first_call != facts.first_call:
            yield f"first call: wanted {_first(call=self.first_call)}, got {_first(call=facts.first_call)}"
        yield from self._differences_in_body(call.body)
        for name, text in self.headers.items():
            if (got := call.call.headers.get(name)) != text:
                yield f"headers.{name}: wanted {text!r}, got {_shown(got)}"
        if self.open_hours is not None and (closed := self.open_hours.difference(facts.now)):
            yield closed

    def _differences_in_body(self, body: Mapping[str, Json]) -> Iterator[str]:
        if self.consumer_sections:
            sections = body.get("consumerSections")
            for section in self.consumer_sections:
                if section not in _items(sections):
                    yield f"consumerSections: wanted {section!r} among them, got {_shown(sections)}"
        if self.app_details:
            details = body.get("appDetails")
            for name, value in self.app_details.items():
                if not contained({name: value}, details):
                    got = details.get(name) if isinstance(details, Mapping) else None
                    yield f"appDetails.{name}: wanted {_shown(value)}, got {_shown(got)}"
        if self.engagement_attributes:
            attributes = body.get("engagementAttributes")
            for attribute in self.engagement_attributes:
                if not any(contained(attribute, got) for got in _items(attributes)):
                    yield f"engagementAttributes: wanted one with {_shown(attribute)}, got {_shown(attributes)}"


def contained(wanted: Json, got: Json) -> bool:
    """Tell whether *got* says all that *wanted* says; members and items may be added, numbers differ from booleans."""
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(
            name in got and contained(value, got[name]) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(got, list) and all(any(contained(item, other) for other in got) for item in wanted)
    return isinstance(wanted, bool) == isinstance(got, bool) and bool(wanted == got)


def _app_type(call: ValidCall) -> Json:
    """Return the app type; left out at the JS door it means EXTERNAL (clause JS-APPTYPE-DEFAULT)."""
    default = "EXTERNAL" if call.operation in DOORS["js"] else None
    return call.body.get("appType", default)


def _items(value: Json) -> list[Json]:
    """Return a list; an operation whose contract does not know the member lets it be anything."""
    return value if isinstance(value, list) else []


def _either(texts: tuple[str, ...]) -> str:
    return " or ".join(map(repr, texts))


def _first(*, call: bool) -> str:
    return "a first call" if call else "a call with a visitor or a session"


def _shown(value: Json) -> str:
    """Write a value on one short line."""
    if value is None:
        return "nothing"
    text = _BRIEF.repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
