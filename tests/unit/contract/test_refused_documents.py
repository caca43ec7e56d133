"""What stands in a document and is honoured by nobody refuses the start: with its place, its name and the way out."""

import pytest

from mockserver.contract.spec import Contract
from mockserver.errors import SpecError
from tests.support.documents import (
    DETAILS,
    DOCUMENT,
    FIRST_PATH,
    JS_PATH,
    JS_POST,
    LIST_DOMAINS,
    VERSION,
    changed,
    with_schemes,
)

KEY = {"type": "apiKey", "in": "header", "name": "X-Key", "x-clause": "GE-401-MALFORMED"}
OS = (*DETAILS, "properties", "os")
EVENT = ("components", "schemas", "ImpressionEvent")
TEXT = {"type": "string"}
CLAUSE = {"x-clause": "GE-400-BODY"}


def parameter(**members):
    """Make a parameter of getEngagement, beside that of its path."""
    written = {"name": "skill", "in": "query", "schema": TEXT, **CLAUSE, **members}
    return changed(*JS_POST, parameters=[{name: value for name, value in written.items() if value is not None}])


def scheme(**members):
    """Make a security scheme that getEngagement demands."""
    written = {**KEY, **members}
    return with_schemes([{"key": []}], key={name: value for name, value in written.items() if value is not None})


def body(media_type="application/x-www-form-urlencoded", **members):
    """Make a body of getEngagement."""
    return changed(*JS_POST, "requestBody", content={media_type: members})


def response(status="200", **members):
    """Make a response of getEngagement."""
    return changed(*JS_POST, "responses", **{status: {"description": "x", **members}})


def form(**properties):
    """Make the schema of a form."""
    return {"type": "object", "properties": properties, **CLAUSE}


