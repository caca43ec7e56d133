"""What scenario documents are checked against: the contract of an API, as far as they need it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from mockserver.model import Json


class ContractRules(Protocol):
    """Answers questions about one contract."""

    @property
    def operations(self) -> Collection[str]:
        """The operationIds."""

    def documented_statuses(self, operation: str) -> Collection[int]:
        """Return the statuses that *operation* may answer with."""

    def example(self, name: str) -> Json:
        """Return the value of the example component *name*."""

    def component_members(self, component: str) -> Sequence[str]:
        """Return the names of the members of a schema component, in the contract's order."""

    def component_problems(self, component: str, value: Json) -> Sequence[str]:
        """Say where *value* breaks the schema of a component; nothing means it does not."""

    def reply_problems(
        self, operation: str, status: int, body: bytes, headers: Sequence[tuple[str, str]] = ()
    ) -> Sequence[str]:
        """Say where a reply of *operation* breaks the contract; nothing means it does not."""
