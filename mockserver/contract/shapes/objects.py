"""Rules for objects: one marshmallow class for each, made of the members that the contract lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, missing

from mockserver.contract.shapes.problems import Found, Problem, below
from mockserver.contract.shapes.rules import Node, Rule, Shape
from mockserver.model import Json

if TYPE_CHECKING:
    from typing_extensions import override
else:

    def override(method: Any) -> Any:
        """Mark a method for the type checker; `typing` offers this from Python 3.12 on."""
        return method


class Member(fields.Field[Any]):
    """A member of an object, handed on unchanged where its shape has nothing against it.

    Unlike other fields of marshmallow it hands null to its shape, for which null is a value like any other.
    """

    def __init__(self, shape: Shape, **options: Any) -> None:
        super().__init__(**options)
        self._shape = shape

    @override
    def deserialize(self, value: Json, *_: Any, **__: Any) -> Json:
        """Raise marshmallow's `ValidationError` with everything that is wrong with *value*."""
        if value is not missing:
            found = self._shape.found(value)
        else:
            found = [((), Problem("is required", self._shape.clause))] if self.required else []
        if found:
            raise ValidationError(found)
        return value


class ContractObject(Schema):
    """An object of the contract; members that the contract does not list are ignored."""

    class Meta:
        """How marshmallow shall treat the class."""

        unknown = EXCLUDE


def members(node: Node) -> Rule:
    """Make the rule of `properties` and `required`."""
    listed = {**node.schema.get("properties", {})}
    required = node.schema.get("required", ())
    listed |= {name: True for name in required if name not in listed}
    reader = ContractObject.from_dict(
        {
            # The names of the contract stand in data_key: as attributes they would have to be Python's.
            f"member_{number}": Member(node.part(part), data_key=name, required=name in required)
            for number, (name, part) in enumerate(listed.items())
        },
        name="ObjectOfTheContract",
    )()

    def rule(value: Json) -> Found:
        if not isinstance(value, dict):
            return []
        try:
            reader.load(value)
        except ValidationError as error:
            # The frame of marshmallow's that raised it holds the error, and would hold the value with it for long.
            error.with_traceback(None)
            return [located for name, found in error.messages_dict.items() for located in below(name, found)]
        return []

    return rule
