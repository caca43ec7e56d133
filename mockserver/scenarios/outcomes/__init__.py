"""Outcomes of calls, which stand under `then`: one file per outcome, and the table of those of the core."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.scenarios.outcomes.base import ContractError, Outcome, OutcomeKind, Purpose, Unscripted
from mockserver.scenarios.outcomes.reply import Verbatim

__all__ = ["OUTCOMES", "ContractError", "Outcome", "OutcomeKind", "Purpose", "Unscripted", "Verbatim"]

#: What the core knows; it stands behind the words of the APIs.
OUTCOMES: Mapping[str, type[OutcomeKind]] = {"reply": Verbatim}
