"""Rules for lists."""

from __future__ import annotations

from mockserver.contract.shapes.problems import Found, Problem, below
from mockserver.contract.shapes.rules import Node, Rule
from mockserver.model import Json

#: Of a list with more wrong items than this, the rest is not read: a megabyte of them would take seconds.
MOST_WRONG_ITEMS = 1000


def items(node: Node) -> Rule:
    """Make the rule of `items`."""
    shape = node.part(node.schema["items"])

    def rule(value: Json) -> Found:
        found: Found = []
        wrong = 0
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if problems := shape.found(item):
                found += below(index, problems)
                wrong += 1
                if wrong > MOST_WRONG_ITEMS:
                    break
        return found

    return rule


def min_items(node: Node) -> Rule:
    """Make the rule of `minItems`."""
    least = node.schema["minItems"]

    def rule(value: Json) -> Found:
        if not isinstance(value, list) or len(value) >= least:
            return []
        return [((), Problem(f"must hold at least {least} item(s)", node.clause, str(len(value))))]

    return rule
