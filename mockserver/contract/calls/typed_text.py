"""Reads numbers and flags out of texts, as forms and headers write them."""

from __future__ import annotations

import re

import orjson

from mockserver.model import Json

_NUMBERS = {
    "integer": re.compile(r"-?(?:0|[1-9][0-9]{0,300})"),
    "number": re.compile(r"-?(?:0|[1-9][0-9]{0,300})(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,3})?"),
}
_FLAGS = {"true": True, "false": False}


def typed(text: str, type_: str) -> Json:
    """Read *text* as a value of *type_*, written as in JSON; what is none stays a text, which its schema refuses."""
    if type_ == "boolean":
        return _FLAGS.get(text, text)
    pattern = _NUMBERS.get(type_)
    if pattern is None or not pattern.fullmatch(text):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:  # a number that no double can hold
        return text
