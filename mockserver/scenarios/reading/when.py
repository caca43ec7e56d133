"""Read what stands under `when`: the conditions of a stub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mockserver.scenarios.conditions import OPERATION, Condition, Operation
from mockserver.scenarios.conditions.matcher import Matcher
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.vocabulary import Vocabulary


def read_matcher(node: Node, vocabulary: Vocabulary, default_operations: Sequence[str]) -> Matcher:
    """Read conditions on calls, and refuse those that no call of the contract can meet.

    Where it cannot be read what operations it is about, the matcher is about none.
    """
    words = vocabulary.conditions
    table = node.table(tuple(words))
    found: dict[str, Condition] = {}
    for name in words:
        if name in table:
            with table[name].noting():
                found[name] = words[name].kind.read(table[name], words[name].rules)
    operation = Operation()
    if all(name in found for name in table if name == OPERATION or words[name].kind.is_scoped):
        with node.noting():
            operation = _operation(node, table, found, default_operations)
    for name, member in table.items():
        with member.noting():
            words[name].refuse_foreign(member, operation.names)
    return Matcher(operation, tuple(condition for name, condition in found.items() if name != OPERATION))


def _operation(
    node: Node, table: Mapping[str, Node], found: Mapping[str, Condition], default: Sequence[str]
) -> Operation:
    scopes = [scope for condition in found.values() if (scope := condition.scope())]
    given = found.get(OPERATION)
    if isinstance(given, Operation):
        return given.within(scopes, table[OPERATION])
    if scopes:
        return Operation(tuple(scopes[0].operations)).within(scopes, node)
    return Operation(tuple(default))
