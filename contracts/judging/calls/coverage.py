"""Which clauses the examination of a client is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...contract.clause import Clause
from .judgements import Judgement

#: Clauses bind a call, or a client; the others bind the server.
_OURS = frozenset({"call", "client"})


def clauses_for_clients(clauses: Mapping[str, Clause], judgements: Iterable[Judgement]) -> dict[str, Clause]:
    """Return the clauses that bind a client, and every other on which one of the *judgements* is."""
    judged = {judgement.clause for judgement in judgements}
    return {name: clause for name, clause in clauses.items() if clause.about in _OURS or name in judged}
