"""Translates the schema classes back into the contract's words."""

from types import FunctionType

from marshmallow import EXCLUDE, INCLUDE, RAISE, missing

from mockserver.contract.fields import (
    Absent,
    AnyValue,
    Choice,
    Constant,
    Flag,
    IpAddress,
    ListOf,
    ObjectOf,
    RealNumber,
    Text,
    TextOrWholeNumber,
    WholeNumber,
)
from mockserver.contract.schemas import ContractSchema, OneOf

REFERENCE = "#/components/schemas/"
UNKNOWN_MEMBERS = {EXCLUDE: {}, INCLUDE: {"additionalProperties": True}, RAISE: {"additionalProperties": False}}


class Glossary:
    """Knows the word of the contract for each class and each field."""

    def __init__(self, schemas, values):
        self.schemas = schemas
        self.values = values
        self._names = {cls: name for name, cls in [*schemas.items(), *values.items()]}

    def reference(self, cls):
        name = self._names.get(cls)
        return {"$ref": f"{REFERENCE}{name}" if name else f"{cls.__name__}, which is not in the table"}

    def component(self, name):
        if name in self.values:
            return self._of_value(self.values[name])
        return self.of_schema(self.schemas[name])

    def of_schema(self, schema):
        """Return the words of a schema class, or a sentence about what no word says."""
        base = OneOf if issubclass(schema, OneOf) else ContractSchema
        if own := _own_functions(schema, base):
            return f"defines {', '.join(own)}, which the contract cannot say"
        if base is OneOf:
            return self._of_alternatives(schema)
        fields = {field.data_key or name: field for name, field in schema().fields.items()}
        return {
            "type": "object",
            "required": [name for name, field in fields.items() if field.required],
            "properties": {name: self.of_field(field) for name, field in fields.items()},
            **UNKNOWN_MEMBERS[schema().unknown],
            **_of_rules(schema.rules),
        }

    def of_field(self, field):
        """Return the words of a field, or a sentence about what no word says."""
        kind = type(field)
        if liberties := _liberties(field):
            return f"sets {', '.join(liberties)}, which the contract cannot say"
        if kind in self._names:
            return self.reference(kind)
        if kind not in TRANSLATIONS:
            return f"is read by {kind.__module__}.{kind.__qualname__}, which is not a strict field"
        return TRANSLATIONS[kind](field, self)

    def _of_value(self, kind):
        base = kind.__bases__[0]
        own = [name for name in _own_functions(kind, base) if name != "__init__"]
        if own or base not in TRANSLATIONS:
            return f"defines {', '.join(own) or base.__name__}, which the contract cannot say"
        return TRANSLATIONS[base](kind(), self)

    def _of_alternatives(self, schema):
        chosen = {name: cls for name, cls in schema.alternatives.items() if name not in schema.misplaced}
        references = {name: self.reference(cls) for name, cls in chosen.items()}
        mapping = {name: reference["$ref"] for name, reference in references.items()}
        return {
            "oneOf": list(references.values()),
            "discriminator": {"propertyName": schema.discriminator, "mapping": mapping},
        }


def _given(**keywords):
    return {keyword: value for keyword, value in keywords.items() if value is not None}


def _of_choice(field, _glossary):
    numbers = [value for value in field.values if isinstance(value, int)]
    texts = [value for value in field.values if isinstance(value, str)]
    words = [{"type": "string", "enum": texts}]
    if not numbers:
        return words[0]
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        return f"offers the numbers {numbers}, which the contract says only as a range"
    return {"oneOf": [{"type": "integer", "minimum": numbers[0], "maximum": numbers[-1]}, *words]}


def _constant(value):
    return {"type": "string", "const": value}


def _of_list(field, glossary):
    return {"type": "array", "items": glossary.of_field(field.inner), **_given(minItems=field.min_items)}


def _of_text_or_number(field, _glossary):
    return {
        "type": ["string", "integer"],
        **_given(pattern=field.text.pattern, minimum=field.number.minimum, maximum=field.number.maximum),
    }


TRANSLATIONS = {
    Absent: lambda _field, _: {"not": {}},
    AnyValue: lambda _field, _: {},
    Choice: _of_choice,
    Constant: lambda field, _: _constant(field.values[0]),
    Flag: lambda _field, _: {"type": "boolean"},
    IpAddress: lambda _field, _: {
        "type": "string",
        "anyOf": [{"type": "string", "format": version} for version in ("ipv4", "ipv6")],
    },
    ListOf: _of_list,
    ObjectOf: lambda field, glossary: glossary.reference(field.nested),
    RealNumber: lambda _field, _: {"type": "number"},
    Text: lambda field, _: {"type": "string", **_given(pattern=field.pattern)},
    TextOrWholeNumber: _of_text_or_number,
    WholeNumber: lambda field, _: {"type": "integer", **_given(minimum=field.minimum, maximum=field.maximum)},
}


def _of_rules(rules):
    if not rules:
        return {}
    (rule,) = rules
    excluded = {"required": [rule.item_member], "properties": {rule.item_member: _constant(rule.excluded)}}
    return {
        "if": {"required": [rule.member], "properties": {rule.member: _constant(rule.value)}},
        "then": {"properties": {rule.items: {"items": {"not": excluded}}}},
    }


def _own_functions(cls, base):
    """Name what *cls* does differently from *base*, by its own code or that of a class between the two."""
    between = [kind for kind in cls.__mro__ if kind is not base and issubclass(kind, base)]
    return [name for kind in between for name, value in vars(kind).items() if isinstance(value, FunctionType)]


def _liberties(field):
    """Name the options of *field* that would let it accept or overlook what its words do not."""
    found = {
        "allow_none": field.allow_none and not isinstance(field, AnyValue),
        "load_default": field.load_default is not missing,
        "dump_only": field.dump_only,
        "load_only": field.load_only,
        "attribute": field.attribute is not None,
        "validate": field.validators,
        "pre_load": field.pre_load,
        "post_load": field.post_load,
    }
    if isinstance(field, ObjectOf):
        found |= {"only": field.only is not None, "exclude": field.exclude, "many": field.many}
        found |= {"unknown": field.unknown is not None}
    return [name for name, taken in found.items() if taken]
