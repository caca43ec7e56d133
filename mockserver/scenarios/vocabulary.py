"""The words that scenario documents may use on one server: those of its APIs beside those of the core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from mockserver.errors import SpecError
from mockserver.model import Json
from mockserver.scenarios.conditions import CONDITIONS_AFTER, CONDITIONS_BEFORE, Condition
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.outcomes import OUTCOMES, OutcomeKind
from mockserver.scenarios.presets import Presets

Kind = TypeVar("Kind", bound=Condition | OutcomeKind)


@dataclass(frozen=True, kw_only=True)
class ApiWords:
    """What one API adds to scenario documents."""

    #: The name of the API.
    name: str
    rules: ContractRules
    conditions: Mapping[str, type[Condition]] = field(default_factory=dict)
    outcomes: Mapping[str, type[OutcomeKind]] = field(default_factory=dict)
    #: The schema components of the identifiers that a scenario may prescribe, by their words.
    ids: Mapping[str, str] = field(default_factory=dict)
    #: What a stub is about that uses words of this API and names no operation.
    default_operations: tuple[str, ...] = ()
    #: The folder of the scenarios that ship with it.
    presets: Path | None = None


@dataclass(frozen=True)
class Word(Generic[Kind]):
    """A condition or an outcome with the contract that it is read by."""

    name: str
    kind: type[Kind]
    rules: ContractRules
    #: The API that it belongs to; None for a word of the core.
    api: ApiWords | None = None

    def refuse_foreign(self, node: Node, operations: Iterable[str]) -> None:
        """Give up on *node*, which stands behind the word, if some of *operations* are those of another API."""
        foreign = [name for name in operations if self.api and name not in self.api.rules.operations]
        if self.api and foreign:
            node.refuse(
                f"{self.name} is a word of the API {self.api.name}, which has no operation {foreign[0]}; "
                "leave it out, or make a stub of its own for that operation",
                at_key=True,
            )


class Vocabulary:
    """What `when`, `then` and `ids` may say, and the scenarios that ship with the server."""

    def __init__(self, apis: Sequence[ApiWords], rules: ContractRules) -> None:
        """Join the words of *apis*, whose contracts *rules* knows all. Raises `SpecError` where two have one word."""
        self._apis = tuple(apis)
        self.presets = Presets(api.presets for api in apis if api.presets)
        self.conditions: Mapping[str, Word[Condition]] = _joined(
            "condition",
            [Word(name, kind, rules) for name, kind in CONDITIONS_BEFORE.items()],
            [Word(name, kind, api.rules, api) for api in apis for name, kind in api.conditions.items()],
            [Word(name, kind, rules) for name, kind in CONDITIONS_AFTER.items()],
        )
        self.outcomes: Mapping[str, Word[OutcomeKind]] = _joined(
            "outcome",
            [Word(name, kind, api.rules, api) for api in apis for name, kind in api.outcomes.items()],
            [Word(name, kind, rules) for name, kind in OUTCOMES.items()],
        )
        self.ids: Mapping[str, ApiWords] = _ids(apis)

    def default_operations(self, names: Iterable[str] = ()) -> tuple[str, ...]:
        """Return what a stub is about that has words with these *names*, and does not say.

        They are the operations of the API whose words they are, and of the first API where they are none's.
        """
        for name in names:
            for word in (self.conditions.get(name), self.outcomes.get(name)):
                if word and word.api:
                    return word.api.default_operations
        return self._apis[0].default_operations

    def id_problems(self, name: str, value: Json) -> Sequence[str]:
        """Say where *value* cannot be the identifier *name*; nothing means it can."""
        api = self.ids[name]
        return api.rules.component_problems(api.ids[name], value)


def _joined(what: str, *several: Sequence[Word[Kind]]) -> Mapping[str, Word[Kind]]:
    found: dict[str, Word[Kind]] = {}
    for word in (word for words in several for word in words):
        other = found.setdefault(word.name, word)
        if other is not word:
            raise SpecError(_twice(f"the {what} {word.name!r}", other.api, word.api))
    return found


def _ids(apis: Sequence[ApiWords]) -> Mapping[str, ApiWords]:
    found: dict[str, ApiWords] = {}
    for api in apis:
        for name in api.ids:
            if found.setdefault(name, api) is not api:
                raise SpecError(_twice(f"the identifier {name!r}", found[name], api))
    return found


def _twice(what: str, one: ApiWords | None, other: ApiWords | None) -> str:
    owners = " and of ".join(f"the API {api.name}" if api else "the core" for api in (one, other))
    return f"{what} is a word of {owners}; scenario documents need one meaning for it: rename one of them"
