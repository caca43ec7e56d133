import copy

import pytest

from mockserver.contract.document.schemas import schema_nodes
from mockserver.contract.file import read_document
from mockserver.contract.spec import Contract
from mockserver.errors import SpecError
from tests.support.builders import CONTRACT, DOCUMENT

SCHEMA = ("components", "schemas", "AppDetails")
JS_POST = ("paths", "/api/account/{accountId}/getEngagement", "post")


def changed(*path, **members):
    """Copy the contract with these members of one of its parts changed."""
    document = copy.deepcopy(DOCUMENT)
    part = document
    for step in path:
        part = part[step]
    part.update(members)
    return document


def test_the_contract_is_read_into_operations():
    operation = CONTRACT.operations["createFirstSession"]

    assert operation.method == "POST"
    assert operation.paths == (
        "/api/account/{accountId}/app/engagement/visitors/",
        "/api/account/{accountId}/app/engagement/visitors",
    )
    assert [(p.name, p.place, p.required, p.clause) for p in operation.parameters] == [
        ("accountId", "path", True, "GE-400-ACCOUNT"),
        ("v", "query", True, "REST-400-VERSION"),
    ]
    assert operation.body_required
    assert list(operation.responses) == [200, 400, 401, 404, 413, 415, 500, 503]


def test_an_operation_knows_the_examples_and_the_media_type_of_each_status():
    operation = CONTRACT.operations["getEngagement"]

    assert list(operation.examples(200)) == ["Available", "Authenticated", "NoSkill", "NotAvailable"]
    assert operation.examples(299) == {}
    assert operation.media_type(200) == "application/json"
    assert CONTRACT.operations["updateSession"].media_type(200) is None


@pytest.mark.parametrize(
    ("operation", "where", "clause"),
    [
        ("getEngagement", "path.accountId", "GE-400-ACCOUNT"),
        ("createSession", "query.v", "REST-400-VERSION"),
        ("getEngagement", "body", "GE-400-BODY"),
        ("getEngagement", "body.appType", "JS-400-APPTYPE"),
        ("getEngagement", "body.vid", "GE-401-MALFORMED"),
        ("getEngagement", "body.appDetails.os", "GE-400-DETAILS"),
        ("getEngagement", "body.consumerSections.7", "GE-400-SECTIONS"),
        ("getEngagement", "body.engagementAttributes.0.personal.age.year", "GE-400-ATTRIBUTES"),
        ("getEngagement", "body.nothing.of.this", "GE-400-BODY"),
        ("updateSession", "body.impAttributes.0.eContext.0.id", "US-400-IMPRESSION"),
    ],
)
def test_a_place_breaks_the_nearest_clause_above_it(operation, where, clause):
    assert CONTRACT.clause_at(operation, where) == clause


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            changed(*SCHEMA, maxProperties=3),
            "components/schemas/AppDetails: the keyword 'maxProperties' is not honoured",
            id="keyword of a schema",
        ),
        pytest.param(
            changed(*SCHEMA, "properties", "os", patern="x"),
            "'patern' is not honoured by the server; did you mean 'pattern'?",
            id="keyword of a member",
        ),
        pytest.param(
            changed(*SCHEMA, "properties", "os", format="date"), "the format 'date' is not enforced", id="format"
        ),
        pytest.param(changed(*SCHEMA, "properties", "os", pattern="("), "cannot be read", id="pattern"),
        pytest.param(
            changed(*SCHEMA, **{"x-clause": "GE-400-DETAIL"}),
            "the clause 'GE-400-DETAIL' is not in x-clauses; did you mean 'GE-400-DETAILS'?",
            id="clause of a schema",
        ),
        pytest.param(
            changed(*JS_POST, **{"x-clauses": ["NO"]}), "the clause 'NO' is not in", id="clause of an operation"
        ),
        pytest.param(
            changed("components", "responses", "Engagement", **{"x-clauses": ["NO"]}),
            "the clause 'NO' is not in",
            id="clause of a response",
        ),
        pytest.param(
            changed("components", "parameters", "Version", **{"x-clause": "NO"}),
            "createFirstSession v: the clause 'NO'",
            id="clause of a parameter",
        ),
        pytest.param(changed(*JS_POST, callbacks={}), "the keyword 'callbacks'", id="keyword of an operation"),
        pytest.param(
            changed("components", "parameters", "Version", style="form"),
            "the keyword 'style'",
            id="keyword of a parameter",
        ),
        pytest.param(
            changed("components", "parameters", "Version", schema={"type": "string", "minLength": 1}),
            "the keyword 'minLength'",
            id="keyword of a parameter's schema",
        ),
        pytest.param(
            changed("components", "parameters", "Version", schema={"type": "number", "minimum": 1}),
            "createFirstSession v: the schema of a parameter must be of type string",
            id="parameter that is a number",
        ),
        pytest.param(changed(*JS_POST[:2], servers=[]), "the keyword 'servers'", id="keyword of a path"),
        pytest.param(
            changed(
                "paths",
                "/csdr/account/{accountId}/service/{serviceName}/baseURI.lpCsds",
                "get",
                "responses",
                "200",
                content={"application/javascript": {"schema": {"type": "string", "contentEncoding": "x"}}},
            ),
            "getDomainScript/200/application/javascript: the keyword 'contentEncoding'",
            id="keyword of a schema inside a response",
        ),
        pytest.param(
            changed(*JS_POST, operationId="createSession"), "operationId 'createSession' stands 2 times", id="twins"
        ),
        pytest.param(
            changed(**{"x-clauses": [*DOCUMENT["x-clauses"], DOCUMENT["x-clauses"][0]]}),
            "the clause 'JS-PATH' stands 2 times",
            id="clause written twice",
        ),
        pytest.param(
            changed(*JS_POST, requestBody={"$ref": "#/components/nothing"}),
            "points at nothing",
            id="reference to nothing",
        ),
        pytest.param(
            changed(*JS_POST, requestBody={"$ref": "other.yaml"}), "cannot be followed", id="reference outside"
        ),
        pytest.param(
            changed("components", "requestBodies", CreateSession={"$ref": "#/components/requestBodies/CreateSession"}),
            "not in circles",
            id="reference in a circle",
        ),
    ],
)
def test_a_contract_that_cannot_be_honoured_is_refused(document, message):
    with pytest.raises(SpecError) as refused:
        Contract(document)

    assert message in str(refused.value)


def test_what_stands_beside_a_reference_is_laid_over_its_target():
    node = CONTRACT.resolved({"$ref": "#/components/schemas/PageId", "x-clause": "US-400-PAGE"})

    assert (node["type"], node["x-clause"]) == ("string", "US-400-PAGE")


def test_every_schema_below_a_schema_is_visited():
    schema = {"items": {"not": {}}, "oneOf": [{}], "properties": {"a": False, "b": {"if": {}, "then": {}}}}

    assert [where for where, _ in schema_nodes(schema)] == [
        "#", "#/items", "#/items/not", "#/oneOf/0", "#/properties/b", "#/properties/b/if", "#/properties/b/then",
    ]  # fmt: skip


def test_a_contract_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SpecError, match="is not where it belongs"):
        read_document(tmp_path / "openapi.yaml")


def test_the_default_engagement_is_the_documented_one():
    assert CONTRACT.default_engagement["campaignId"] == "3346848610"
    assert "connectorId" not in CONTRACT.default_engagement
