"""What a call carries: bodies, and the values of its path and its query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockserver.contract.fields import Choice, IpAddress, ListOf, ObjectOf, Text
from mockserver.contract.schemas.base import ContractSchema, Exclusion
from mockserver.contract.schemas.impressions import ImpressionEvent
from mockserver.contract.schemas.values import (
    AccountId,
    ApiVersion,
    ConsumerSections,
    EngagementAttributes,
    ServiceName,
    SessionId,
    VisitorId,
)


class AppDetails(ContractSchema):
    """Diagnostics about the calling app."""

    app_version = Text(data_key="appVersion")
    device_family = Choice("DESKTOP", "TABLET", "MOBILE", data_key="deviceFamily")
    ip_address = IpAddress(data_key="ipAddress")
    os = Choice("WINDOWS", "MAC_OSX", "LINUX", "IOS", "ANDROID")
    os_version = Text(data_key="osVersion")


class GetEngagementRequest(ContractSchema):
    """The request object of the JS method."""

    app_type = Choice("EXTERNAL", data_key="appType")
    app_details = ObjectOf(AppDetails, data_key="appDetails")
    consumer_sections = ConsumerSections(data_key="consumerSections")
    engagement_attributes = EngagementAttributes(data_key="engagementAttributes")
    vid = VisitorId()
    sid = SessionId()


class CreateSessionRequest(ContractSchema):
    """The body of Create Session."""

    rules = (Exclusion("appType", "MSDK", items="engagementAttributes", item_member="type", excluded="searchInfo"),)

    app_type = Choice("MSDK", "EXTERNAL", data_key="appType", required=True)
    app_details = ObjectOf(AppDetails, data_key="appDetails")
    consumer_sections = ConsumerSections(data_key="consumerSections")
    engagement_attributes = EngagementAttributes(data_key="engagementAttributes")


class UpdateSessionRequest(ContractSchema):
    """The body of Update Session."""

    page_id = Text(data_key="pageId", required=True)
    imp_attributes = ListOf(ObjectOf(ImpressionEvent), data_key="impAttributes")
    engagement_attributes = EngagementAttributes(data_key="engagementAttributes")


class AccountPath(ContractSchema):
    """The path of a call that names an account only."""

    account_id = AccountId(data_key="accountId", required=True)


class VisitorPath(AccountPath):
    """The path of a call that names a visitor."""

    visitor_id = VisitorId(data_key="visitorId", required=True)


class ServicePath(AccountPath):
    """The path of a call that names a service."""

    service_name = ServiceName(data_key="serviceName", required=True)


class NoQuery(ContractSchema):
    """The query of a call that has no parameters."""


class FirstSessionQuery(ContractSchema):
    """The query of Create Session on a first request."""

    v = ApiVersion(required=True)


class SessionQuery(ContractSchema):
    """The query of Create Session."""

    v = ApiVersion(required=True)
    sid = SessionId()


class UpdateQuery(ContractSchema):
    """The query of Update Session."""

    v = ApiVersion(required=True)
    sid = SessionId(required=True)


class DomainQuery(ContractSchema):
    """The query of the Domain API."""

    version = ApiVersion(required=True)


class CallbackQuery(DomainQuery):
    """The query of the Domain API when a script is asked for."""

    cb = Text(pattern="^[A-Za-z_$][A-Za-z0-9_$.]{0,127}$", required=True)


@dataclass(frozen=True, slots=True)
class CallShape:
    """Which schemas read a call."""

    path: type[ContractSchema]
    query: type[ContractSchema]
    body: type[ContractSchema] | None = None


#: By operationId.
CALLS: Mapping[str, CallShape] = {
    "getEngagement": CallShape(AccountPath, NoQuery, GetEngagementRequest),
    "createFirstSession": CallShape(AccountPath, FirstSessionQuery, CreateSessionRequest),
    "createSession": CallShape(VisitorPath, SessionQuery, CreateSessionRequest),
    "updateSession": CallShape(VisitorPath, UpdateQuery, UpdateSessionRequest),
    "listDomains": CallShape(AccountPath, DomainQuery),
    "listDomainsScript": CallShape(AccountPath, CallbackQuery),
    "getDomain": CallShape(ServicePath, DomainQuery),
    "getDomainScript": CallShape(ServicePath, CallbackQuery),
}
