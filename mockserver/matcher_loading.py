"""Read what stands under `when`: the conditions of a stub."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mockserver.matching import ASKING, DOORS, Matcher
from mockserver.model import Json
from mockserver.open_hours import read_open_hours
from mockserver.outcome_loading import ContractRules
from mockserver.parts import Part

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


#: The contract's component that a text must fit; a call with another one never gets as far as the matchers.
COMPONENTS = {"account": "AccountId", "visitor": "VisitorId", "session": "SessionId"}


def read_matcher(part: Part, rules: ContractRules) -> Matcher:
    """Read conditions on calls, and refuse those that no call of the contract can meet."""
    table = part.table(CONDITIONS)

    def texts(name: str) -> tuple[str, ...]:
        return table[name].texts() if name in table else ()

    for name, component in COMPONENTS.items():
        for text in texts(name):
            _refuse_problems(table[name], rules.component_problems(component, text))
    for text in texts("app_type"):
        _refuse_problems(table["app_type"], rules.component_problems("CreateSessionRequest", {"appType": text}))
    return Matcher(
        operations=_operations(table, rules.operations),
        account=texts("account"),
        visitor=texts("visitor"),
        session=texts("session"),
        app_type=texts("app_type"),
        first_call=table["first_call"].flag() if "first_call" in table else None,
        consumer_sections=texts("consumer_sections"),
        app_details=_app_details(table["app_details"], rules) if "app_details" in table else {},
        engagement_attributes=_attributes(table["engagement_attributes"]) if "engagement_attributes" in table else (),
        headers=_headers(table["headers"]) if "headers" in table else {},
        open_hours=read_open_hours(table["open_hours"]) if "open_hours" in table else None,
    )


def _operations(table: dict[str, Part], known: Collection[str]) -> tuple[str, ...]:
    door = table["door"].word(DOORS, "door") if "door" in table else None
    if "operation" not in table:
        return DOORS[door] if door else ASKING
    part = table["operation"]
    named = part.items() if isinstance(part.value, list) else [part]
    operations = tuple(item.word(known, "operation") for item in named)
    if door:
        operations = tuple(operation for operation in operations if operation in DOORS[door])
    if not operations:
        behind = f"the {door} door has {', '.join(DOORS[door])}; " if door else ""
        part.refuse(f"{behind}no operation is left that could match")
    return operations


def _app_details(part: Part, rules: ContractRules) -> dict[str, Json]:
    details = {name: member.value for name, member in part.members().items()}
    _refuse_problems(part, rules.component_problems("AppDetails", details))
    return details


def _refuse_problems(part: Part, problems: Sequence[str]) -> None:
    if problems:
        part.refuse(f"no call can meet this, the contract forbids it: {'; '.join(problems)}")


def _attributes(part: Part) -> tuple[Json, ...]:
    for item in part.items():
        item.members()
    return tuple(part.value)


def _headers(part: Part) -> dict[str, str]:
    return {name.lower(): member.text() for name, member in part.members().items()}
