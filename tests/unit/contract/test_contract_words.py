"""The comparison of schema classes with the contract finds whatever is planted, and nothing else."""

import copy
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml
from marshmallow import EXCLUDE, INCLUDE, RAISE, fields, pre_load

from mockserver.contract.fields import ListOf, ObjectOf, Text, WholeNumber
from mockserver.contract.schemas import CALLS, SCHEMAS, VALUES, ContractSchema
from mockserver.contract.schemas.requests import SessionQuery
from tests.support.contract_words import differences

CONTRACT = yaml.load((Path(__file__).parents[3] / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
COMPONENTS = "components schemas "


# Each row changes one word of the contract, at a path of keys; None takes the word out.
@pytest.mark.parametrize(
    ("path", "word", "difference"),
    [
        pytest.param(
            "AppDetails properties os enum",
            ["IOS", "ANDROID"],
            'AppDetails.os: enum: the contract says ["IOS", "ANDROID"], '
            'the schema ["WINDOWS", "MAC_OSX", "LINUX", "IOS", "ANDROID"]',
            id="an enum is narrowed",
        ),
        pytest.param(
            "MarketingDetails properties channel oneOf",
            [{"type": "integer", "enum": [0.0]}],
            'MarketingDetails.channel: oneOf: the contract says [{"enum": [0.0], "type": "integer"}], '
            'the schema [{"maximum": 4, "minimum": 0, "type": "integer"}, '
            '{"enum": ["0", "1", "2", "3", "4"], "type": "string"}]',
            id="an enum is spelled otherwise",
        ),
        pytest.param(
            "CartItem properties quantity type",
            "number",
            'CartItem.quantity: type: the contract says "number", the schema "integer"',
            id="an integer becomes a number",
        ),
        pytest.param(
            "Age properties year type",
            "integer",
            'Age.year: type: the contract says "integer", the schema "number"',
            id="a number becomes an integer",
        ),
        pytest.param(
            "ErrorDetails properties resolved type",
            "string",
            'ErrorDetails.resolved: type: the contract says "string", the schema "boolean"',
            id="a flag becomes text",
        ),
        pytest.param(
            "ImpressionExpanded properties expanded",
            {"type": "boolean"},
            'ImpressionExpanded.expanded: type: the contract says "boolean", the schema null',
            id="anything becomes a flag",
        ),
        pytest.param(
            "NumericId type",
            "string",
            'NumericId: type: the contract says "string", the schema ["string", "integer"]',
            id="one of two types goes",
        ),
        pytest.param(
            "UpdateSessionRequest required",
            None,
            "UpdateSessionRequest.pageId: only the schema requires it",
            id="required is removed",
        ),
        pytest.param(
            "Error required",
            ["time", "message", "internalCode"],
            "Error.message: only the contract requires it",
            id="required is added",
        ),
        pytest.param(
            "Address properties city",
            {"type": "string"},
            "Address.city: only the contract has it",
            id="a property is added",
        ),
        pytest.param(
            "Contact properties email",
            None,
            "Contact.email: only the schema has it",
            id="a property is removed",
        ),
        pytest.param(
            "Error properties",
            {name: CONTRACT["components"]["schemas"]["Error"]["properties"][name] for name in ("message", "time")}
            | {"internalCode": {"type": "integer", "minimum": 0}},
            "Error: members stand in another order",
            id="properties change places",
        ),
        pytest.param(
            "PersonalInfo properties language pattern",
            "^[a-z]{2}$",
            'PersonalInfo.language: pattern: the contract says "^[a-z]{2}$", the schema "^[a-z]{2}[-_][A-Z]{2}$"',
            id="a pattern changes",
        ),
        pytest.param(
            "PageId pattern",
            "^[0-9]{1,30}$",
            'PageId: pattern: the contract says "^[0-9]{1,30}$", the schema "^[0-9]{1,20}$"',
            id="the pattern of a named value changes",
        ),
        pytest.param(
            "Contact properties email format",
            "email",
            'Contact.email: format: the contract says "email", the schema null',
            id="a format is added",
        ),
        pytest.param(
            "ServiceDetails properties status maximum",
            14,
            "ServiceDetails.status: maximum: the contract says 14, the schema 13",
            id="a bound moves",
        ),
        pytest.param(
            "EngagementDetails properties skillId minimum",
            None,
            "EngagementDetails.skillId: minimum: the contract says null, the schema -1",
            id="a bound goes",
        ),
        pytest.param(
            "Domains properties baseURIs minItems",
            2,
            "Domains.baseURIs: minItems: the contract says 2, the schema 1",
            id="a list must be longer",
        ),
        pytest.param(
            "SearchedContent properties keywords items type",
            "number",
            'SearchedContent.keywords[]: type: the contract says "number", the schema "string"',
            id="a list holds something else",
        ),
        pytest.param(
            "ConsumerSections items type",
            "integer",
            'ConsumerSections[]: type: the contract says "integer", the schema "string"',
            id="a named list holds something else",
        ),
        pytest.param(
            "ViewedItem properties product $ref",
            "#/components/schemas/Product",
            'ViewedItem.product: $ref: the contract says "#/components/schemas/Product", '
            'the schema "#/components/schemas/StockedProduct"',
            id="a reference points elsewhere",
        ),
        pytest.param(
            "AvailableReply properties status const",
            "available",
            'AvailableReply.status: const: the contract says "available", the schema "Available"',
            id="a constant changes",
        ),
        pytest.param(
            "NotAvailableReply properties engagementDetails",
            True,
            'NotAvailableReply.engagementDetails: the contract says true, the schema {"not": {}}',
            id="a forbidden member is allowed",
        ),
        pytest.param(
            "EngagementReply discriminator propertyName",
            "state",
            'EngagementReply: discriminator: propertyName: the contract says "state", the schema "status"',
            id="another member discriminates",
        ),
        pytest.param(
            "EngagementAttribute discriminator mapping refund",
            "#/components/schemas/Lead",
            "EngagementAttribute: discriminator: mapping: refund: "
            'the contract says "#/components/schemas/Lead", the schema null',
            id="a kind of attribute is added",
        ),
        pytest.param(
            "CreateSessionRequest if properties appType const",
            "EXTERNAL",
            "CreateSessionRequest: if: the contract says "
            '{"properties": {"appType": {"const": "EXTERNAL", "type": "string"}}, "required": ["appType"]}, '
            'the schema {"properties": {"appType": {"const": "MSDK", "type": "string"}}, "required": ["appType"]}',
            id="a rule has another condition",
        ),
        pytest.param(
            "Age additionalProperties",
            False,
            "Age: additionalProperties: the contract says false, the schema null",
            id="unknown members are forbidden",
        ),
        pytest.param("Refund", {"type": "object"}, "Refund: only the contract has it", id="a component is added"),
        pytest.param("Error", None, "Error: only the schemas have it", id="a component is removed"),
    ],
)
def test_a_change_of_one_word_of_a_component_is_told_in_one_line(path, word, difference):
    contract = _changed(COMPONENTS + path, word)

    assert news(contract) == [difference]


LIST_DOMAINS = "paths /api/account/{accountId}/service/baseURI.json get "


@pytest.mark.parametrize(
    ("path", "word", "told"),
    [
        pytest.param(
            "components parameters Version required",
            False,
            [f"{name} query.v: only the schema requires it" for name in ("createFirstSession", "createSession")]
            + ["updateSession query.v: only the schema requires it"],
            id="a parameter becomes optional",
        ),
        pytest.param(
            "components parameters Callback schema pattern",
            "^[a-z]$",
            [
                f'{name} query.cb: pattern: the contract says "^[a-z]$", '
                'the schema "^[A-Za-z_$][A-Za-z0-9_$.]{0,127}$"'
                for name in ("listDomainsScript", "getDomainScript")
            ],
            id="the pattern of a parameter changes",
        ),
        pytest.param(
            "components parameters ServiceName name",
            "service",
            [
                f"{name} path.{where}"
                for name in ("getDomain", "getDomainScript")
                for where in ("service: only the contract has it", "serviceName: only the schema has it")
            ],
            id="a parameter is renamed",
        ),
        pytest.param(
            LIST_DOMAINS + "parameters",
            [{"name": "X-Account", "in": "header", "schema": {"type": "string"}}],
            ["listDomains header.X-Account: only the contract has it"],
            id="a header is added",
        ),
        pytest.param(
            LIST_DOMAINS + "parameters",
            [{"name": "cb", "in": "query", "schema": {"type": "string"}}],
            ["listDomains query.cb: only the contract has it"],
            id="a query parameter is added",
        ),
        pytest.param(
            LIST_DOMAINS + "operationId",
            "allDomains",
            ["allDomains: only the contract has it", "listDomains: only the table of calls has it"],
            id="an operation is renamed",
        ),
        pytest.param(
            LIST_DOMAINS + "requestBody",
            {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
            ['listDomains body: $ref: the contract says "#/components/schemas/Error", the schema null'],
            id="a body is added",
        ),
    ],
)
def test_a_change_of_a_parameter_or_body_is_told_for_each_operation_it_touches(path, word, told):
    contract = _changed(path, word)

    assert sorted(news(contract)) == sorted(told)


class LenientNumber(SCHEMAS["Error"]):
    internal_code = fields.Integer(data_key="internalCode", required=True, strict=True)


class LenientText(SCHEMAS["Error"]):
    message = fields.String()


class LenientItems(SCHEMAS["Domains"]):
    base_uris = ListOf(fields.Boolean(), data_key="baseURIs", min_items=1, required=True)


class OwnField(SCHEMAS["Error"]):
    message = type("Anything", (Text,), {"_deserialize": lambda _self, value, *_, **__: value})()


class Nullable(SCHEMAS["Error"]):
    message = Text(allow_none=True)


class Defaulted(SCHEMAS["Error"]):
    message = Text(load_default="")


class Overlooked(SCHEMAS["Error"]):
    message = Text(dump_only=True)


class Validated(SCHEMAS["Error"]):
    message = Text(validate=bool)


class Prepared(SCHEMAS["Error"]):
    message = Text(pre_load=str)


class Unlisted(SCHEMAS["Error"]):
    details = Text()


class Optional(SCHEMAS["Error"]):
    time = WholeNumber(minimum=0)


class Shy(SCHEMAS["Error"]):
    class Meta:
        exclude = ("message",)
        unknown = EXCLUDE


class Fussy(SCHEMAS["Error"]):
    class Meta:
        unknown = RAISE


class Hoarding(SCHEMAS["Error"]):
    class Meta:
        unknown = INCLUDE


class Hooked(SCHEMAS["Error"]):
    @pre_load
    def mend(self, data, **_):
        return {"time": 0, "internalCode": 0} | data


class Gullible(SCHEMAS["EngagementReply"]):
    def load(self, data, **_):
        return data


class Narrow(SCHEMAS["EngagementReply"]):
    misplaced = MappingProxyType({"Available": "not today"})


class Ruleless(SCHEMAS["CreateSessionRequest"]):
    rules = ()


class Partial(SCHEMAS["GetEngagementRequest"]):
    app_details = ObjectOf(SCHEMAS["AppDetails"], exclude=("os",), data_key="appDetails")


class Stranger(SCHEMAS["GetEngagementRequest"]):
    app_details = ObjectOf(type("Details", (ContractSchema,), {}), data_key="appDetails")


@pytest.mark.parametrize(
    ("name", "schema", "difference"),
    [
        ("Error", LenientNumber, ".internalCode: is read by marshmallow.fields.Integer, which is not a strict field"),
        ("Error", LenientText, ".message: is read by marshmallow.fields.String, which is not a strict field"),
        ("Domains", LenientItems, ".baseURIs[]: is read by marshmallow.fields.Boolean, which is not a strict field"),
        ("Error", OwnField, f".message: is read by {__name__}.Anything, which is not a strict field"),
        ("Error", Nullable, ".message: sets allow_none, which the contract cannot say"),
        ("Error", Defaulted, ".message: sets load_default, which the contract cannot say"),
        ("Error", Overlooked, ".message: sets dump_only, which the contract cannot say"),
        ("Error", Validated, ".message: sets validate, which the contract cannot say"),
        ("Error", Prepared, ".message: sets pre_load, which the contract cannot say"),
        ("Error", Unlisted, ".details: only the schema has it"),
        ("Error", Optional, ".time: only the contract requires it"),
        ("Error", Shy, ".message: only the contract has it"),
        ("Error", Fussy, ": additionalProperties: the contract says null, the schema false"),
        ("Error", Hoarding, ": additionalProperties: the contract says null, the schema true"),
        ("Error", Hooked, ": defines mend, which the contract cannot say"),
        ("EngagementReply", Gullible, ": defines load, which the contract cannot say"),
        ("GetEngagementRequest", Partial, ".appDetails: sets exclude, which the contract cannot say"),
        (
            "GetEngagementRequest",
            Stranger,
            (
                '.appDetails: $ref: the contract says "#/components/schemas/AppDetails", '
                'the schema "Details, which is not in the table"'
            ),
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_class_that_judges_otherwise_than_the_contract_is_told_in_one_line(name, schema, difference):
    schemas, calls = _exchanged(name, schema)

    assert news(CONTRACT, schemas=schemas, calls=calls) == [name + difference]


def test_a_rule_that_no_class_keeps_is_told_with_its_condition_and_its_consequence():
    schemas, calls = _exchanged("CreateSessionRequest", Ruleless)

    told = news(CONTRACT, schemas=schemas, calls=calls)

    assert [line.partition(": the contract says ")[0] for line in told] == [
        "CreateSessionRequest: if",
        "CreateSessionRequest: then",
    ]


def test_an_alternative_that_is_always_refused_is_told():
    schemas, calls = _exchanged("EngagementReply", Narrow)

    told = news(CONTRACT, schemas=schemas, calls=calls)

    assert [line.partition(": the contract says ")[0] for line in told] == [
        "EngagementReply: oneOf",
        "EngagementReply: discriminator: mapping: Available",
    ]


def test_a_component_without_a_class_is_told():
    without = {name: schema for name, schema in SCHEMAS.items() if name != "Error"}

    assert news(CONTRACT, schemas=without) == ["Error: only the contract has it"]


def test_a_class_without_a_component_is_told():
    assert news(CONTRACT, schemas={**SCHEMAS, "Refund": LenientText}) == ["Refund: only the schemas have it"]


def test_a_named_value_that_reads_in_its_own_way_is_told():
    careless = type("PageId", (Text,), {"_deserialize": lambda _self, value, *_, **__: value})

    told = news(CONTRACT, values={**VALUES, "PageId": careless})

    assert "PageId: defines _deserialize, which the contract cannot say" in told


def test_a_call_read_with_the_query_of_another_is_told():
    careless = replace(CALLS["updateSession"], query=SessionQuery)

    told = news(CONTRACT, calls={**CALLS, "updateSession": careless})

    assert told == ["updateSession query.sid: only the contract requires it"]


def news(contract, **tables):
    """List the differences that were planted, so that a real one fails the test of the real contract only."""
    standing = differences(CONTRACT)
    return [line for line in differences(contract, **tables) if line not in standing]


def _changed(path, word):
    """Copy the contract and set what stands at *path*, or take it out when *word* is None."""
    contract = copy.deepcopy(CONTRACT)
    *steps, last = path.split()
    place = contract
    for step in steps:
        place = place[step]
    if word is None:
        del place[last]
    else:
        place[last] = word
    return contract


def _exchanged(name, schema):
    """Put *schema* in the place of the class *name*, in both tables."""
    old = SCHEMAS[name]
    calls = {
        operation: replace(shape, body=schema) if shape.body is old else shape for operation, shape in CALLS.items()
    }
    return {**SCHEMAS, name: schema}, calls
