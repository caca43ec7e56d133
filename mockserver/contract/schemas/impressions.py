"""Impression events: reports that an engagement was displayed, accepted, expanded, timed out or closed."""

from __future__ import annotations

from types import MappingProxyType

from mockserver.contract.fields import AnyValue, Constant, ListOf, ObjectOf, RealNumber, Text
from mockserver.contract.schemas.base import ContractSchema, OneOf


class EngagementContext(ContractSchema):
    """One offering of an engagement inside a session."""

    type = Constant("engagementContext")
    id = Text(required=True)


class ImpressionDisplay(ContractSchema):
    """The engagement was displayed."""

    type = Constant("impDisplay", required=True)
    campaign = RealNumber()
    eng_id = RealNumber(data_key="engId")
    revision = RealNumber()
    e_context = ListOf(ObjectOf(EngagementContext), data_key="eContext")


class ImpressionAccept(ContractSchema):
    """The consumer accepted the engagement."""

    type = Constant("impAccept", required=True)
    campaign = RealNumber()
    eng_id = RealNumber(data_key="engId")
    revision = RealNumber()
    e_context = ListOf(ObjectOf(EngagementContext), data_key="eContext")


class ImpressionExpanded(ContractSchema):
    """The engagement was expanded; the types of three members are not documented."""

    type = Constant("impExpanded", required=True)
    expanded = AnyValue()
    user_init = AnyValue(data_key="userInit")
    actionable_items = AnyValue(data_key="actionableItems")
    campaign = RealNumber()
    eng_id = RealNumber(data_key="engId")
    revision = RealNumber()


class ImpressionTimeout(ContractSchema):
    """The engagement timed out."""

    type = Constant("impTimeout", required=True)
    campaign = RealNumber()
    eng_id = RealNumber(data_key="engId")
    revision = RealNumber()


class ImpressionClose(ContractSchema):
    """The engagement was closed."""

    type = Constant("impClose", required=True)
    campaign = RealNumber()
    eng_id = RealNumber(data_key="engId")
    revision = RealNumber()


class ImpressionEvent(OneOf):
    """An impression event of any type."""

    alternatives = MappingProxyType(
        {
            "impDisplay": ImpressionDisplay,
            "impAccept": ImpressionAccept,
            "impExpanded": ImpressionExpanded,
            "impTimeout": ImpressionTimeout,
            "impClose": ImpressionClose,
        }
    )
