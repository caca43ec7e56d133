"""The shapes of files that somebody wrote by hand, as marshmallow classes: every mistake of a file is found at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema

from ..spelling import suggestion, suggestion_or_all
from .strict_yaml import HandWritten, Plain, Steps, meant

_T = TypeVar("_T")

#: What marshmallow says by itself, in our words.
PLAIN_WORDS: dict[str, Any] = {
    "required": "is missing",
    "null": "stands without a value; give it one, or leave the key out",
}


class FileShape(Schema):
    """A mapping with known keys; any other is a mistake that names the nearest known one."""

    class Meta:
        """Unknown keys are refused in words of our own."""

        unknown = EXCLUDE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["type"] = f"must be a mapping with some of the keys {', '.join(self._known())}"

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def only_known_keys(self, _data: Any, original: Any, **_: Any) -> None:
        """Refuse every key that the shape does not have: raises ValidationError, which names the nearest."""
        given = original if isinstance(original, Mapping) else {}
        known = self._known()
        unknown = {str(key): [f"unknown key{suggestion_or_all(str(key), known)}"] for key in given if key not in known}
        if unknown:
            raise ValidationError(unknown)

    def _known(self) -> list[str]:
        return [shape.data_key or name for name, shape in self.load_fields.items()]


class _Field(fields.Field[_T], ABC):
    """A value that is understood, or refused with what it must be."""

    default_error_messages = PLAIN_WORDS
    #: What the value must be, in words.
    wanted = ""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        understood = self.understood(value)
        if understood is None:
            raise ValidationError(f"must be {self.wanted}, got {excerpt(value)}")
        return understood

    @abstractmethod
    def understood(self, value: Any) -> Any:
        """Return what *value* means, or None when it is not wanted here."""


class Text(_Field[str]):
    """Text, with or without quotes: what stands there is taken letter by letter, numbers too."""

    wanted = "text"

    def understood(self, value: Any) -> Any:
        """Return *value* letter by letter; None for what is no text."""
        return str(value) if isinstance(value, str) and value else None


class AnyText(Text):
    """Text that may be empty."""

    def understood(self, value: Any) -> Any:
        """Return *value* letter by letter; None for what is no text."""
        return str(value) if isinstance(value, str) else None


class Choice(fields.Field[str]):
    """One of a few words; a refusal may name the one that was meant."""

    default_error_messages = PLAIN_WORDS

    def __init__(self, *words: str, **options: Any) -> None:
        super().__init__(**options)
        self.words = words
        self.wanted = " or ".join(words)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, str) and value in self.words:
            return str(value)
        near = suggestion(value, self.words) if isinstance(value, str) else ""
        raise ValidationError(f"must be {self.wanted}, got {excerpt(value)}{near}")


class Whole(_Field[int]):
    """A whole number, at least *least*."""

    def __init__(self, *, least: int = 0, **options: Any) -> None:
        super().__init__(**options)
        self.least = least
        self.wanted = f"a whole number from {least} up"

    def understood(self, value: Any) -> Any:
        """Return the whole number; None for what is none, or too small."""
        number = meant(value)
        return number if isinstance(number, int) and not isinstance(number, bool) and number >= self.least else None


class ExitCode(_Field[int]):
    """The key of an exit status."""

    wanted = "an exit status from 0 to 255"

    def understood(self, value: Any) -> Any:
        """Return the status; None for what no process can end with."""
        return int(value) if value.isascii() and value.isdecimal() and int(value[:4]) <= 255 else None


class Amount(_Field[float]):
    """A number of something, such as seconds; *positive* when zero is too little."""

    def __init__(self, of: str, *, positive: bool = False, most: float | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.positive, self.most = positive, most
        bounds = "greater than 0" if positive else "from 0 up" if most is None else f"from 0 to {most:g}"
        self.wanted = f"a number of {of} {bounds}, without a unit"

    def understood(self, value: Any) -> Any:
        """Return the number; None for what is none, or out of bounds."""
        number = meant(value)
        if isinstance(number, bool) or not isinstance(number, int | float):
            return None
        too_little = number <= 0 if self.positive else number < 0
        return None if too_little or (self.most is not None and number > self.most) else float(number)


class Truth(_Field[bool]):
    """True or false."""

    wanted = "true or false"

    def understood(self, value: Any) -> Any:
        """Return True or False; None for every other word, `yes` and `no` among them."""
        value = meant(value)
        return value if isinstance(value, bool) else None


class Anything(fields.Field[Any]):
    """Whatever JSON can say."""

    default_error_messages = PLAIN_WORDS

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return meant(value)


class Several(fields.List[Any]):
    """A list; *example* shows one."""

    def __init__(self, each: fields.Field[Any], *, example: str, **options: Any) -> None:
        words = {**PLAIN_WORDS, "invalid": _literally(f"must be a list, such as {example}")}
        super().__init__(each, error_messages=words, **options)


class Table(fields.Dict):
    """A mapping whose keys the author chooses; *example* shows one."""

    def __init__(self, keys: fields.Field[Any], values: fields.Field[Any], *, example: str, **options: Any) -> None:
        words = {**PLAIN_WORDS, "invalid": _literally(f"must be a mapping, such as {example}")}
        super().__init__(keys, values, error_messages=words, **options)


class Inner(fields.Nested):
    """A mapping of a shape of its own."""

    def __init__(self, shape: type[FileShape], **options: Any) -> None:
        super().__init__(shape, error_messages=PLAIN_WORDS, **options)


def loaded(shape: FileShape, written: HandWritten, value: Any = None) -> Any:
    """Return what *shape* makes of what was *written*; raises FileError with every mistake.

    A *value* that was derived from it may stand in its place.
    """
    try:
        return shape.load(written.value if value is None else value)
    except ValidationError as error:
        raise written.refusal(_mistakes(error.messages, (), written)) from error


def excerpt(value: Any) -> str:
    """Show *value* as far as one line has room for it."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = value if isinstance(value, Plain) else repr(value) if value != "" else "an empty text"
    return text if len(text) <= 60 else f"{text[:60]}..."


def _literally(text: str) -> str:
    """Keep marshmallow, which formats its messages, from filling in what stands in braces."""
    return text.replace("{", "{{").replace("}", "}}")


def _mistakes(messages: Any, steps: Steps, written: HandWritten) -> Iterator[tuple[Steps, str]]:
    """Yield every message of marshmallow's tree with the keys that lead to it."""
    if not isinstance(messages, dict):
        for message in messages if isinstance(messages, list) else [messages]:
            yield steps, str(message)
        return
    for step, below in messages.items():
        # These words of marshmallow's are no keys of the file.
        marker = step in {"_schema", "key", "value"} and (*steps, step) not in written.positions
        yield from _mistakes(below, steps if marker else (*steps, step), written)
