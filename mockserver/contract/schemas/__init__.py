"""The contract's shapes as marshmallow classes: reading glasses for calls and replies that break it.

One class per component of openapi.yaml, under the component's own name; a test compares each with the contract,
word by word. Only who has to explain something imports this package: one that keeps the contract needs no words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow.fields import Field

from mockserver.contract.schemas import attributes, impressions, replies, requests, values
from mockserver.contract.schemas.base import ContractSchema, OneOf, explained
from mockserver.contract.schemas.requests import CALLS, CallShape
from mockserver.model import Json

__all__ = ["CALLS", "SCHEMAS", "VALUES", "CallShape", "ContractSchema", "OneOf", "explained", "explained_call"]

#: The components that are objects, by name.
SCHEMAS: Mapping[str, type[ContractSchema]] = {
    schema.__name__: schema
    for schema in (
        requests.GetEngagementRequest,
        requests.CreateSessionRequest,
        requests.UpdateSessionRequest,
        requests.AppDetails,
        attributes.EngagementAttribute,
        attributes.Personal,
        attributes.PersonalInfo,
        attributes.Age,
        attributes.Contact,
        attributes.Address,
        attributes.CustomerInfo,
        attributes.CustomerDetails,
        attributes.CalendarDate,
        attributes.MarketingSource,
        attributes.MarketingDetails,
        attributes.CartUpdate,
        attributes.CartItem,
        attributes.Product,
        attributes.Purchase,
        attributes.PurchasedCart,
        attributes.ViewedProduct,
        attributes.ViewedItem,
        attributes.StockedProduct,
        attributes.Lead,
        attributes.LeadDetails,
        attributes.ServiceActivity,
        attributes.ServiceDetails,
        attributes.VisitorError,
        attributes.ErrorDetails,
        attributes.SearchedContent,
        impressions.ImpressionEvent,
        impressions.ImpressionDisplay,
        impressions.ImpressionAccept,
        impressions.ImpressionExpanded,
        impressions.ImpressionTimeout,
        impressions.ImpressionClose,
        impressions.EngagementContext,
        replies.EngagementReply,
        replies.AvailableReply,
        replies.NotAvailableReply,
        replies.EngagementDetails,
        replies.Error,
        replies.Domains,
        replies.Domain,
    )
}

#: The components that are no objects, by name.
VALUES: Mapping[str, type[Field[Any]]] = {
    value.__name__: value
    for value in (
        values.AccountId,
        values.VisitorId,
        values.SessionId,
        values.ApiVersion,
        values.ServiceName,
        values.ConsumerSections,
        values.EngagementAttributes,
        values.PageId,
        values.NumericId,
    )
}


def explained_call(operation: str, seen: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Say everything that is wrong with a call of *operation*; paths start with path, query or body.

    *seen* holds what could be read under these three names; what is not in it is not judged.
    """
    shape = CALLS[operation]
    for part, schema in (("path", shape.path), ("query", shape.query), ("body", shape.body)):
        if schema and part in seen:
            for path, what in explained(schema, seen[part]):
                yield f"{part}.{path}" if path else part, what
