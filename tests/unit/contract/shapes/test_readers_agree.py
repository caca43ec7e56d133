"""The compiled validator, which only says yes or no, and the shapes, which say why, never disagree: on any document."""

import json
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.compiling import call_schema, compiled
from mockserver.contract.document.schemas import schema_nodes
from mockserver.contract.shapes.document_shapes import DocumentShapes
from tests.support.builders import CONTRACT
from tests.support.documents import EVERY_KEYWORD, STAND_INS
from tests.support.schema_values import TRAPS, complete, kept, tampered

CONTRACTS = {"openapi.yaml": CONTRACT, **STAND_INS}


class Readers:
    """Both readers of one schema."""

    def __init__(self, contract, schema):
        self.contract = contract
        self.schema = schema
        self._is_valid = compiled(contract, schema).is_valid
        self._shapes = DocumentShapes(contract.document)

    def judge(self, value):
        """Let both judge *value*, and return their judgement."""
        valid = self._is_valid(value)
        found = list(self._shapes.violations(self.schema, value, "value", "OTHER"))
        assert valid == (not found), (value, found)
        assert all(v.where.startswith("value") and v.what and v.clause for v in found)
        return valid

    @property
    def whole(self):
        """A value that keeps the schema and has every member that it may have."""
        return complete(self.contract, self.schema)


def subjects():
    """Yield every component, and every part of every call, of every document."""
    for title, contract in CONTRACTS.items():
        components = contract.document["components"].get("schemas", {})
        for name in components:
            yield pytest.param(contract, {"$ref": f"#/components/schemas/{name}"}, id=f"{title} {name}")
        for operation in contract.operations.values():
            for media_type in operation.bodies or ("",):
                for part, schema in call_schema(operation, media_type)["properties"].items():
                    if schema not in components.values() and schema.get("properties") != {}:
                        known = {"type": "object", **schema}
                        yield pytest.param(contract, known, id=f"{title} {operation.id} {media_type} {part}")


@pytest.mark.parametrize(("contract", "schema"), [*subjects()])
def test_they_agree_on_every_trap_in_every_place(contract, schema):
    readers = Readers(contract, schema)
    whole = readers.whole
    listed = contract.resolved(schema).get("properties", whole if isinstance(whole, dict) else ())
    judged = Counter([readers.judge(whole)])

    for trap in TRAPS:
        judged[readers.judge(trap)] += 1
        for place in listed:
            judged[readers.judge({**whole, place: trap})] += 1
            if isinstance(whole.get(place), list):
                judged[readers.judge({**whole, place: [trap]})] += 1
    for place in listed:
        judged[readers.judge({key: value for key, value in whole.items() if key != place})] += 1

    assert judged[True] >= 1
    assert judged[False] >= 1


def test_the_document_of_every_keyword_has_every_keyword():
    roots = [*EVERY_KEYWORD.document["components"]["schemas"].values()]
    roots += [p.schema for o in EVERY_KEYWORD.operations.values() for p in o.parameters]

    used = {keyword for root in roots for _, node in schema_nodes(root) for keyword in node}

    honoured = json.loads(files("mockserver.contract.document").joinpath("document.schema.json").read_text("utf-8"))
    assert used == honoured["$defs"]["schema"]["properties"].keys()


def media_types(node):
    """Yield every place of a document that gives examples of a component."""
    if isinstance(node, dict):
        if "examples" in node and "$ref" in node.get("schema", {}):
            yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else []:
        yield from media_types(child)


def examples():
    """Return the examples of the contract by component and title."""
    return {
        (media["schema"]["$ref"].rpartition("/")[2], title): CONTRACT.resolved(example)["value"]
        for media in media_types(CONTRACT.document)
        for title, example in media["examples"].items()
    }


EXAMPLES = examples()


@pytest.mark.parametrize(("name", "title"), EXAMPLES, ids=" ".join)
def test_both_accept_every_example_of_the_contract(name, title):
    assert Readers(CONTRACT, {"$ref": f"#/components/schemas/{name}"}).judge(EXAMPLES[name, title])


#: What calls and replies are made of as a whole.
WHOLES = [
    *((CONTRACT, name) for name in ("GetEngagementRequest", "CreateSessionRequest", "UpdateSessionRequest")),
    *((CONTRACT, name) for name in ("EngagementReply", "Error", "Domains")),
    *((EVERY_KEYWORD, name) for name in ("Books", "Book")),
]


# Nobody but these tests would say which values were tried, so both answers are counted.
@pytest.mark.parametrize(("contract", "name"), WHOLES, ids=lambda part: part if isinstance(part, str) else "")
def test_they_agree_on_values_made_from_the_contract_and_tampered_with(contract, name):
    readers = Readers(contract, {"$ref": f"#/components/schemas/{name}"})
    printed = [value for (component, _), value in EXAMPLES.items() if component == name]
    judged = Counter()

    @settings(max_examples=150, derandomize=True, database=None, deadline=None)
    @given(tampered(st.sampled_from([*printed, readers.whole]) | kept(contract, readers.schema)))
    def agree(value):
        judged[readers.judge(value)] += 1

    agree()

    assert min(judged[True], judged[False]) >= 20
