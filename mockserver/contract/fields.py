"""Strict marshmallow fields: each accepts exactly what one shape of JSON Schema accepts.

A field reads nothing into a value: text is no number, `true` is no 1, and null is only taken where anything is.
What it accepts it hands on unchanged; what it refuses it names, shortened.
"""

from __future__ import annotations

import ipaddress
import math
import re
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, ValidationError, fields

from mockserver.abbreviation import SHOWN, described, shown
from mockserver.errors import nearest
from mockserver.model import Json

if TYPE_CHECKING:
    from typing_extensions import override as override  # noqa: PLC0414 the schemas take it from here
else:

    def override(method: Any) -> Any:
        """Mark a method for the type checker; `typing` offers this from Python 3.12 on."""
        return method


#: What `\s` means in the contract's patterns. Python counts other characters as white space.
_ECMA_SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")


def is_number(value: Json) -> bool:
    """Tell whether *value* is a number of JSON, which has no true, no infinity and no NaN."""
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def is_whole(value: Json) -> bool:
    """Tell whether *value* is an `integer` of JSON Schema: 30.0 is one."""
    return is_number(value) and (isinstance(value, int) or value.is_integer())


def same(one: Json, other: Json) -> bool:
    """Compare two values that are no lists or objects like JSON Schema: 1 is 1.0, but true is not 1."""
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def python_regex(pattern: str) -> str:
    r"""Translate a pattern of the contract, where `$` stands before nothing and `\s` is ECMAScript's, for `re`."""
    translated, in_class = [], False
    for piece in re.findall(r"\\.|.", pattern, re.DOTALL):
        if piece == r"\s":
            translated.append(_ECMA_SPACE if in_class else f"[{_ECMA_SPACE}]")
        elif piece == "$" and not in_class:
            translated.append(r"\Z")
        else:
            translated.append(piece)
        in_class = (in_class or piece == "[") and piece != "]"
    return "".join(translated)


def _messages(wanted: str, **more: str) -> dict[str, Any]:
    """Make the message table of a field; marshmallow formats the texts, hence the doubled braces."""
    wanted = wanted.replace("{", "{{").replace("}", "}}")
    return {
        "required": "is required",
        "null": f"must be {wanted}, got null; leave out what has no value",
        "type": f"must be {wanted}, got {{got}}",
        **more,
    }


class Text(fields.Field[str]):
    """A string, perhaps of a pattern; *meaning* says in words what the pattern wants."""

    default_error_messages = _messages("a string", pattern="must {wanted}, got {got}")

    def __init__(self, *, pattern: str | None = None, meaning: str = "", **options: Any) -> None:
        super().__init__(**options)
        #: As the contract writes it.
        self.pattern = pattern
        self._wanted = f"be {meaning}" if meaning else f"match {pattern}"
        self._regex = re.compile(python_regex(pattern), re.ASCII) if pattern else None

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        if not isinstance(value, str):
            raise self.make_error("type", got=described(value))
        if self._regex and not self._regex.search(value):
            raise self.make_error("pattern", wanted=self._wanted, got=shown(value))
        return value


class RealNumber(fields.Field[float]):
    """A number, whole or not."""

    default_error_messages = _messages("a number")

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        if not is_number(value):
            raise self.make_error("type", got=described(value))
        return value


