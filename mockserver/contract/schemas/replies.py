"""What the server answers: engagements, errors, hosts."""

from __future__ import annotations

from types import MappingProxyType

from mockserver.contract.fields import Absent, Constant, ListOf, ObjectOf, Text, WholeNumber
from mockserver.contract.schemas.base import ContractSchema, OneOf
from mockserver.contract.schemas.values import AccountId, NumericId, PageId, SessionId, VisitorId


class EngagementDetails(ContractSchema):
    """The engagement that is available."""

    campaign_id = NumericId(data_key="campaignId", required=True)
    engagement_id = NumericId(data_key="engagementId", required=True)
    context_id = Text(data_key="contextId", required=True)
    window_id = Text(data_key="windowId", required=True)
    language = Text(required=True)
    engagement_revision = WholeNumber(data_key="engagementRevision", minimum=0, required=True)
    valid_for_seconds = WholeNumber(data_key="validForSeconds", minimum=0, required=True)
    skill_id = WholeNumber(data_key="skillId", minimum=-1)
    skill_name = Text(data_key="skillName")
    connector_id = NumericId(data_key="connectorId")


class AvailableReply(ContractSchema):
    """An engagement is available."""

    status = Constant("Available", required=True)
    session_id = SessionId(data_key="sessionId", required=True)
    visitor_id = VisitorId(data_key="visitorId", required=True)
    page_id = PageId(data_key="pageId", required=True)
    engagement_details = ObjectOf(EngagementDetails, data_key="engagementDetails", required=True)


class NotAvailableReply(ContractSchema):
    """No engagement is available."""

    status = Constant("NotAvailable", required=True)
    session_id = SessionId(data_key="sessionId", required=True)
    visitor_id = VisitorId(data_key="visitorId", required=True)
    page_id = PageId(data_key="pageId", required=True)
    engagement_details = Absent(data_key="engagementDetails")


class EngagementReply(OneOf):
    """Whether an engagement is available."""

    discriminator = "status"
    alternatives = MappingProxyType(
        {
            "Available": AvailableReply,
            "NotAvailable": NotAvailableReply,
        }
    )


class Error(ContractSchema):
    """The flat error entity."""

    time = WholeNumber(minimum=0, required=True)
    message = Text()
    internal_code = WholeNumber(data_key="internalCode", minimum=0, required=True)


class Domain(ContractSchema):
    """The host of one service."""

    service = Text(required=True)
    account = AccountId(required=True)
    base_uri = Text(
        data_key="baseURI",
        required=True,
        pattern=(
            r"^[^/\s:]+(:[0-9]{1,5})?(/__space/[a-z0-9][a-z0-9-]{0,62})?$"
            r"|^\[[0-9a-fA-F:.]+\](:[0-9]{1,5})?(/__space/[a-z0-9][a-z0-9-]{0,62})?$"
        ),
    )


class Domains(ContractSchema):
    """The hosts of all services."""

    base_uris = ListOf(ObjectOf(Domain), data_key="baseURIs", min_items=1, required=True)
