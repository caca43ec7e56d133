"""The contract as generated calls are made from it: what an update can only know from its visit has that value alone.

An update with ids that nobody handed out is refused for them, whatever else it says; so its ids are those of a session.
Later requests keep the ids of the examples: nobody handed those out either, which is no reason to refuse them.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from ...contract.document import Document
from ...contract.routes import UPDATE
from ..own_visit import OwnVisit


def pinned(document: Document, visit: OwnVisit) -> Mapping[str, Any]:
    """Return the contract with the ids of *visit* in an update, and no others."""
    data = deepcopy(dict(document.data))
    update = document.operations[UPDATE]
    ids = {("path", "visitorId"): visit.visitor, ("query", "sid"): visit.session}
    own = data["paths"][update.path][update.method.lower()]["parameters"]
    own[:] = [each for each in own if (each.get("in"), each.get("name")) not in ids]
    own += [
        {
            "in": location,
            "name": name,
            "required": True,
            "schema": {"type": "string", "enum": [known]},
            "example": known,
        }
        for (location, name), known in ids.items()
    ]
    if visit.context:
        data["components"]["schemas"]["EngagementContext"]["properties"]["id"]["enum"] = [visit.context]
    return data