class WholeNumber(fields.Field[int]):
    """A whole number within bounds; 30.0 counts as whole."""

    default_error_messages = _messages(
        "a whole number",
        minimum="must be at least {minimum}, got {got}",
        maximum="must be at most {maximum}, got {got}",
    )

    def __init__(self, *, minimum: int | None = None, maximum: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.minimum = minimum
        self.maximum = maximum

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        if not is_whole(value):
            raise self.make_error("type", got=described(value))
        if self.minimum is not None and value < self.minimum:
            raise self.make_error("minimum", minimum=self.minimum, got=shown(value))
        if self.maximum is not None and value > self.maximum:
            raise self.make_error("maximum", maximum=self.maximum, got=shown(value))
        return value


class TextOrWholeNumber(fields.Field[Any]):
    """A string of a pattern, or a whole number of at least the minimum."""

    default_error_messages = _messages("a string or a whole number")

    def __init__(self, *, pattern: str, minimum: int, **options: Any) -> None:
        super().__init__(**options)
        self.text = Text(pattern=pattern)
        self.number = WholeNumber(minimum=minimum)

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        if isinstance(value, str):
            return self.text.deserialize(value)
        if is_whole(value):
            return self.number.deserialize(value)
        raise self.make_error("type", got=described(value))


class Flag(fields.Field[bool]):
    """True or false."""

    default_error_messages = _messages("true or false")

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        if not isinstance(value, bool):
            raise self.make_error("type", got=described(value))
        return value


class Choice(fields.Field[Any]):
    """One of listed values."""

    def __init__(self, *values: str | float, **options: Any) -> None:
        only_text = all(isinstance(value, str) for value in values)
        listed = ", ".join(str(value) if only_text else shown(value) for value in values)
        wanted = f"one of {listed}" if len(values) > 1 else listed
        super().__init__(error_messages=_messages(wanted, type=_messages(wanted)["type"] + "{hint}"), **options)
        self.values = values

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        if not any(same(value, listed) for listed in self.values):
            texts = [listed for listed in self.values if isinstance(listed, str)]
            # A word longer than any limit of ours cannot be a slip, and comparing it would take its time.
            hint = nearest(value, texts) if isinstance(value, str) and len(value) <= SHOWN else ""
            raise self.make_error("type", got=shown(value), hint=hint)
        return value


class Constant(Choice):
    """One value and no other."""

    def __init__(self, value: str, **options: Any) -> None:
        super().__init__(value, **options)


class IpAddress(fields.Field[str]):
    """An address of IP version 4 or 6, without a zone; no number of version 4 has a zero before it."""

    default_error_messages = _messages(
        "an IPv4 or IPv6 address", zeros="must be {without}, without leading zeros, got {got}"
    )

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        if not isinstance(value, str):
            raise self.make_error("type", got=described(value))
        try:
            ipaddress.ip_address(value)
        except ValueError:
            without = _LEADING_ZEROS.sub("", value[:SHOWN])
            if without != value and _is_ipv4(without):
                raise self.make_error("zeros", without=without, got=shown(value)) from None
            raise self.make_error("type", got=shown(value)) from None
        if "%" in value:
            raise self.make_error("type", got=shown(value))
        return value


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


class AnyValue(fields.Field[Any]):
    """Anything at all, null included."""

    default_error_messages = _messages("present")

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_none=True, **options)

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        return value


class Absent(fields.Field[Any]):
    """A member that must not be there, not even as null."""

    default_error_messages = _messages("left out", null="must be left out, got null")

    @override
    def _deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        raise self.make_error("type", got=described(value))


#: Of a list with more wrong items than this, the rest is not read: a megabyte of them would take seconds.
MOST_WRONG_ITEMS = 1000


class ListOf(fields.List[Any]):
    """A list whose items another field reads."""

    default_error_messages = _messages("a list", minimum="must hold at least {minimum} item(s), got {got}")

    def __init__(self, item: fields.Field[Any], *, min_items: int | None = None, **options: Any) -> None:
        super().__init__(item, **options)
        self.min_items = min_items

    @override
    def _deserialize(self, value: Json, *_context: Any, **options: Any) -> Json:
        if not isinstance(value, list):
            raise self.make_error("type", got=described(value))
        if self.min_items is not None and len(value) < self.min_items:
            raise self.make_error("minimum", minimum=self.min_items, got=len(value))
        read: list[Any] = []
        errors: dict[int | str, Any] = {}
        for index, item in enumerate(value):
            try:
                read.append(self.inner.deserialize(item, **options))
            except ValidationError as error:
                errors[index] = error.messages
                if len(errors) > MOST_WRONG_ITEMS:
                    break
        if errors:
            raise ValidationError(errors)
        return read


class ObjectOf(fields.Nested):
    """An object that a schema of its own reads; the schema says what is wrong with it."""

    default_error_messages = _messages("an object")

    def __init__(self, schema: type[Schema], **options: Any) -> None:
        super().__init__(schema, **options)


def refuse_unless_object(value: Json) -> None:
    """Raise marshmallow's `ValidationError` when *value* is no object."""
    if not isinstance(value, dict):
        raise ValidationError(f"must be an object, got {described(value)}")
