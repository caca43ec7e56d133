"""The APIs that come with the server."""

from __future__ import annotations

from typing import Any

from mockserver.apis.domain.api import domain_api
from mockserver.apis.engagement.api import engagement_api
from mockserver.apis.engagement.conventions import CONVENTIONS
from mockserver.contract.file import read_document
from mockserver.contract.spec import Contract
from mockserver.engine.api import Api


def own_apis(document: dict[str, Any] | None = None) -> tuple[Api, ...]:
    """Return them; the two share one *document*, else `openapi.yaml`."""
    contract = Contract(document or read_document(), CONVENTIONS)
    engagement = engagement_api(contract)
    return engagement, domain_api(contract, engagement.error_shape)
