"""scenario.schema.json and the loader are two readers of one format; these tests keep them together."""

import copy
import json

import jsonschema_rs
import pytest

from mockserver.errors import ScenarioError
from mockserver.scenarios.documents.composer import read_document
from mockserver.scenarios.faults import FAULTS, WINDOW
from mockserver.scenarios.reading.loading import load_scenario
from mockserver.scenarios.schema import scenario_schema
from tests.support.scenario_fakes import VOCABULARY

SCHEMA = scenario_schema(VOCABULARY)
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)

#: Every key of the format, in documents that are sound.
WHEN = {
    "operation": ["getEngagement"],
    "door": "js",
    "account": "1",
    "visitor": ["xyz", "abc"],
    "session": "abc",
    "first_call": False,
    "app_type": "EXTERNAL",
    "consumer_sections": ["Support"],
    "app_details": {"os": "IOS"},
    "engagement_attributes": [{"type": "cart"}],
    "headers": {"x-tenant": "blue"},
    "open_hours": {
        "timezone": "Europe/Berlin",
        "monday": ["09:00-12:30", "13:30-24:00"],
        "tuesday": [],
        "wednesday": ["22:00-02:00"],
        "thursday": [],
        "friday": [],
        "saturday": [],
        "sunday": [],
    },
}
THEN = [
    "not_available",
    {"not_available": True, "times": 1},
    {"offer": {"skillName": "Sales", "skillId": None}, "off_contract": True, "for_ms": 5},
    {"error": "loading", "times": 2},
    {"error": {"status": 500, "internalCode": 18, "message": None}},
    {"reply": {"status": 200, "headers": {"X-A": "1", "X-B": ["1", "2"]}, "body": {}}, "off_contract": True},
    {"reply": {"status": 200, "text": '{"status": 1}'}, "off_contract": False},
    {"offer": {}},
]
FAULTS_IN_FULL = [
    {"delay": {"ms": 5, "jitter_ms": 1}},
    {"delay": {"ms": 5, "sigma": 0.5}, "window": {"first": 1, "every": 1, "from": 1, "to": 2, "probability": 0.5}},
    {"dribble": {"bytes": 10, "pause_ms": 5}},
    {
        "status": {
            "code": 503,
            "internal_code": 18,
            "message": "Ouch",
            "retry_after_s": 1,
            "retry_form": "date",
        }
    },
    {"malformed": {}},
    {"truncate": {"body_bytes": 10}},
    {"wrong_length": {"by": -5}},
    {"empty": {}},
    {"close": {}},
    {"reset": {"body_bytes": 10}},
    {"hang": {"ms": 5}},
]
FULL = {
    "scenario": "full",
    "description": "Says everything that can be said.",
    "ids": {"visitor": "xyz", "session": "abc", "page": "1"},
    "stubs": [
        {
            "name": "full",
            "when": WHEN,
            "then": THEN,
            "repeat": True,
            "faults": FAULTS_IN_FULL,
        },
        {"then": "not_available"},
    ],
}
#: Their keys are free: members of the contract's values, and names of headers.
OPEN = ("offer", "body", "app_details", "engagement_attributes", "headers")


def accepted(document):
    try:
        load_scenario(json.dumps(document), "x.json", VOCABULARY)
    except ScenarioError:
        return False
    return True


def changed(path, change):
    """Return the full document with the part at *path* given to *change*, in its container."""
    document = copy.deepcopy(FULL)
    part = document
    for step in path[:-1]:
        part = part[step]
    change(part, path[-1])
    return document


def rename(container, key):
    container[f"{key}x"] = container.pop(key)


def replace_by_odd(container, key):
    container[key] = 1.5


