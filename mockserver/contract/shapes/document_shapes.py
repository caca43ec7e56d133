"""The shapes of one document, each made when it is first needed and used again after that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from typing import Any

from mockserver.contract.document.references import resolved
from mockserver.contract.document.schemas import NEVER
from mockserver.contract.shapes import alternatives, lists, objects, scalars
from mockserver.contract.shapes.choices import own_values
from mockserver.contract.shapes.problems import Found, Path
from mockserver.contract.shapes.rules import Node, Rule
from mockserver.model import Json, Violation

#: What makes the rule of each keyword, in the order in which problems of one member are reported.
RULES: Mapping[str, Callable[[Node], Rule]] = {
    "not": alternatives.is_not,
    "if": alternatives.when,
    "oneOf": alternatives.one_of,
    "anyOf": alternatives.any_of,
    "pattern": scalars.pattern,
    "format": scalars.text_format,
    "maxLength": scalars.max_length,
    "minimum": scalars.minimum,
    "maximum": scalars.maximum,
    "minItems": lists.min_items,
    "items": lists.items,
    "required": objects.members,
    "properties": objects.members,
}


class DocumentShapes:
    """The shapes of the schemas of *document*."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._made: dict[tuple[int, str], SchemaShape] = {}

    def violations(self, schema: Any, value: Json, where: str, clause: str) -> Iterator[Violation]:
        """Say everything that keeps *value*, which stands at *where*, from being what *schema* describes.

        The *schema* is a part of the document, or lives as long as it does; *clause* is what a value breaks where the
        schema names none.
        """
        shape = self.shape(schema, clause)
        try:
            found = shape.found(value)
        except RecursionError:  # only schemas that hold themselves go that deep
            yield Violation(
                where,
                "is wrong too deep inside to say where; send it with fewer lists and objects in one another",
                shape.clause,
            )
            return
        for path, problem in found:
            # What is null as a whole has no name, and cannot be left out of anything.
            if value is None and not path:
                problem = replace(problem, advice="")  # noqa: PLW2901
            yield Violation(".".join([where, *map(str, path)]), problem.what, problem.clause)

    def shape(self, schema: Any, clause: str) -> SchemaShape:
        """Return the shape of *schema*; *clause* is broken where the schema names none of its own."""
        while isinstance(schema, Mapping) and schema.keys() == {"$ref"}:
            schema = self.resolved(schema)
        key = id(schema), clause
        if key not in self._made:
            self._made[key] = SchemaShape(schema, clause, self)
        return self._made[key]

    def resolved(self, schema: Any) -> Any:
        """Follow the reference that *schema* may be."""
        return resolved(self._document, schema)


class SchemaShape:
    """One schema, ready to explain values; its rules are made when the first value comes."""

    def __init__(self, schema: Any, clause: str, shapes: DocumentShapes) -> None:
        self._identity = schema  # which is the key to this shape, and must not become another's
        found = shapes.resolved(schema)
        plain: Mapping[str, Any] = found if isinstance(found, Mapping) else {} if found else NEVER
        self._node = Node(plain, plain.get("x-clause", clause), shapes)
        self._positions = {name: position for position, name in enumerate(plain.get("properties", ()))}

    @property
    def clause(self) -> str:
        """The clause that a value breaks when it does not fit."""
        return self._node.clause

    def found(self, value: Json) -> Found:
        """Return everything that is wrong with *value*; nothing means that it keeps the schema."""
        first, rules = self._rules
        if found := first(value):
            return found
        found = [located for rule in rules for located in rule(value)]
        return sorted(found, key=self._rank) if len(rules) > 1 else found

    @cached_property
    def _rules(self) -> tuple[Rule, Sequence[Rule]]:
        """The rule of the type, and the rules that are asked where it finds nothing."""
        schema = self._node.schema
        first = scalars.types(self._node) if "type" in schema else _anything
        makers = dict.fromkeys(make for keyword, make in RULES.items() if keyword in schema)
        rules = [make(self._node) for make in makers]
        values = own_values(schema, self._node.shapes.resolved)
        if values is None:
            return first, rules
        return scalars.choice([v for v in values if not any(rule(v) for rule in (first, *rules))], self.clause), ()

    def _rank(self, located: tuple[Path, Any]) -> tuple[int, ...]:
        """Order problems as the contract orders members, and items by their index; others stay in the order of rules.

        So what a rule has against a member because of another stands before what the member's own schema has.
        """
        path, _ = located
        if not path:
            return (-1,)
        head, *rest = path
        first = head if isinstance(head, int) else self._positions.get(head, len(self._positions))
        return (first, *(step for step in takewhile(lambda step: isinstance(step, int), rest) if isinstance(step, int)))


def _anything(_value: Json) -> Found:
    return []
