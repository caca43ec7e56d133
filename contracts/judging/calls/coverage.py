"""Which clauses the examination of a client is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...contract.document import Clause
from .rulings import Ruling

#: Clauses bind a call, or a client; the others bind the server.
_OURS = frozenset({"call", "client"})


def clauses_for_clients(clauses: Mapping[str, Clause], rulings: Iterable[Ruling]) -> dict[str, Clause]:
    """Return the clauses that bind a client, and every other on which one of the *rulings* is."""
    ruled = {ruling.clause for ruling in rulings}
    return {name: clause for name, clause in clauses.items() if clause.about in _OURS or name in ruled}
