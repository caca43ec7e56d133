"""Rules that combine schemas: `oneOf`, `anyOf`, `not`, `if` with `then`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockserver.contract.shapes.problems import Found, Problem, below, wrong_type, wrong_value
from mockserver.contract.shapes.rules import Node, Rule
from mockserver.contract.shapes.scalars import choice
from mockserver.contract.shapes.words import members_phrase, phrase
from mockserver.model import Json


def any_of(node: Node) -> Rule:
    """Make the rule of `anyOf`."""
    return _alternatives(node, node.schema["anyOf"], may_share=True)


def one_of(node: Node) -> Rule:
    """Make the rule of `oneOf`; with a discriminator, only the alternative that it names explains the value."""
    if "discriminator" in node.schema:
        return _discriminated(node)
    return _alternatives(node, node.schema["oneOf"], may_share=False)


def _alternatives(node: Node, schemas: Sequence[Any], *, may_share: bool) -> Rule:
    parts = [node.part(schema) for schema in schemas]
    noun = phrase(node.schema, node.shapes.resolved)

    def rule(value: Json) -> Found:
        found = [part.found(value) for part in parts]
        fitting = found.count([])
        if fitting > 1 and not may_share:
            return wrong_value(f"must be {noun}, and only one of these", value, node.clause)
        return [] if fitting else _nearest(found, noun, value, node.clause)

    return rule


def _nearest(found: Sequence[Found], noun: str, value: Json, clause: str) -> Found:
    """Explain a *value* that fits no alternative: by what the only likely one has *found*, or by naming them all."""
    for problems in found:
        if any(problem.is_slip for _, problem in problems):
            return problems
    likely = [problems for problems in found if not any(problem.of_type and not path for path, problem in problems)]
    if len(likely) == 1:
        return likely[0]
    return wrong_value(f"must be {noun}", value, clause) if likely else wrong_type(noun, value, clause)


def _discriminated(node: Node) -> Rule:
    member = node.schema["discriminator"]["propertyName"]
    mapping: Mapping[str, str] = node.schema["discriminator"]["mapping"]
    parts = {name: node.part({"$ref": reference}) for name, reference in mapping.items()}
    known = choice(list(parts), node.clause)
    elsewhere = {
        name: Problem(entry["message"], entry.get("x-clause", node.clause))
        for entry in node.schema.get("x-elsewhere", ())
        for name in entry["values"]
    }

    def rule(value: Json) -> Found:
        if not isinstance(value, dict):
            return wrong_type("an object", value, node.clause)
        if member not in value:
            return [((member,), Problem("is required", node.clause))]
        name = value[member]
        if isinstance(name, str) and name in elsewhere:
            return [((member,), elsewhere[name])]
        return below(member, known(name)) or parts[name].found(value)

    return rule


def is_not(node: Node) -> Rule:
    """Make the rule of `not`."""
    refused = node.schema["not"]
    if refused in ({}, True):
        return lambda value: wrong_type("left out", value, node.clause, advice="")
    part = node.part(refused)
    member, noun = _refused_member(node, node.shapes.resolved(refused))
    path = (member,) if member else ()

    def rule(value: Json) -> Found:
        return [] if part.found(value) else [(path, Problem(f"must not be {noun}", node.clause))]

    return rule


def _refused_member(node: Node, refused: Any) -> tuple[str, str]:
    """Return the member of an object whose value alone makes it *refused*, or "", and what must not stand there."""
    resolved = node.shapes.resolved
    if isinstance(refused, Mapping) and refused.keys() == {"type", "required", "properties"}:
        listed = refused["properties"]
        if refused["type"] == "object" and len(listed) == 1 and list(listed) == refused["required"]:
            ((member, schema),) = listed.items()
            return member, phrase(schema, resolved)
    return "", phrase(refused, resolved)


def when(node: Node) -> Rule:
    """Make the rule of `if` with `then`."""
    condition = node.part(node.schema["if"])
    consequence = node.part(node.schema.get("then", True))
    wanted = node.shapes.resolved(node.schema["if"])
    members = members_phrase(wanted, node.shapes.resolved) if isinstance(wanted, Mapping) else ""
    suffix = f" when {members or f'it is {phrase(wanted, node.shapes.resolved)}'}"

    def rule(value: Json) -> Found:
        if condition.found(value):
            return []
        return [(path, replace(problem, must=problem.must + suffix)) for path, problem in consequence.found(value)]

    return rule
