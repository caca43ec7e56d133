"""The words that this API adds to `when`: one file per condition."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.apis.engagement.conditions.account import Account
from mockserver.apis.engagement.conditions.app_details import AppDetails
from mockserver.apis.engagement.conditions.app_type import AppType
from mockserver.apis.engagement.conditions.consumer_sections import ConsumerSections
from mockserver.apis.engagement.conditions.door import Door
from mockserver.apis.engagement.conditions.engagement_attributes import EngagementAttributes
from mockserver.apis.engagement.conditions.first_call import FirstCall
from mockserver.apis.engagement.conditions.session import Session
from mockserver.apis.engagement.conditions.visitor import Visitor
from mockserver.scenarios.conditions import Condition

#: In the order in which messages, the reference page and the differences of a near miss list them.
CONDITIONS: Mapping[str, type[Condition]] = {
    "door": Door,
    "account": Account,
    "visitor": Visitor,
    "session": Session,
    "first_call": FirstCall,
    "app_type": AppType,
    "consumer_sections": ConsumerSections,
    "app_details": AppDetails,
    "engagement_attributes": EngagementAttributes,
}
