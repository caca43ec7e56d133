"""Every example of every operation, sent as it stands to a fresh space, is answered as the document says."""

import json
from dataclasses import dataclass
from importlib.resources import files

import pytest
import requests
import yaml

from mockserver.contract.document.operations import METHODS
from tests.support.builders import DOCUMENT
from tests.support.serving.running import PATIENCE

ADMIN = yaml.safe_load(files("mockserver.web.admin").joinpath("admin.yaml").read_bytes())


@dataclass(frozen=True)
class Example:
    """One call that a document shows, with the answer that it promises."""

    method: str
    path: str
    query: dict[str, str]
    media_type: str
    body: bytes | None
    statuses: tuple[str, ...]


def resolved(document, node):
    while "$ref" in node:
        name = node["$ref"]
        node = document
        for step in name.removeprefix("#/").split("/"):
            node = node[step]
    return node


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                listed = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                yield path, method, item[method], [resolved(document, parameter) for parameter in listed]


def examples(document):
    """Yield every call that *document* shows: each body once, or none, with the examples of all parameters."""
    for path, method, operation, parameters in operations(document):
        values = {(p["in"], p["name"]): str(p["example"]) for p in parameters}
        query = {name: value for (place, name), value in values.items() if place == "query"}
        spelled = path.format(**{name: value for (place, name), value in values.items() if place == "path"})
        promised = operation.get("x-examples-status")
        statuses = (str(promised),) if promised else tuple(code for code in operation["responses"] if code < "300")
        for media_type, body, name in bodies(resolved(document, operation.get("requestBody", {}))):
            sent = Example(method.upper(), spelled, query, media_type, body, statuses)
            yield pytest.param(sent, id=f"{operation['operationId']} {media_type} {name}".strip())


def bodies(request):
    """Yield the media type, the bytes and the name of each example of a body; nothing once where there is none."""
    if not request:
        yield "", None, ""
    for media_type, content in request.get("content", {}).items():
        for name, example in content["examples"].items():
            value = example["value"]
            yield media_type, (value if isinstance(value, str) else json.dumps(value)).encode(), name


EXAMPLES = [*examples(DOCUMENT), *examples(ADMIN)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_answered_as_the_document_says(server, space, example):
    headers = {"Mock-Space": space, "Content-Type": example.media_type or None}
    url = server.url + example.path
    answer = requests.request(
        example.method, url, params=example.query, headers=headers, data=example.body, timeout=PATIENCE
    )

    assert str(answer.status_code) in example.statuses, answer.text


def test_only_an_operation_that_needs_a_visit_promises_a_refusal():
    refused = [entry["operationId"] for _, _, entry, _ in operations(DOCUMENT) if "x-examples-status" in entry]

    assert refused == ["updateSession"]


@pytest.mark.parametrize("document", [DOCUMENT, ADMIN], ids=["contract", "admin API"])
def test_every_operation_has_an_example_to_send(document):
    shown = {parameter.id.split()[0] for parameter in examples(document)}

    assert shown == {entry["operationId"] for _, _, entry, _ in operations(document)}
