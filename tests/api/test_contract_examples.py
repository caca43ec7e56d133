"""The contract's own examples: they keep their schemas, and the server answers with them and accepts them."""

import jsonschema_rs
import pytest

from tests.support.builders import CONTRACT, DOCUMENT
from tests.support.serving.in_process import Mock, ask_validly


@pytest.mark.parametrize("operation", sorted(CONTRACT.operations))
def test_every_operation_answers_every_documented_status_dynamically(operation):
    mock = Mock()
    for status in CONTRACT.operations[operation].responses:
        assert_valid_dynamic(mock, operation, status)


def assert_valid_dynamic(mock, operation, status):
    answer = ask_validly(mock, operation, headers={"Prefer": f"code={status}, dynamic=true"})
    assert answer.status_code == status, answer.text
    content = CONTRACT.operations[operation].responses[status]["content"]
    for media, entry in content.items():
        body = answer.json if media == "application/json" else answer.text
        schema = {**entry["schema"], "components": DOCUMENT["components"]}
        assert jsonschema_rs.validator_for(schema).is_valid(body), answer.text


EXAMPLES = [
    pytest.param(operation.id, status, name, value, id=f"{operation.id} {status} {name}")
    for operation in CONTRACT.operations.values()
    for status in operation.responses
    for name, value in operation.examples(status).items()
]


@pytest.mark.parametrize(("operation", "status", "name", "value"), EXAMPLES)
def test_each_example_of_the_contract_is_what_the_server_answers_when_asked_for_it(
    mock, operation, status, name, value
):
    answer = ask_validly(mock, operation, headers={"Prefer": f"code={status}, example={name}"})

    assert answer.status_code == status
    assert (answer.text if isinstance(value, str) else answer.json) == value
    assert answer.headers["Preference-Applied"] == f"code={status}, example={name}"


@pytest.mark.parametrize(("operation", "status", "name", "value"), EXAMPLES)
def test_each_example_of_the_contract_keeps_its_schema(operation, status, name, value):
    [entry] = CONTRACT.operations[operation].responses[status]["content"].values()
    schema = {**entry["schema"], "components": DOCUMENT["components"]}

    assert jsonschema_rs.validator_for(schema).is_valid(value), name


REQUESTS = [
    pytest.param(operation.id, example["value"], id=f"{operation.id} {name}")
    for operation in CONTRACT.operations.values()
    for item in (DOCUMENT["paths"][operation.paths[0]],)
    for body in (CONTRACT.resolved(item[operation.method.lower()].get("requestBody", {})),)
    for name, example in body.get("content", {}).get("application/json", {}).get("examples", {}).items()
]


@pytest.mark.parametrize(("operation", "body"), REQUESTS)
def test_each_request_of_the_contract_is_accepted(mock, operation, body):
    mock.rules(second_request="ids")
    mock.play({"then": {"offer": {}}}, ids={"visitor": "123", "session": "456"})
    mock.rest()
    sent = {
        "getEngagement": lambda: mock.js(body),
        "createFirstSession": lambda: mock.rest(body),
        "createSession": lambda: mock.rest(body, vid="123", sid="456"),
        "updateSession": lambda: mock.update("123", "456", body),
    }

    assert sent[operation]().status_code == 200


def test_there_are_examples_to_try():
    assert len(EXAMPLES) > 40
    assert len(REQUESTS) > 6


PARAMETERS = [
    pytest.param(operation, parameter.name, id=f"{operation.id} {parameter.name}")
    for operation in CONTRACT.operations.values()
    for parameter in operation.parameters
]


@pytest.mark.parametrize(("operation", "name"), PARAMETERS)
def test_each_example_of_a_parameter_keeps_its_schema(operation, name):
    item = DOCUMENT["paths"][operation.paths[0]]
    listed = [*item.get("parameters", ()), *item[operation.method.lower()].get("parameters", ())]
    [parameter] = [p for p in map(CONTRACT.resolved, listed) if p["name"] == name]

    schema = {**parameter["schema"], "components": DOCUMENT["components"]}
    assert jsonschema_rs.validator_for(schema).is_valid(parameter["example"])
