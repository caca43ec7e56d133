"""The clauses of a document: its rules, each with a sentence, its sources and its standing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.errors import SpecError, nearest


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of the contract."""

    id: str
    rule: str
    #: Whom it binds: call, reply, server or client.
    about: str
    #: How sure it is: documented, observed, inferred or recommended.
    standing: str
    source: tuple[str, ...]
    status: int | None = None
    code: int | None = None


def read_clause(entry: Mapping[str, Any]) -> Clause:
    """Read one entry of `x-clauses`."""
    return Clause(
        entry["id"], entry["rule"], entry["about"], entry["standing"], tuple(entry["source"]), entry.get("status"),
        entry.get("internalCode"),
    )  # fmt: skip


def refuse_unknown_clauses(ids: Sequence[str], known: Collection[str], where: str) -> None:
    """Raise `SpecError` when one of *ids*, which stand at *where*, is none of the *known* clauses."""
    for clause in ids:
        if clause not in known:
            raise SpecError(f"{where}: the clause {clause!r} is not in x-clauses{nearest(clause, known)}")
