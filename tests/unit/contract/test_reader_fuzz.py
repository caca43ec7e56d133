"""Whatever stands in a document: it is read whole, or the start is refused with a sentence about it."""

import copy
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.document.pointers import at
from mockserver.contract.reply_rules import DocumentRules
from mockserver.contract.spec import Contract
from mockserver.contract.validation import Validator
from mockserver.errors import SpecError
from tests.support.documents import DOCUMENT

#: Values that are right somewhere in a document, and wrong in most of it.
ODD = [
    *(None, True, False, 0, -1, 1.5, 404, "", "x", "{", "(", "404", "4XX", "default", [], {}, [[]], [{}], {"": None}),
    *(
        "string",
        "array",
        "object",
        ["string", "array"],
        "header",
        "cookie",
        "query",
        "path",
        "form",
        "GE-401-MALFORMED",
    ),
    *({"$ref": "#/components/schemas/AccountId"}, {"$ref": "#/nowhere"}, {"$ref": 1}, {"type": "array"}, {"not": {}}),
    *({"$ref": "#/components/parameters/Version"}, {"type": "array", "items": {"type": "string"}}, [{"key": []}]),
    *({"type": "object", "properties": {}}, {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}),
]
WORDS = [
    *(
        "$ref",
        "type",
        "items",
        "properties",
        "required",
        "pattern",
        "oneOf",
        "discriminator",
        "x-clause",
        "schema",
        "in",
    ),
    *("name", "style", "explode", "content", "headers", "security", "parameters", "requestBody", "responses", "200"),
    *("securitySchemes", "application/json", "application/x-www-form-urlencoded", "links", "operationId", "x-aliases"),
    *("default", "servers", "callbacks", "examples", "value", "post", "get", "source", "id", "status", "not", "if"),
]


def _ways(node, way=()):
    yield way
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in pairs:
        yield from _ways(inner, (*way, key))


WAYS = [way for way in _ways(DOCUMENT) if way and way[0] != "x-clauses"] + [("x-clauses",), ("x-clauses", 3, "status")]
#: Where a document is read with most care, so that half of all changes are made there.
CLOSELY_READ = [way for way in WAYS if way[0] in ("paths", "security", "servers") or way[1:2] == ("parameters",)]


@st.composite
def mutated(draw):
    """Strategy of documents in which up to three parts were replaced, taken out, moved or added."""
    document = copy.deepcopy(DOCUMENT)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(WAYS) | st.sampled_from(CLOSELY_READ))
        home = at(document, way)
        if not isinstance(home, dict | list):
            continue
        elsewhere = copy.deepcopy(at(DOCUMENT, draw(st.sampled_from(WAYS))))
        value = draw(st.sampled_from(ODD) | st.just(elsewhere))
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "remove" if isinstance(home, dict):
                home.pop(last, None)
            case "add" if isinstance(home, dict):
                home[draw(st.sampled_from(WORDS))] = copy.deepcopy(value)
            case _ if isinstance(home, dict) or last < len(home):
                home[last] = copy.deepcopy(value)
    return document


def read_whole(document):
    """Read *document* as the server does at its start, and compile what is compiled later."""
    contract = Contract(document)
    Validator(contract, {})
    rules = DocumentRules(contract)
    for operation in contract.operations.values():
        for status in operation.responses:
            rules.reply_problems(operation.id, status, b"{}")
    contract.names()


def test_a_document_is_read_whole_or_refused_whatever_stands_in_it():
    ends = Counter()

    @settings(max_examples=150, derandomize=True, database=None, deadline=None)
    @given(mutated())
    def read(document):
        try:
            read_whole(document)
        except SpecError:
            ends["refused"] += 1
        else:
            ends["read"] += 1

    read()

    assert min(ends["refused"], ends["read"]) >= 15
