"""Quotes a value of a caller in a message, in few characters whatever the value is."""

from __future__ import annotations

import json

from mockserver.model import Json

#: How many characters of a value are quoted in a message.
MOST_CHARACTERS = 60


def abbreviated(value: Json) -> str:
    """Quote *value* as JSON, shortened; lists, objects and what JSON cannot say are only named."""
    if value is None or isinstance(value, bool | str):
        # A cut string is never shorter than the limit, so it shows that it was cut.
        text = json.dumps(value[: MOST_CHARACTERS + 1] if isinstance(value, str) else value, ensure_ascii=False)
        return _cut(text.encode("utf-8", "backslashreplace").decode())
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else f"a value of type {type(value).__name__}"


def printable(text: str) -> str:
    """Write *text* as one line that no log and no terminal obeys: control characters become escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def described(value: Json) -> str:
    """Name the JSON type of *value* and quote it, for a value of the wrong type."""
    if isinstance(value, str):
        return f"a string ({abbreviated(value)})"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"a number ({abbreviated(value)})"
    return abbreviated(value)


def _number(value: float) -> str:
    try:
        return _cut(repr(value))
    except ValueError:
        # Python refuses to print integers of more than some thousand digits.
        return "an enormous number"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 3]}..."
