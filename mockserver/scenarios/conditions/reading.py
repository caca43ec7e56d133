"""Read what stands under `when`: the conditions of a stub."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from mockserver.model import Json
from mockserver.scenarios.conditions.matcher import ASKING, DOORS, Matcher
from mockserver.scenarios.conditions.open_hours import read_open_hours
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.outcomes.reading import ContractRules

CONDITIONS = (
    "operation",
    "door",
    "account",
    "visitor",
    "session",
    "first_call",
    "app_type",
    "consumer_sections",
    "app_details",
    "engagement_attributes",
    "headers",
    "open_hours",
)


def read_matcher(node: Node, rules: ContractRules) -> Matcher:
    """Read conditions on calls, and refuse those that no call of the contract can meet.

    Where it cannot be read what operations it is about, the matcher is about none.
    """
    table = node.table(CONDITIONS)
    found: dict[str, Any] = {"operations": ()}
    with node.noting():
        found["operations"] = _operations(table, rules.operations)
    for name, member in table.items():
        if name in _READERS:
            with member.noting():
                found[name] = _READERS[name](member, rules)
    return Matcher(**found)


def _operations(table: dict[str, Node], known: Collection[str]) -> tuple[str, ...]:
    door = table["door"].word(DOORS, "door") if "door" in table else None
    if "operation" not in table:
        return DOORS[door] if door else ASKING
    node = table["operation"]
    operations = tuple(_words(node.items() if isinstance(node.value, list) else [node], known))
    if node.is_wrong:
        return ()
    if door:
        operations = tuple(operation for operation in operations if operation in DOORS[door])
    if not operations:
        behind = f"the {door} door has {', '.join(DOORS[door])}; " if door else ""
        node.refuse(f"{behind}no operation is left that could match")
    return operations


def _words(items: Sequence[Node], known: Collection[str]) -> Iterator[str]:
    for item in items:
        with item.noting():
            yield item.word(known, "operation")


def _texts_of(component: str, member: str = "") -> Callable[[Node, ContractRules], tuple[str, ...]]:
    """Make a reader of texts that the contract allows for a component, or for a member of one."""

    def read(node: Node, rules: ContractRules) -> tuple[str, ...]:
        texts = node.texts()
        for text in texts:
            _refuse_problems(node, rules.component_problems(component, {member: text} if member else text))
        return texts

    return read


def _app_details(node: Node, rules: ContractRules) -> dict[str, Json]:
    details = {name: member.value for name, member in node.members().items()}
    _refuse_problems(node, rules.component_problems("AppDetails", details))
    return details


def _refuse_problems(node: Node, problems: Sequence[str]) -> None:
    if problems:
        node.refuse(f"no call can meet this, the contract forbids it: {'; '.join(problems)}")


def _attributes(node: Node, _rules: ContractRules) -> tuple[Json, ...]:
    for item in node.items():
        with item.noting():
            item.members()
    return tuple(node.value)


def _headers(node: Node, _rules: ContractRules) -> dict[str, str]:
    return {name.lower(): member.text() for name, member in node.members().items()}


_READERS: Mapping[str, Callable[[Node, ContractRules], Any]] = {
    "account": _texts_of("AccountId"),
    "visitor": _texts_of("VisitorId"),
    "session": _texts_of("SessionId"),
    "app_type": _texts_of("CreateSessionRequest", "appType"),
    "first_call": lambda node, _: node.flag(),
    "consumer_sections": lambda node, _: node.texts(),
    "app_details": _app_details,
    "engagement_attributes": _attributes,
    "headers": _headers,
    "open_hours": lambda node, _: read_open_hours(node),
}