def places(value, path=()):
    """Yield the paths of everything in *value*, save what is open."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key)
        if key not in OPEN:
            yield from places(inner, (*path, key))


PLACES = list(places(FULL))
KEYS = [path for path in PLACES if isinstance(path[-1], str)]


def dotted(path):
    return ".".join(map(str, path))


def property_names(node):
    """Yield the names that the schema knows, at any depth."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for inner in node.values():
            yield from property_names(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from property_names(inner)


def test_both_accept_a_document_with_every_key():
    assert accepted(FULL)
    assert VALIDATOR.is_valid(FULL)


def test_the_document_with_every_key_has_every_key_of_the_schema():
    assert {path[-1] for path in KEYS} == set(property_names(SCHEMA))


@pytest.mark.parametrize("path", KEYS, ids=dotted)
def test_both_refuse_a_key_with_another_name(path):
    document = changed(path, rename)

    assert not accepted(document)
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("path", PLACES, ids=dotted)
def test_both_refuse_a_value_of_another_type(path):
    document = changed(path, replace_by_odd)
    is_free = path[-1] == "body"

    assert accepted(document) == is_free
    assert VALIDATOR.is_valid(document) == is_free


@pytest.mark.parametrize(
    "stub",
    [
        pytest.param({}, id="no outcome"),
        pytest.param({"then": {}}, id="empty outcome"),
        pytest.param({"then": []}, id="empty sequence"),
        pytest.param({"then": "available"}, id="unknown outcome"),
        pytest.param({"then": {"offer": {}, "error": "loading"}}, id="two outcomes"),
        pytest.param({"then": {"not_available": False}}, id="not available denied"),
        pytest.param({"then": {"error": "overloaded"}}, id="unknown error"),
        pytest.param({"then": {"error": "loading", "off_contract": True}}, id="off_contract beside an error"),
        pytest.param({"then": [{"offer": {}, "times": 1, "for_ms": 1}, "not_available"]}, id="a step that ends twice"),
        pytest.param({"then": [{"offer": {}, "times": 0}, "not_available"]}, id="no times"),
        pytest.param({"then": {"reply": {"status": 200, "body": 1, "text": "1"}}}, id="two bodies"),
        pytest.param({"then": "not_available", "name": "none"}, id="the name of no stub"),
        pytest.param({"then": "not_available", "name": " a"}, id="padded name"),
        pytest.param({"then": "not_available", "name": "a" * 201}, id="long name"),
        pytest.param({"then": "not_available", "faults": [{}]}, id="no fault"),
        pytest.param({"then": "not_available", "faults": [{"delay": {"ms": 600_001}}]}, id="long delay"),
        pytest.param({"then": "not_available", "faults": [{"empty": {}, "close": {}}]}, id="two faults in one"),
        pytest.param({"then": "not_available", "faults": [{"window": {"first": 1}}]}, id="a window without a fault"),
        pytest.param({"then": "not_available", "faults": [{"empty": {}, "window": {}}]}, id="a window of all calls"),
        pytest.param(
            {"then": "not_available", "faults": [{"delay": {"ms": 1, "jitter_ms": 1, "sigma": 1}}]}, id="two spreads"
        ),
        pytest.param(
            {"then": "not_available", "faults": [{"status": {"code": 429, "retry_form": "date"}}]},
            id="the form of no Retry-After",
        ),
        pytest.param({"then": "not_available", "faults": [{"wrong_length": {"by": 0}}]}, id="the right length"),
        pytest.param({"then": "not_available", "when": {"door": "front"}}, id="unknown door"),
        pytest.param({"then": "not_available", "when": {"account": []}}, id="no alternative"),
        pytest.param({"then": "not_available", "when": {"open_hours": {"timezone": "UTC"}}}, id="never open"),
        pytest.param(
            {"then": "not_available", "when": {"open_hours": {"timezone": "UTC", "monday": ["9-17"]}}}, id="odd hours"
        ),
    ],
)
def test_both_refuse(stub):
    document = {"scenario": "a", "stubs": [stub]}

    assert not accepted(document)
    assert not VALIDATOR.is_valid(document)


@pytest.mark.parametrize("name", VOCABULARY.presets.names())
def test_the_schema_accepts_the_presets(name):
    assert VALIDATOR.is_valid(read_document(VOCABULARY.presets.text(name), name))


def test_the_schema_knows_every_fault():
    assert set(SCHEMA["$defs"]["fault"]["properties"]) == {*FAULTS, WINDOW}


def test_the_schema_is_itself_a_sound_schema():
    assert jsonschema_rs.meta.is_valid(SCHEMA)