REFUSED = {
    # The document
    "webhooks": (
        changed(webhooks={}),
        "the document: the keyword 'webhooks' is not honoured",
        "the server calls nobody",
    ),
    "a word of nobody": (
        changed(**{"x-claused": []}),
        "the document: the keyword 'x-claused'",
        "did you mean 'x-clauses'?",
    ),
    "openapi 3.0": (changed(openapi="3.0.3"), 'openapi: a string ("3.0.3") is not honoured', "for OpenAPI 3.1"),
    "dialect": (changed(jsonSchemaDialect="x"), "jsonSchemaDialect: must be https://json-schema.org", "got"),
    "version that is a number": (changed("info", version=1.0), "info/version: must be a text", "in quotes"),
    "no paths": (changed(paths=None), "the document: 'paths' is missing", "add it"),
    "server with a path": (changed("servers", 0, url="http://x/api"), "servers/0/url", "belongs into each path"),
    "server in a path": (changed(*JS_PATH, servers=[]), "getEngagement: the keyword 'servers'", "the host of the mock"),
    "server of an operation": (changed(*JS_POST, servers=[]), "Engagement): the keyword 'servers'", "the host of the"),
    "path by reference": (
        changed(*JS_PATH, **{"$ref": "#/paths/x"}),
        "the keyword '$ref'",
        "write the path item where",
    ),
    "path items": (changed("components", pathItems={}), "components: the keyword 'pathItems'", "under paths"),
    "callbacks": (changed(*JS_POST, callbacks={}), "getEngagement (POST /api", "the server calls nobody"),
    "callbacks, shared": (changed("components", callbacks={}), "components: the keyword 'callbacks'", "calls nobody"),
    "deprecated": (changed(*JS_POST, deprecated=True), "the keyword 'deprecated'", "say it in the description"),
    "tunnel of another method": (
        changed(*JS_POST, **{"x-tunnel": {"method": "POST", "header": "X-HTTP-Method-Override", "value": "PATCH"}}),
        "x-tunnel/value: must be PUT",
        "got",
    ),
    "operationId twice": (changed(*JS_POST, operationId="createSession"), "'createSession' stands 2 times", "keep one"),
    "path twice": (
        changed(*JS_PATH, **{"x-aliases": ["/api/account/{accountId}/app/engagement/visitors/"]}),
        "is the path of getEngagement already",
        "give one of them another path",
    ),
    # Clauses
    "clause twice": (
        changed(**{"x-clauses": [*DOCUMENT["x-clauses"], DOCUMENT["x-clauses"][0]]}),
        "the clause 'JS-PATH' stands 2 times",
        "keep one",
    ),
    "clause of a schema": (
        changed(*DETAILS, **{"x-clause": "GE-400-DETAIL"}),
        "AppDetails: the clause",
        "GE-400-DETAILS",
    ),
    "clause of an operation": (changed(*JS_POST, **{"x-clauses": ["NO"]}), "getEngagement (POST", "'NO' is not in"),
    "clause of a response": (
        changed("components", "responses", "Engagement", **{"x-clauses": ["NO"]}),
        "responses/Engagement",
        "'NO' is not",
    ),
    "clause of a parameter": (changed(*VERSION, **{"x-clause": "NO"}), "parameters/Version: the clause 'NO'", "not in"),
    "no clause of a parameter": (changed(*VERSION, **{"x-clause": None}), "Version: 'x-clause' is missing", "add it"),
    "clause without a refusal": (
        changed(*VERSION, **{"x-clause": "GE-CONTINUE"}),
        "parameters/v: the clause 'GE-CONTINUE'",
        "from 400 to 499",
    ),
    "clause of a body without a refusal": (
        changed(*DETAILS, **{"x-clause": "GE-CONTINUE"}),
        "requestBody: the clause 'GE-CONTINUE'",
        "from 400 to 499",
    ),
    "source": (changed("x-clauses", 0, source=["JS-GEE"]), "the source 'JS-GEE' of JS-PATH", "did you mean 'JS-GE'?"),
    "clause of all calls, missing": (
        changed("x-call-clauses", body=None),
        "body is missing",
        "name for each the clause",
    ),
    "clause of all calls, unknown": (changed("x-call-clauses", size="NO"), "x-call-clauses/size", "'NO' is not in"),
    "clause of all calls, misspelt": (
        changed("x-call-clauses", boddy="x"),
        "'boddy' is nothing",
        "did you mean 'body'?",
    ),
    # Schemas
    **{
        f"schema: {word}": (changed(*OS, **{word: value}), f"AppDetails/properties/os: the keyword '{word}'", "")
        for word, value in {
            "allOf": [],
            "minLength": 1,
            "maxProperties": 3,
            "minProperties": 1,
            "uniqueItems": True,
            "maxItems": 2,
            "exclusiveMinimum": 1,
            "exclusiveMaximum": 1,
            "multipleOf": 2,
            "prefixItems": [],
            "contains": {},
            "patternProperties": {},
            "propertyNames": {},
            "dependentRequired": {},
            "dependentSchemas": {},
            "else": {},
            "unevaluatedProperties": False,
            "unevaluatedItems": False,
            "contentEncoding": "base64",
            "xml": {},
            "contentMediaType": "text/css",
            "$defs": {},
            "$anchor": "x",
            "$dynamicRef": "#x",
            "$id": "x",
            "$schema": "x",
        }.items()
    },
    "schema: default": (changed(*OS, default="IOS"), "os: the keyword 'default'", "nobody fills in"),
    "schema: nullable": (changed(*OS, nullable=True), "os: the keyword 'nullable'", "list the type null"),
    "schema: readOnly": (changed(*OS, readOnly=True), "os: the keyword 'readOnly'", "another for replies"),
    "schema: writeOnly": (changed(*OS, writeOnly=True), "os: the keyword 'writeOnly'", "another for replies"),
    "schema: additionalProperties": (
        changed(*DETAILS, additionalProperties=False),
        "AppDetails: the keyword 'additionalP",
        "unknown_members",
    ),
    "schema: a slip": (changed(*OS, patern="x"), "the keyword 'patern'", "did you mean 'pattern'?"),
    "schema: format": (changed(*OS, format="date"), "os/format: must be one of ipv4, ipv6", "say with a pattern"),
    "schema: pattern": (changed(*OS, pattern="("), "properties/os: the pattern '(' cannot be read", "otherwise"),
    "schema: pattern of Python": (changed(*OS, pattern="a\\Z"), "pattern 'a\\\\Z' cannot be read", "JSON Schema"),
    "schema: type": (changed(*OS, type="text"), "os/type: must be one of string, integer", "text"),
    "schema: true": (changed(*OS[:-1], os=True), "properties/os: must be an object, got true", "write {} for any"),
    "schema: no enum": (changed(*OS, enum=[]), "properties/os/enum", ""),
    "schema: discriminator": (
        changed("components", "schemas", "EngagementAttribute", discriminator={"propertyName": "type"}),
        "EngagementAttribute/discriminator: 'mapping' is missing",
        "",
    ),
    "schema: beside a reference": (
        changed(*DETAILS[:2], Age={"$ref": "#/components/schemas/Address", "type": "object"}),
        "schemas/Age: the keyword beside $ref 'type' is not honoured",
        "take it out, honoured are $ref, description",
    ),
    "schema: discriminator that maps to fewer": (
        changed(*EVENT, discriminator={"propertyName": "type", "mapping": {}}),
        "ImpressionEvent: a discriminator maps to each schema of oneOf",
        "list the same in both",
    ),
    "schema: discriminator without oneOf": (
        changed(*EVENT, oneOf=None),
        "ImpressionEvent: a discriminator maps to each schema of oneOf",
        "list the same in both",
    ),
    "schema: discriminator that a schema does not require": (
        changed(*DETAILS[:2], "ImpressionClose", required=None),
        "the discriminator 'type' is for #/components/schemas/ImpressionClose, when it is impClose",
        "require 'type'",
    ),
    "schema: discriminator whose value is another": (
        changed(*DETAILS[:2], "ImpressionClose", "properties", type={"const": "impDisplay"}),
        "the discriminator 'type' is for #/components/schemas/ImpressionClose, when it is impClose",
        "list its values with const or enum",
    ),
    "schema: discriminator of what may be no object": (
        changed(*DETAILS[:2], "ImpressionClose", type=None),
        "the discriminator 'type' is for #/components/schemas/ImpressionClose, when it is impClose",
        "make it of type object",
    ),
    "schema: x-elsewhere that is here": (
        changed(*EVENT, **{"x-elsewhere": [{"values": ["impClose"], "message": "x"}]}),
        "ImpressionEvent: the mapping has 'impClose', which x-elsewhere refuses",
        "take it out of one",
    ),
    "schema: x-elsewhere alone": (
        changed(*OS, **{"x-elsewhere": []}),
        "os: x-elsewhere stands beside a discriminator, and there is none",
        "add it",
    ),
    "schema: x-elsewhere with a clause of nobody": (
        changed(*EVENT, **{"x-elsewhere": [{"values": ["x"], "message": "x", "x-clause": "NO"}]}),
        "ImpressionEvent/x-elsewhere/0: the clause 'NO' is not in x-clauses",
        "",
    ),
    # References
    "reference to nothing": (
        changed(*JS_POST, requestBody={"$ref": "#/components/requestBodies/No"}),
        "requestBody: ",
        "points at nothing",
    ),
    "reference outside": (changed(*JS_POST, requestBody={"$ref": "other.yaml"}), "is not honoured", "written here, or"),
    "reference to another kind": (
        changed(*JS_POST, requestBody={"$ref": "#/components/schemas/Error"}),
        "requestBody/$ref",
        "requestBodies",
    ),
    "reference in a circle": (
        changed("components", "requestBodies", CreateSession={"$ref": "#/components/requestBodies/CreateSession"}),
        "requestBodies/CreateSession: ",
        "not in circles",
    ),
    "keyword beside a reference": (
        changed(*JS_PATH, parameters=[{"$ref": "#/components/parameters/AccountId", "required": False}]),
        "parameters/0: the keyword 'required'",
        "",
    ),
    # Parameters
    "place": (parameter(**{"in": "body"}), "parameters/0/in: must be one of path, query, header, cookie", "got"),
    "content": (parameter(content={}), "parameters/0: the keyword 'content'", "no parameter is read as JSON"),
    "allowReserved": (parameter(allowReserved=True), "the keyword 'allowReserved'", "leave it out"),
    "allowEmptyValue": (parameter(allowEmptyValue=True), "the keyword 'allowEmptyValue'", "with a pattern"),
    "deprecated parameter": (parameter(deprecated=True), "the keyword 'deprecated'", "say it in the description"),
    "style of a query": (parameter(style="deepObject"), "parameters/skill: the style 'deepObject'", "style form"),
    "style of a header": (parameter(**{"in": "header"}, style="form"), "skill: the style 'form'", "style simple"),
    "style of a cookie": (parameter(**{"in": "cookie"}, style="cookie"), "the style 'cookie'", "the style form"),
    "style of a path": (changed("components", "parameters", "AccountId", style="label"), "the style 'label'", "simple"),
    "explode of a text": (parameter(explode=True), "skill: the keyword 'explode'", "but for lists in a query"),
    "explode of a header": (
        parameter(**{"in": "header"}, explode=False, schema={"type": "array", "items": TEXT}),
        "'explode'",
        "leave it out",
    ),
    "number": (parameter(schema={"type": "integer"}), "must be of type string", "say with a pattern how a number"),
    "numbers": (parameter(schema={"type": "array", "items": {"type": "number"}}), "items of a parameter", "a pattern"),
    "list of lists": (parameter(schema={"type": "array", "items": {"type": "array"}}), "the items of a parameter", ""),
    "object": (parameter(schema={"type": "object"}), "must be of type string", "a URL or a header is text"),
    "list in a cookie": (
        parameter(**{"in": "cookie"}, schema={"type": "array", "items": TEXT}),
        "this is `in: cookie`",
        "make it a text",
    ),
    "header Accept": (parameter(**{"in": "header"}, name="Accept"), "no parameter in OpenAPI", "leave it out"),
    "header Content-Type": (parameter(**{"in": "header"}, name="content-type"), "no parameter", "requestBody/content"),
    "header Authorization": (parameter(**{"in": "header"}, name="Authorization"), "no parameter", "security scheme"),
    "header Cookie": (parameter(**{"in": "header"}, name="Cookie"), "no parameter in OpenAPI", "`in: cookie`"),
    "header of the mock": (parameter(**{"in": "header"}, name="Mock-Space"), "speaks to the mock", "take another"),
    "header Prefer": (parameter(**{"in": "header"}, name="prefer"), "speaks to the mock", "take another"),
    "parameter twice": (
        changed(
            *JS_POST,
            parameters=[{"name": n, "in": "header", "schema": TEXT, **CLAUSE} for n in ("X-Tenant", "x-tenant")],
        ),
        "'x-tenant' `in: header` stands there twice",
        "keep one of them",
    ),
    "path parameter that may be absent": (
        changed("components", "parameters", "AccountId", required=False),
        "is always there",
        "required: true",
    ),
    "path parameter that is not listed": (changed(*JS_PATH, parameters=[]), "names 'accountId'", "list it"),
    "path parameter that is not named": (
        changed(*FIRST_PATH, **{"x-aliases": ["/first"]}),
        "/first does not name it",
        "take it out",
    ),
    "path of no router": (changed(*FIRST_PATH, **{"x-aliases": ["first/{accountId}"]}), "no path of a router", "slash"),
    # Bodies of calls
    "media type": (
        body("application/xml", schema=TEXT),
        "requestBody/content: the media type 'application/xml'",
        "json",
    ),
    "any media type": (body("*/*", schema={}), "the media type '*/*'", "application/json"),
    "no media type": (changed(*JS_POST, "requestBody", content={}), "requestBody/content", "name a media type"),
    "no schema": (body("application/json"), "content/application/json: 'schema' is missing", "add it"),
    "encoding": (body(schema=form(a=TEXT), encoding={}), "the keyword 'encoding'", "leave it out"),
    "form that lists nothing": (body(schema={"type": "object"}), "a form is read member by member", "that lists them"),
    "form with an object": (
        body(schema=form(a={"type": "object"})),
        "schema/properties/a: a member",
        "send an object as",
    ),
    "form with lists of objects": (
        body(schema=form(a={"type": "array", "items": {"type": "object"}})),
        "properties/a",
        "as JSON",
    ),
    # Responses
    "default response": (response("default"), "responses: the status 'default'", "list each status"),
    "range of statuses": (response("4XX"), "responses: the status '4XX'", "list each status"),
    "no status": (response("20"), "responses: the status '20' is not honoured", ""),
    "no responses": (changed(*JS_POST, responses={}), "getEngagement (POST", "list at least one status"),
    "two media types": (
        response(content={"application/json": {"schema": {}}, "text/html": {"schema": TEXT}}),
        "responses/200/content",
        "keep one media type",
    ),
    "media type of a response": (response(content={"image/png": {"schema": {}}}), "the media type 'image/png'", ""),
    "text that is no string": (response(content={"text/html": {"schema": {}}}), "content/text/html", "type string"),
    "Content-Type": (response(headers={"Content-Type": {"schema": TEXT}}), "headers/Content-Type", "take it out"),
    "required header without an example": (
        response(headers={"X-A": {"schema": TEXT, "required": True}}),
        "headers/X-A",
        "add an example",
    ),
    "cookie of no name": (
        response(headers={"Set-Cookie": {"schema": TEXT}}),
        "headers/Set-Cookie",
        "add an example",
    ),
    "header that is an object": (
        response(headers={"X-A": {"schema": {"type": "object"}}}),
        "headers/X-A: the value of a header",
        "with a pattern",
    ),
    "style of a response header": (
        response(headers={"X-A": {"schema": TEXT, "style": "form"}}),
        "headers/X-A/style: must be simple",
        "got",
    ),
    "explode of a response header": (
        response(headers={"X-A": {"schema": TEXT, "explode": True}}),
        "'explode'",
        "commas",
    ),
    "content of a response header": (
        response(headers={"X-A": {"schema": TEXT, "content": {}}}),
        "'content'",
        "no header",
    ),
    "example elsewhere": (
        changed("components", "examples", "Loading", externalValue="x"),
        "the keyword 'externalValue'",
        "write the value",
    ),
    "link to nothing": (
        response(links={"a": {"operationId": "getEngagment"}}),
        "links/a",
        "did you mean 'getEngagement'?",
    ),
    "link by reference": (
        response(links={"a": {"operationId": "getDomain", "operationRef": "x"}}),
        "'operationRef'",
        "by its operationId",
    ),
    "server of a link": (response(links={"a": {"operationId": "getDomain", "server": {}}}), "'server'", "leave it out"),
    # Security
    "OAuth": (
        scheme(type="oauth2", flows={}),
        "securitySchemes/key/type",
        "such as type: http with scheme: bearer",
    ),
    "OpenID Connect": (scheme(type="openIdConnect"), "key/type: must be one of apiKey, http", "OpenID Connect"),
    "mutual TLS": (scheme(type="mutualTLS"), "key/type: must be one of apiKey, http", "a certificate"),
    "digest": (
        scheme(type="http", scheme="digest", name=None, **{"in": None}),
        "key/scheme: must be one of basic",
        "an apiKey",
    ),
    "key in a header of the mock": (scheme(name="Mock-Space"), "securitySchemes/key: the header Mock-Space", "another"),
    "key without a name": (scheme(name=None), "securitySchemes/key: 'name' is missing", "add it"),
    "key with a scheme": (scheme(scheme="basic"), "the keyword 'scheme' is not honoured here", "take it out"),
    "HTTP with a place": (scheme(type="http", scheme="basic"), "is not honoured here", "take it out"),
    "scheme without a clause": (scheme(**{"x-clause": None}), "key: 'x-clause' is missing", "add it"),
    "scheme of another clause": (scheme(**{"x-clause": "GE-401-MALFORMD"}), "securitySchemes/key", "GE-401-MALFORMED"),
    "scheme that refuses nobody": (scheme(**{"x-clause": "GE-CONTINUE"}), "has the status 200", "from 400 to 499"),
    "scheme that is not listed": (
        with_schemes([{"kay": []}], key=KEY),
        "security: 'kay' is not in",
        "did you mean 'key'?",
    ),
    "scopes": (with_schemes([{"key": ["read"]}], key=KEY), "security/0/key", "nobody looks at scopes"),
    "refusal that is not documented": (
        with_schemes([{"key": []}], operation=LIST_DOMAINS, key={**KEY, "x-clause": "REQ-404"}),
        "listDomains (GET",
        "refused with 404 (clause REQ-404), which is not documented",
    ),
}


@pytest.mark.parametrize(("document", "what", "way_out"), REFUSED.values(), ids=REFUSED)
def test_what_nobody_honours_refuses_the_start_with_its_place_its_name_and_the_way_out(document, what, way_out):
    with pytest.raises(SpecError) as refused:
        Contract(document)

    assert what in str(refused.value)
    assert way_out in str(refused.value)
    assert "\n" not in str(refused.value)
