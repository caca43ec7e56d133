"""What conditions have in common that want one of several texts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from mockserver.model import Json, ValidCall
from mockserver.scenarios.conditions.base import Condition, Token, refuse_impossible
from mockserver.scenarios.conditions.description import brief, either
from mockserver.scenarios.contract_rules import ContractRules
from mockserver.scenarios.documents.nodes import Node


@dataclass(frozen=True)
class OneOfTexts(Condition):
    """A call has one of these texts; subclasses say where, and of which schema component of the contract it is."""

    schema: ClassVar[Mapping[str, Json]] = {"$ref": "#/$defs/texts"}
    #: Where the text stands in a call, in differences and tokens.
    where: ClassVar[str]
    #: The schema component that such a text keeps.
    component: ClassVar[str]

    texts: tuple[str, ...]

    @classmethod
    @abstractmethod
    def text_of(cls, call: ValidCall) -> Json:
        """Return the text that *call* has; None for none."""

    @classmethod
    def sample(cls, text: str) -> Json:
        """Return the value of the component that has *text*."""
        return text

    @classmethod
    def read(cls, node: Node, rules: ContractRules) -> Self:
        """Read a text, or a list of alternatives."""
        texts = node.texts()
        for text in texts:
            refuse_impossible(node, rules.component_problems(cls.component, cls.sample(text)))
        return cls(texts)

    def differences(self, call: ValidCall, now: datetime) -> Iterator[str]:
        """Say which text was wanted, and which came."""
        if (got := self.text_of(call)) not in self.texts:
            yield f"{self.where}: wanted {either(self.texts)}, got {brief(got)}"

    def token_sets(self) -> Iterator[Collection[Token]]:
        """Yield the alternatives."""
        yield {(self.where, text) for text in self.texts}

    @classmethod
    def carried_tokens(cls, call: ValidCall) -> Iterable[Token]:
        """Yield the text of the call."""
        text = cls.text_of(call)
        return ((cls.where, text),) if isinstance(text, str) else ()
