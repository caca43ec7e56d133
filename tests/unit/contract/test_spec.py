import pytest

from mockserver.contract.document.schemas import schema_nodes
from mockserver.contract.file import read_document
from mockserver.contract.spec import Contract
from mockserver.errors import SpecError
from tests.support.builders import CONTRACT
from tests.support.documents import changed, with_schemes


def test_the_contract_is_read_into_operations():
    operation = CONTRACT.operations["createFirstSession"]

    assert operation.method == "POST"
    assert operation.paths == (
        "/api/account/{accountId}/app/engagement/visitors/",
        "/api/account/{accountId}/app/engagement/visitors",
    )
    assert [(p.name, p.location, p.required, p.clause) for p in operation.parameters] == [
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


def test_an_example_is_the_documented_one():
    engagement = CONTRACT.example("Available")["engagementDetails"]

    assert engagement["campaignId"] == "3346848610"
    assert "connectorId" not in engagement


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(changed("info", contact={"pattern": 5, "$ref": "x", "x-clause": 5}), id="contact"),
        pytest.param(
            with_schemes(
                [{"pattern": []}], pattern={"type": "http", "scheme": "basic", "x-clause": "GE-401-MALFORMED"}
            ),
            id="security scheme",
        ),
        pytest.param(changed("components", "examples", "Loading", value={"$ref": 5, "pattern": "("}), id="example"),
        pytest.param(
            changed("components", "schemas", "AppDetails", "properties", **{"$ref": {}, "pattern": {}, "x-clause": {}}),
            id="members",
        ),
    ],
)
def test_names_and_values_that_look_like_words_of_openapi_are_none(document):
    assert Contract(document).operations
