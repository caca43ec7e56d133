"""The contract's components that are no objects: identifiers, names, and lists."""

from __future__ import annotations

from typing import Any

from mockserver.contract.fields import Choice, ListOf, ObjectOf, Text, TextOrWholeNumber
from mockserver.contract.schemas.attributes import EngagementAttribute


class AccountId(Text):
    """The number of an account, or a name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern="^[a-zA-Z0-9_]{1,20}$", **options)


class VisitorId(Text):
    """The `visitorId` of a reply."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern="^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$", **options)


class SessionId(Text):
    """The `sessionId` of a reply."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern="^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$", **options)


class ApiVersion(Text):
    """The version that a call asks for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern=r"^1(\.0+)?$", meaning="1.0, written as 1.0 or 1", **options)


class ServiceName(Choice):
    """The name of a service in the Domain API."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            "msdkgw",
            "smt",
            "conversationVep",
            "adminArea",
            "acCdnDomain",
            "agentVep",
            "accountConfigReadOnly",
            "accountConfigReadWrite",
            "engHistDomain",
            "asyncMessaging",
            "asyncMessagingEnt",
            "msgHist",
            "leDataReporting",
            "idp",
            "visitorFeed",
            "liveEngageUI",
            "etool",
            "swift",
            "pusher",
            "faaSGW",
            "rtbf",
            "msgEwtAPI",
            **options,
        )


class ConsumerSections(ListOf):
    """Locations of the external system."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Text(), **options)


class EngagementAttributes(ListOf):
    """Engagement attributes (SDEs)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(ObjectOf(EngagementAttribute), **options)


class PageId(Text):
    """The `pageId` of a reply."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern="^[0-9]{1,20}$", **options)


class NumericId(TextOrWholeNumber):
    """Digits, as text or as a number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pattern="^[0-9]{1,19}$", minimum=0, **options)
