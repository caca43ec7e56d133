"""Values for schemas: such as keep them, such as nearly do, and such as trap two readers into parting."""

import copy

from hypothesis import Phase, find, settings
from hypothesis import strategies as st

from mockserver.contract.compiling import compiled
from mockserver.contract.document.schemas import NEVER

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


def complete(contract, schema, depth=0):
    """Make a value that keeps *schema* and has every member that it may have, at its top at least."""
    schema = contract.resolved(schema)
    if isinstance(schema.get("type"), str) and schema["type"] in ("object", "array"):
        if "items" in schema:
            return [complete(contract, schema["items"], depth) for _ in range(schema.get("minItems", 1))]
        listed = {name: part for name, part in schema.get("properties", {}).items() if part != NEVER}
        wanted = listed if depth < 1 else {name: listed[name] for name in schema.get("required", ())}
        return {name: complete(contract, part, depth + 1) for name, part in wanted.items()}
    if "discriminator" in schema:
        return complete(contract, schema["oneOf"][0], depth)
    is_valid = compiled(contract, schema).is_valid
    likely = [schema["const"]] if "const" in schema else schema.get("enum", TRAPS)
    found = [value for value in likely if is_valid(value)]
    return found[0] if found else _of_pattern(schema["pattern"], is_valid)


def _of_pattern(pattern, is_valid):
    # The first text that fits: to look for the shortest one takes long.
    quickly = settings(database=None, derandomize=True, phases=[Phase.generate])
    return find(st.from_regex(pattern), is_valid, settings=quickly)


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
