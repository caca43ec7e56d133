"""The compiled validator, which only says yes or no, and the schemas, which say why, never disagree."""

import copy
from collections import Counter
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.document.schemas import NEVER
from mockserver.contract.schemas import CALLS, SCHEMAS, explained
from tests.support.contract_words import operations, parameter_words

CONTRACT = yaml.load((Path(__file__).parents[3] / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
COMPONENTS = CONTRACT["components"]["schemas"]
PARAMETERS = {operation: parameters for operation, (parameters, _) in operations(CONTRACT)}
#: What calls and replies are made of as a whole.
WHOLES = ["GetEngagementRequest", "CreateSessionRequest", "UpdateSessionRequest", "EngagementReply", "Error", "Domains"]

#: Values at which two readers like to part: of neighbouring types, at the edge of a bound, nearly of a pattern.
TRAPS = [
    *(None, True, False, [], {}, [None], [""], [{}], {"type": "lead"}),
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
    *("en-US", "en_US", "en-us", "eN-US", "en-US\n", "null", "true", "False", "INFINITY"),
    *("1.2.3.4", "1.2.3", "01.2.3.4", "256.1.1.1", "1.2.3.4\n", " 1.2.3.4", "1.2.3.٤", "1.2.3.4/8"),
    *(
        "::",
        "::1",
        "1:2:3:4:5:6:7::",
        "1:2:3:4:5:6:7:8:9",
        "::ffff:1.2.3.4",
        "::1.2.3.04",
        "fe80::1%1",
        "[::1]",
        "::00001",
    ),
    *("a:1", "a:", "a:123456", "a/b", "a b", "a\u2003b", "a\x1cb", "a\x85b", "a\ufeff", "[::1]:80", "a/__space/b-1"),
    *(
        "msdkgw",
        "smt ",
        "cb",
        "$",
        "_a.b$",
        "1.0",
        1.0,
        2.0,
        "OTHER",
        "other",
        "MOBILE",
        "IOS",
        "EXTERNAL",
        "MSDK",
        "Available",
        "impDisplay",
        "searchInfo",
        "personal",
    ),
]


def validator(schema):
    """Compile *schema*, whose references point into the contract."""
    return jsonschema_rs.validator_for(
        {"$schema": CONTRACT["jsonSchemaDialect"], **schema, "components": {"schemas": COMPONENTS}},
        validate_formats=True,
    )


VALIDATORS = {name: validator({"$ref": f"#/components/schemas/{name}"}) for name in SCHEMAS}


def assert_agreement(name, value):
    """Let both readers of the component *name* judge *value*, and return their judgement."""
    return assert_same_judgement(VALIDATORS[name], SCHEMAS[name], value)


def assert_same_judgement(compiled, schema, value):
    valid = compiled.is_valid(value)
    found = explained(schema, value)
    assert valid == (not found), (schema.__name__, value, found)
    return valid


def resolved(schema):
    """Follow the reference of *schema*, if it is one."""
    return COMPONENTS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def complete(schema):
    """Make a value that keeps *schema* and has every member that it may have."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return complete(schema["oneOf"][0])
    if schema.get("type") == "object":
        members = schema.get("properties", {})
        return {name: complete(member) for name, member in members.items() if member != NEVER}
    if schema.get("type") == "array":
        return [complete(schema["items"])]
    likely = [schema["const"]] if "const" in schema else schema.get("enum", TRAPS)
    return next(filter(validator(schema).is_valid, likely))


@pytest.mark.parametrize("name", SCHEMAS)
def test_they_agree_on_every_trap_in_every_place_of_every_component(name):
    whole = complete(COMPONENTS[name])
    places = list(COMPONENTS[name].get("properties", whole))
    judged = Counter([assert_agreement(name, whole)])

    for place in places:
        judged[assert_agreement(name, {key: value for key, value in whole.items() if key != place})] += 1
        for trap in TRAPS:
            judged[assert_agreement(name, {**whole, place: trap})] += 1
            judged[assert_agreement(name, {**whole, place: [trap]})] += 1
    for trap in TRAPS:
        judged[assert_agreement(name, trap)] += 1

    assert judged[True] >= 1
    assert judged[False] >= len(TRAPS)


@pytest.mark.parametrize("place", ["path", "query"])
@pytest.mark.parametrize("operation", CALLS)
def test_they_agree_on_every_trap_in_every_parameter_of_every_operation(operation, place):
    words = parameter_words(PARAMETERS[operation], place)
    compiled, schema = validator(words), getattr(CALLS[operation], place)
    whole = complete(words)

    assert assert_same_judgement(compiled, schema, whole)
    for name in whole:
        assert_same_judgement(compiled, schema, {key: value for key, value in whole.items() if key != name})
        for trap in TRAPS:
            assert_same_judgement(compiled, schema, {**whole, name: trap})


def media_types(node):
    """Yield every place of the contract that gives examples of a component."""
    if isinstance(node, dict):
        if "examples" in node and "$ref" in node.get("schema", {}):
            yield node
        node = list(node.values())
    for child in node if isinstance(node, list) else []:
        yield from media_types(child)


def examples():
    """Return the contract's examples by component and title."""
    found = {}
    for media in media_types(CONTRACT):
        name = media["schema"]["$ref"].rpartition("/")[2]
        for title, example in media["examples"].items():
            shared = CONTRACT["components"]["examples"].get(title, example)
            found[name, title] = shared["value"] if "$ref" in example else example["value"]
    return found


EXAMPLES = examples()


@pytest.mark.parametrize(("name", "title"), EXAMPLES, ids=" ".join)
def test_both_accept_every_example_of_the_contract(name, title):
    assert assert_agreement(name, EXAMPLES[name, title])


def kept(schema):
    """Strategy of values that keep *schema*, except that they do not know its rules across members."""
    schema = resolved(schema)
    if "oneOf" in schema:
        return st.one_of([kept(alternative) for alternative in schema["oneOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema or "const" in schema or not isinstance(schema.get("type"), str):
        return st.just(complete(schema))
    return KEPT[schema["type"]](schema)


def kept_object(schema):
    members = {name: kept(member) for name, member in schema["properties"].items() if member != NEVER}
    required = {name: members.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(required, optional=members)


KEPT = {
    "object": kept_object,
    "array": lambda schema: st.lists(kept(schema["items"]), min_size=schema.get("minItems", 0), max_size=3),
    "string": lambda schema: st.from_regex(schema["pattern"]) if "pattern" in schema else st.text(max_size=5),
    "integer": lambda schema: st.integers(schema.get("minimum"), schema.get("maximum")) | st.just(3.0),
    "number": lambda _: st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    "boolean": lambda _: st.booleans(),
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


# Nobody but these tests would say which values were tried, so both answers are counted.
@pytest.mark.parametrize("name", WHOLES)
def test_they_agree_on_values_made_from_the_contract_and_tampered_with(name):
    said = Counter()
    printed = [value for (component, _), value in EXAMPLES.items() if component == name]

    @settings(max_examples=150, derandomize=True, database=None, deadline=None)
    @given(tampered(st.sampled_from([*printed, complete(COMPONENTS[name])]) | kept(COMPONENTS[name])))
    def agree(value):
        said[assert_agreement(name, value)] += 1

    agree()

    assert min(said[True], said[False]) >= 20
