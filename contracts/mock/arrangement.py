"""What is arranged on the mock before a call of a case, or between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..reading.json_text import Json
from ..reading.placeholders import filled
from .admin import AdminApi


@dataclass(frozen=True)
class Arrangement:
    """What only the mock's admin API can bring about."""

    #: A preset's name.
    scenario: str = ""
    #: The stubs of a scenario document, in the mock's own words.
    stubs: tuple[Json, ...] = ()
    rules: Mapping[str, Json] = field(default_factory=dict)
    advance_ms: int = 0
    #: The clock stands still, but for what advances it.
    frozen: bool = False
    #: The case rests on a setting of the mock, although nothing has to be arranged.
    mock: bool = False


def arrange(admin: AdminApi, arrangement: Arrangement, values: Mapping[str, Json]) -> None:
    """Bring *arrangement*, with *values* filled in, about in the space that *admin* steers.

    Raises AdminRefused when the mock refuses it, and UnknownValue for a name that has no value.
    """
    if arrangement.rules:
        admin.set_rules(filled(arrangement.rules, values))
    if arrangement.scenario:
        admin.set_preset(arrangement.scenario)
    if arrangement.stubs:
        admin.set_scenario({"scenario": "arranged", "stubs": filled(arrangement.stubs, values)})
    if arrangement.frozen:
        admin.freeze_clock()
    if arrangement.advance_ms:
        admin.advance_clock(arrangement.advance_ms)
