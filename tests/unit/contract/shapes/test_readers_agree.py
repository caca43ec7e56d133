"""The compiled validator, which only says yes or no, and the shapes, which say why, never disagree: on any document."""

import copy
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.document.schemas import NEVER, schema_nodes
from mockserver.contract.shapes.document_shapes import DocumentShapes
from mockserver.contract.spec import Contract
from mockserver.contract.validation import call_schema, compiled
from tests.support.builders import CONTRACT

EVERY_KEYWORD = Contract(
    yaml.safe_load((Path(__file__).parents[3] / "support" / "every_keyword.yaml").read_text(encoding="utf-8"))
)
CONTRACTS = {"openapi.yaml": CONTRACT, "every_keyword.yaml": EVERY_KEYWORD}

#: Values at which two readers like to part: of neighbouring types, at the edge of a bound, nearly of a pattern.
TRAPS = [
    *(None, False, True, [], {}, [None], [""], ["a", "b"], [{}], [[], [True]], {"type": "lead"}, {"a": 1}, {"b": "a"}),
    *({"a": [1, True]}, {"a": [1.0, True]}, {"a": [1, 1]}, {"draft": True}, {"draft": 1}, {"left": "a"}, {"left": 1}),
    *(0, 1, -1, -2, 13, 14, 12.0, 13.5, -0.0, 0.1, -1e-300, 1e300, 2**53 + 1, 2**63, 2**64, -(2**63), 10**400),
    *(
        "",
        "a",
        "1",
        "01",
        "1.0",
        "1\n",
        "\n1",
        " 1",
        "٣",
        "0" * 20,
        "1" * 21,
        "a" * 129,
        ".a",
        "a.b",
        "\x00",
        "é",
        "🙂",
    ),
    *("en-US", "en_US", "en-us", "eN-US", "en-US\n", "null", "true", "False", "INFINITY", "abc", "AB", "ABC", "2001"),
    *("1.2.3.4", "1.2.3", "01.2.3.4", "256.1.1.1", "1.2.3.4\n", " 1.2.3.4", "1.2.3.٤", "1.2.3.4/8", "::", "::1"),
    *("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8:9", "::ffff:1.2.3.4", "::1.2.3.04", "fe80::1%1", "[::1]", "::00001"),
    *("a:1", "a:", "a:123456", "a/b", "a b", "a\u2003b", "a\x1cb", "a\x85b", "a\ufeff", "[::1]:80", "a/__space/b-1"),
    *("msdkgw", "smt ", "cb", "$", "_a.b$", 1.0, 2.0, "OTHER", "other", "MOBILE", "IOS", "EXTERNAL", "MSDK"),
    *("Available", "impDisplay", "searchInfo", "personal", "title", "low", "dust", "Draft"),
]


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


def complete(contract, schema, depth=0):
    schema = contract.resolved(schema)
    if isinstance(schema.get("type"), str) and schema["type"] in ("object", "array"):
        if "items" in schema:
            return [complete(contract, schema["items"], depth) for _ in range(schema.get("minItems", 1))]
        listed = {name: part for name, part in schema["properties"].items() if part != NEVER}
        wanted = listed if depth < 1 else {name: listed[name] for name in schema.get("required", ())}
        return {name: complete(contract, part, depth + 1) for name, part in wanted.items()}
    if "discriminator" in schema:
        return complete(contract, schema["oneOf"][0], depth)
    likely = [schema["const"]] if "const" in schema else schema.get("enum", TRAPS)
    return next(filter(compiled(contract, schema).is_valid, likely))


def subjects():
    """Yield every component, and every part of every call, of every document."""
    for title, contract in CONTRACTS.items():
        for name in contract.document["components"]["schemas"]:
            yield pytest.param(contract, {"$ref": f"#/components/schemas/{name}"}, id=f"{title} {name}")
        for operation in contract.operations.values():
            for part, schema in call_schema(operation, next(iter(operation.bodies), ""))["properties"].items():
                if part != "body" and schema["properties"]:
                    yield pytest.param(contract, {"type": "object", **schema}, id=f"{title} {operation.id} {part}")


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


def kept(contract, schema, depth=0):
    """Strategy of values that keep *schema*, except that they do not know its rules across members."""
    schema = contract.resolved(schema)
    if "discriminator" in schema:
        return st.one_of([kept(contract, part, depth) for part in schema["oneOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    strategy = KEPT.get(schema["type"] if isinstance(schema.get("type"), str) else "")
    if strategy is None or "anyOf" in schema or "const" in schema:
        return st.just(complete(contract, schema, depth))
    return strategy(contract, schema, depth)


def kept_object(contract, schema, depth):
    listed = {name: part for name, part in schema["properties"].items() if part != NEVER}
    required = schema.get("required", ())
    members = {name: kept(contract, part, depth + 1) for name, part in listed.items() if depth < 1 or name in required}
    return st.fixed_dictionaries(
        {name: members.pop(name) for name in required},
        optional=members,
    )


def kept_list(contract, schema, depth):
    return st.lists(kept(contract, schema["items"], depth), min_size=schema.get("minItems", 0), max_size=3)


KEPT = {
    "object": kept_object,
    "array": kept_list,
    "string": lambda _, schema, __: st.from_regex(schema["pattern"]) if "pattern" in schema else st.text(max_size=5),
    "integer": lambda _, schema, __: st.integers(schema.get("minimum"), schema.get("maximum")) | st.just(3.0),
    "number": lambda *_: st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": lambda *_: st.booleans(),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value, path=()):
    """Yield the path of every value inside *value*."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


@st.composite
def tampered(draw, values):
    """Strategy of *values* in which up to two places were replaced, taken out, or filled from a place nearby."""
    value = copy.deepcopy(draw(values))
    for _ in range(draw(st.integers(0, 2))):
        found = list(places(value))
        if not found:
            return draw(JSON)
        *way, last = draw(st.sampled_from(found))
        home = value
        for key in way:
            home = home[key]
        nearby = list(home.values() if isinstance(home, dict) else home)
        if draw(st.booleans()):
            home[last] = copy.deepcopy(draw(JSON | st.sampled_from(TRAPS) | st.sampled_from(nearby)))
        else:
            del home[last]
    return value


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
