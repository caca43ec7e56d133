"""The words that this API adds to `then`: one file per outcome."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.apis.engagement.outcomes.error import Error
from mockserver.apis.engagement.outcomes.not_available import NotAvailable
from mockserver.apis.engagement.outcomes.offer import Offer
from mockserver.scenarios.outcomes import OutcomeKind

__all__ = ["OUTCOMES", "NotAvailable", "Offer"]

#: In the order in which they are listed.
OUTCOMES: Mapping[str, type[OutcomeKind]] = {"offer": Offer, "not_available": NotAvailable, "error": Error}
