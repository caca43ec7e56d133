"""The engagement API as a value."""

from __future__ import annotations

from mockserver.apis.engagement.conditions import CONDITIONS
from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.apis.engagement.operations import OPERATIONS
from mockserver.apis.engagement.outcomes import OUTCOMES
from mockserver.apis.engagement.personal import PERSONAL
from mockserver.apis.engagement.presets import PRESETS
from mockserver.apis.engagement.sessions import ID_COMPONENTS, Sessions
from mockserver.contract.spec import Contract
from mockserver.engine.api import Api


def engagement_api(contract: Contract) -> Api:
    """Return the API that *contract* describes."""
    return Api(
        name="engagement",
        contract=contract,
        error_shape=ERROR_SHAPE,
        operations=OPERATIONS,
        sessions=Sessions,
        rules=("second_request", "unknown_visitor", "id_type", "expired_offer", "session_lifetime_s"),
        personal_names=PERSONAL,
        ids=ID_COMPONENTS,
        conditions=CONDITIONS,
        outcomes=OUTCOMES,
        presets=PRESETS,
    )
