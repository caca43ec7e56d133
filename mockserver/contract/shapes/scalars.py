"""Rules for texts and numbers, for types, and for values that are listed."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping, Sequence

import jsonschema_rs

from mockserver.abbreviation import MOST_CHARACTERS, abbreviated
from mockserver.contract.shapes.choices import is_among
from mockserver.contract.shapes.problems import Found, Problem, null_advice, wrong_type, wrong_value
from mockserver.contract.shapes.rules import Node, Rule
from mockserver.contract.shapes.words import choice_phrase, phrase, type_phrase
from mockserver.errors import nearest
from mockserver.model import Json

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def is_number(value: Json) -> bool:
    """Tell whether *value* is a number of JSON, which has no true, no infinity and no NaN."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def is_whole(value: Json) -> bool:
    """Tell whether *value* is an `integer` of JSON Schema: 30.0 is one."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())


_IS_OF_TYPE: Mapping[str, Callable[[Json], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": is_number,
    "integer": is_whole,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def types(node: Node) -> Rule:
    """Make the rule of `type`."""
    wanted = node.schema["type"]
    tests = [_IS_OF_TYPE[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    noun = type_phrase(node.schema)

    def rule(value: Json) -> Found:
        return [] if any(test(value) for test in tests) else wrong_type(noun, value, node.clause)

    return rule


def choice(values: Sequence[Json], clause: str) -> Rule:
    """Make the rule that a value is one of *values*."""
    must = f"must be {choice_phrase(values)}"
    texts = [value for value in values if isinstance(value, str)]

    def rule(value: Json) -> Found:
        if is_among(value, values):
            return []
        # A word longer than any limit of ours cannot be a slip, and comparing it would take its time.
        hint = nearest(value, texts) if isinstance(value, str) and len(value) <= MOST_CHARACTERS else null_advice(value)
        of_type = not any(isinstance(listed, type(value)) for listed in values)
        return [((), Problem(must, clause, abbreviated(value), hint, of_type=of_type))]

    return rule


def pattern(node: Node) -> Rule:
    """Make the rule of `pattern`, which the validator reads: regular expressions of Python differ."""
    meaning = node.schema.get("x-meaning")
    must = f"must be {meaning}" if meaning else f"must match {node.schema['pattern']}"
    matches = jsonschema_rs.validator_for({"pattern": node.schema["pattern"]}).is_valid

    def rule(value: Json) -> Found:
        return wrong_value(must, value, node.clause) if isinstance(value, str) and not matches(value) else []

    return rule


def text_format(node: Node) -> Rule:
    """Make the rule of `format`."""
    name = node.schema["format"]
    must = f"must be {phrase(node.schema, node.shapes.resolved)}"
    fits = jsonschema_rs.validator_for({"format": name}, validate_formats=True).is_valid

    def rule(value: Json) -> Found:
        if not isinstance(value, str) or fits(value):
            return []
        if name == "ipv4" and (meant := _without_zeros(value)):
            without = f"must be {meant}, without leading zeros"
            return [((), Problem(without, node.clause, abbreviated(value), is_slip=True))]
        return wrong_value(must, value, node.clause)

    return rule


def max_length(node: Node) -> Rule:
    """Make the rule of `maxLength`, which counts characters."""
    most = node.schema["maxLength"]

    def rule(value: Json) -> Found:
        if not isinstance(value, str) or len(value) <= most:
            return []
        return [((), Problem(f"must have at most {most} character(s)", node.clause, str(len(value))))]

    return rule


def minimum(node: Node) -> Rule:
    """Make the rule of `minimum`."""
    least = node.schema["minimum"]

    def rule(value: Json) -> Found:
        is_wrong = is_number(value) and value < least
        return wrong_value(f"must be at least {least}", value, node.clause) if is_wrong else []

    return rule


def maximum(node: Node) -> Rule:
    """Make the rule of `maximum`."""
    most = node.schema["maximum"]

    def rule(value: Json) -> Found:
        is_wrong = is_number(value) and value > most
        return wrong_value(f"must be at most {most}", value, node.clause) if is_wrong else []

    return rule


def _without_zeros(text: str) -> str:
    """Return the address of version 4 that *text* is but for zeros before its numbers, or ""."""
    without = _LEADING_ZEROS.sub("", text[:MOST_CHARACTERS])
    try:
        ipaddress.IPv4Address(without)
    except ValueError:
        return ""
    return without if without != text else ""
