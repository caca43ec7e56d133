"""Which clauses a client's run exercised, kept and broke, and which it never reached."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .document import Clause
from .rulings import Ruling

#: Clauses bind a call, or a client; the others bind the server.
_OURS = frozenset({"call", "client"})


@dataclass(frozen=True)
class ClauseCoverage:
    """How often one clause was put to the test."""

    clause: Clause
    kept: int = 0
    broke: int = 0

    @property
    def word(self) -> str:
        """Say the result in one word or two."""
        if self.broke:
            return "broke"
        return "kept" if self.kept else "never reached"


def client_coverage(clauses: Mapping[str, Clause], rulings: Iterable[Ruling]) -> tuple[ClauseCoverage, ...]:
    """Count *rulings* for every clause that binds a client, and for every other that was ruled on."""
    kept: dict[str, int] = {}
    broke: dict[str, int] = {}
    for ruling in rulings:
        counts = kept if ruling.kept else broke
        counts[ruling.clause] = counts.get(ruling.clause, 0) + 1
    return tuple(
        ClauseCoverage(clause, kept.get(name, 0), broke.get(name, 0))
        for name, clause in clauses.items()
        if clause.about in _OURS or name in kept or name in broke
    )


def coverage_table(coverage: Iterable[ClauseCoverage]) -> str:
    """Write the coverage as text: how many, and which."""
    rows = list(coverage)
    by_word = {word: [row.clause.id for row in rows if row.word == word] for word in ("kept", "broke", "never reached")}
    exercised = len(by_word["kept"]) + len(by_word["broke"])
    lines = [f"Clause coverage of the client: {exercised} of {len(rows)} exercised"]
    for word, names in by_word.items():
        listed = textwrap.indent(
            "\n".join(textwrap.wrap(", ".join(names) or "none", 110, break_on_hyphens=False)), "    "
        )
        lines += [f"  {word} {len(names)}:", listed]
    return "\n".join(lines)
