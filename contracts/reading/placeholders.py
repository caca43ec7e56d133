"""Names in braces that stand for values, and patterns that stand for every text that fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from ..errors import UnknownValue
from ..reading.json_text import Json

#: The name of a value in braces.
PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Pattern:
    """Stands for every text that fits a regular expression."""

    regex: str

    @property
    def description(self) -> str:
        """Show the pattern as reports cite it."""
        return f"text that fits {self.regex}"


def filled(value: Json, values: Mapping[str, Json]) -> Json:
    """Put *values* in the place of their names; a text that is only a name takes the value as it is.

    Raises UnknownValue for a name that has no value.
    """

    def look_up(found: re.Match[str]) -> Json:
        if found[1] not in values:
            raise UnknownValue(found[1], values)
        return values[found[1]]

    return _mapped(value, look_up)


def partly_filled(value: Json, values: Mapping[str, Json]) -> Json:
    """Put *values* in the place of their names, and leave other names as they are."""
    return _mapped(value, lambda found: values.get(found[1], Untouched(found[0])))


class Untouched(str):
    """A name in braces that is left for later; in a pattern it must not be escaped."""

    __slots__ = ()


def _mapped(value: Json, look_up: Callable[[re.Match[str]], Json]) -> Json:
    if isinstance(value, Mapping):
        return {_mapped(key, look_up): _mapped(part, look_up) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(part, look_up) for part in value]
    if isinstance(value, Pattern):
        return Pattern(PLACEHOLDER.sub(lambda found: _quoted(look_up(found)), value.regex))
    if not isinstance(value, str):
        return value
    whole = PLACEHOLDER.fullmatch(value)
    return look_up(whole) if whole else PLACEHOLDER.sub(lambda found: str(look_up(found)), value)


def _quoted(value: Json) -> str:
    return str(value) if isinstance(value, Untouched) else re.escape(str(value))
