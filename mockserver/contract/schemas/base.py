"""What the schema classes have in common, and the function that explains a value by one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, ValidationError, validates_schema

from mockserver.contract.fields import Choice, override, refuse_unless_object
from mockserver.model import Json


@dataclass(frozen=True, slots=True)
class Exclusion:
    """When *member* is *value*, no object in the list *items* has *excluded* as its *item_member*."""

    member: str
    value: str
    items: str
    item_member: str
    excluded: str

    def breaches(self, data: Mapping[str, Json]) -> Mapping[int, Mapping[str, list[str]]]:
        """Say which items of *data* break the rule, as marshmallow lists errors."""
        items = data.get(self.items)
        if data.get(self.member) != self.value or not isinstance(items, list):
            return {}
        what = f"must not be {self.excluded} when {self.member} is {self.value}"
        return {
            index: {self.item_member: [what]}
            for index, item in enumerate(items)
            if isinstance(item, dict) and item.get(self.item_member) == self.excluded
        }


class ContractSchema(Schema):
    """One component of the contract that is an object; members that the contract does not list are ignored."""

    #: What the contract says with `if` and `then`.
    rules: ClassVar[Sequence[Exclusion]] = ()

    class Meta:
        """How marshmallow shall treat the class."""

        unknown = EXCLUDE
        register = False

    @override
    def load(self, data: Json, **options: Any) -> Any:
        """Read *data*; raise marshmallow's `ValidationError` with everything that is wrong."""
        refuse_unless_object(data)
        return super().load(data, **options)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def keep_rules(self, _read: Json, data: Json, **_: Any) -> None:
        """Refuse *data* when its members break a rule together."""
        for rule in self.rules:
            if breaches := rule.breaches(data):
                raise ValidationError({rule.items: breaches})


class OneOf(ContractSchema):
    """A `oneOf` of the contract: the value of the discriminator names the schema that reads the whole."""

    discriminator: ClassVar[str] = "type"
    alternatives: ClassVar[Mapping[str, type[ContractSchema]]]
    #: Values that belong in another place, and what to say about them.
    misplaced: ClassVar[Mapping[str, str]] = {}

    @override
    def load(self, data: Json, **options: Any) -> Any:
        """Read *data* with the alternative that it names."""
        refuse_unless_object(data)
        if self.discriminator not in data:
            raise ValidationError({self.discriminator: ["is required"]})
        name = data[self.discriminator]
        if isinstance(name, str) and name in self.misplaced:
            raise ValidationError({self.discriminator: [self.misplaced[name]]})
        try:
            Choice(*self.alternatives).deserialize(name)
        except ValidationError as error:
            raise ValidationError({self.discriminator: error.messages}) from None
        return _reader(self.alternatives[name]).load(data, **options)


def explained(schema: type[ContractSchema], value: Json) -> list[tuple[str, str]]:
    """Say everything that keeps *value* from being what *schema* describes: dotted path and what is wrong there.

    The path of the value itself is "". Nothing said means that the value keeps the contract.
    """
    try:
        _reader(schema).load(value)
    except ValidationError as error:
        error.with_traceback(None)  # marshmallow's frame holds the error, and would hold the value with it, for long
        return list(_pairs("", error.messages))
    return []


@cache
def _reader(schema: type[ContractSchema]) -> ContractSchema:
    return schema()


def _pairs(path: str, messages: Json) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for key in sorted(messages, key=_rank):
            yield from _pairs(f"{path}.{key}" if path else str(key), messages[key])
    else:
        yield from ((path, what) for what in messages)


def _rank(key: str | int) -> int:
    """Order items by index, and a discriminator first as in the contract: `keep_rules` reports it last."""
    if isinstance(key, int):
        return key
    return 0 if key == OneOf.discriminator else 1
