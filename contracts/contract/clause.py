"""A clause: one rule of the contract, with its sentence, its sources and its standing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """One rule of the contract."""

    id: str
    rule: str
    #: Whom the rule binds: call, reply, server or client.
    about: str
    #: documented, observed, inferred or recommended.
    standing: str
    status: int | None
    internal_code: int | None
    #: The titles of the pages it rests on.
    sources: tuple[str, ...]
    pointer: str

    @property
    def quoted(self) -> str:
        """Quote the clause with its standing and its sources."""
        return f"{self.id}: {self.rule} ({self.standing}; {'; '.join(self.sources)})"
