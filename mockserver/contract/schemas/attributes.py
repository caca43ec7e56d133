"""Engagement attributes (SDEs): what the caller knows about its consumer, one class per type and part."""

from __future__ import annotations

from types import MappingProxyType

from mockserver.contract.fields import Choice, Constant, Flag, ListOf, ObjectOf, RealNumber, Text, WholeNumber
from mockserver.contract.schemas.base import ContractSchema, OneOf
from mockserver.contract.schemas.impressions import ImpressionEvent


class Age(ContractSchema):
    """Age and date of birth; any number is taken."""

    age = RealNumber()
    year = RealNumber()
    month = RealNumber()
    day = RealNumber()


class Address(ContractSchema):
    """Where a contact lives."""

    country = Text()
    region = Text()


class Contact(ContractSchema):
    """How to reach the consumer."""

    email = Text()
    phone = Text()
    phone_type = Choice(
        "HOME", "MOBILE", "WORK", "FAX", "MAIN", "HOME_FAX", "WORK_FAX", "PAGER", "OTHER", data_key="phoneType"
    )
    address = ObjectOf(Address)


class PersonalInfo(ContractSchema):
    """Who the consumer is."""

    firstname = Text()
    lastname = Text()
    age = ObjectOf(Age)
    contacts = ListOf(ObjectOf(Contact))
    gender = Choice("MALE", "FEMALE", "OTHER")
    company = Text()
    language = Text(pattern="^[a-z]{2}[-_][A-Z]{2}$")


class Personal(ContractSchema):
    """Personal information."""

    type = Constant("personal", required=True)
    personal = ObjectOf(PersonalInfo)


class CalendarDate(ContractSchema):
    """A day, month and year."""

    day = WholeNumber()
    month = WholeNumber()
    year = WholeNumber()


class CustomerDetails(ContractSchema):
    """What the brand knows about its customer."""

    ctype = Text()
    cstatus = Text()
    balance = RealNumber()
    currency = Text()
    customer_id = Text(data_key="customerId")
    social_id = Text(data_key="socialId")
    imei = Text()
    user_name = Text(data_key="userName")
    company_size = WholeNumber(data_key="companySize")
    company_branch = Text(data_key="companyBranch")
    account_name = Text(data_key="accountName")
    role = Text()
    last_payment_date = ObjectOf(CalendarDate, data_key="lastPaymentDate")
    registration_date = ObjectOf(CalendarDate, data_key="registrationDate")
    login_status = WholeNumber(data_key="loginStatus")
    store_zip_code = Text(data_key="storeZipCode")
    store_number = Text(data_key="storeNumber")


class CustomerInfo(ContractSchema):
    """Customer information."""

    type = Constant("ctmrinfo", required=True)
    info = ObjectOf(CustomerDetails)


class MarketingDetails(ContractSchema):
    """Where the consumer came from."""

    channel = Choice(0, 1, 2, 3, 4, "0", "1", "2", "3", "4")
    affiliate = Text()
    campaign_id = Text(data_key="campaignId")


class MarketingSource(ContractSchema):
    """Marketing source."""

    type = Constant("mrktInfo", required=True)
    info = ObjectOf(MarketingDetails)


class Product(ContractSchema):
    """A product."""

    name = Text()
    category = Text()
    sku = Text()
    price = RealNumber()


class CartItem(ContractSchema):
    """A product and how many of it."""

    product = ObjectOf(Product, required=True)
    quantity = WholeNumber()


class CartUpdate(ContractSchema):
    """Cart status."""

    type = Constant("cart", required=True)
    total = RealNumber(required=True)
    num_items = WholeNumber(data_key="numItems", required=True)
    currency = Text()
    products = ListOf(ObjectOf(CartItem))


class PurchasedCart(ContractSchema):
    """The cart that was bought."""

    products = ListOf(ObjectOf(CartItem), required=True)
    num_items = WholeNumber(data_key="numItems")


class Purchase(ContractSchema):
    """Transaction."""

    type = Constant("purchase", required=True)
    total = RealNumber()
    currency = Text()
    order_id = Text(data_key="orderId")
    cart = ObjectOf(PurchasedCart)


class StockedProduct(ContractSchema):
    """A product and what the stock says."""

    name = Text()
    category = Text()
    sku = Text()
    price = RealNumber()
    status_in_stock = Text(data_key="statusInStock")
    quantity_in_stock = WholeNumber(data_key="quantityInStock")


class ViewedItem(ContractSchema):
    """A product that was looked at."""

    product = ObjectOf(StockedProduct)


class ViewedProduct(ContractSchema):
    """Viewed products."""

    type = Constant("prodView", required=True)
    currency = Text()
    products = ListOf(ObjectOf(ViewedItem))


class LeadDetails(ContractSchema):
    """What the consumer is interested in."""

    topic = Text()
    value = RealNumber()
    currency = Text()
    lead_id = Text(data_key="leadId")


class Lead(ContractSchema):
    """Lead."""

    type = Constant("lead", required=True)
    lead = ObjectOf(LeadDetails)


class ServiceDetails(ContractSchema):
    """A service and how far it got."""

    topic = Text()
    status = WholeNumber(minimum=0, maximum=13)
    category = Text()
    service_id = Text(data_key="serviceId")


class ServiceActivity(ContractSchema):
    """Service activity."""

    type = Constant("service", required=True)
    service = ObjectOf(ServiceDetails)


class ErrorDetails(ContractSchema):
    """An error that the consumer met."""

    context_id = Text(data_key="contextId")
    message = Text()
    code = Text()
    level = WholeNumber()
    resolved = Flag()


class VisitorError(ContractSchema):
    """Visitor error."""

    type = Constant("error", required=True)
    error = ObjectOf(ErrorDetails)


class SearchedContent(ContractSchema):
    """Searched content."""

    type = Constant("searchInfo", required=True)
    keywords = ListOf(Text())


_MISPLACED = "impression events are not engagement attributes; send them as impAttributes of an Update Session"


class EngagementAttribute(OneOf):
    """An engagement attribute of any type."""

    alternatives = MappingProxyType(
        {
            "personal": Personal,
            "ctmrinfo": CustomerInfo,
            "mrktInfo": MarketingSource,
            "cart": CartUpdate,
            "purchase": Purchase,
            "prodView": ViewedProduct,
            "lead": Lead,
            "service": ServiceActivity,
            "error": VisitorError,
            "searchInfo": SearchedContent,
        }
    )
    misplaced = MappingProxyType(dict.fromkeys(ImpressionEvent.alternatives, _MISPLACED))
