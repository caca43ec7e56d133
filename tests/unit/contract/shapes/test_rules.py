"""Each keyword of a schema explains what it refuses: what was expected, what came, and the way out."""

import pytest

from mockserver.abbreviation import abbreviated
from mockserver.contract.shapes.document_shapes import DocumentShapes

HUGE = 10**5000
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
FLAG = {"type": "boolean"}
IDENTIFIER = {"type": ["string", "integer"], "pattern": "^[0-9]+$", "minimum": 0}
VERSION = {"type": "string", "pattern": "^1$", "x-meaning": "the number one"}
ADDRESS = {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}], "x-meaning": "an IPv4 or IPv6 address"}
SYSTEM = {"type": "string", "enum": ["WINDOWS", "MAC_OSX"]}
MIXED = {"enum": [0, 1, "0"]}
CHANNEL = {"oneOf": [{"type": "integer", "minimum": 0, "maximum": 1}, {"type": "string", "enum": ["0"]}]}
NAME_OR_NUMBER = {"anyOf": [{"type": "string", "pattern": "^[a-z]+$"}, {"type": "integer"}]}
EITHER_TEXT = {"oneOf": [{"type": "string", "pattern": "^a"}, {"type": "string", "pattern": "z$"}]}
SCHOOL = {
    "type": "object",
    "properties": {"kind": TEXT, "size": {}},
    "if": {"required": ["kind"], "properties": {"kind": {"const": "school"}}},
    "then": {"required": ["size"], "properties": {"size": WHOLE}},
}


def explained(schema, value):
    """Return everything that *schema* has against *value*."""
    return [(v.where, v.what) for v in DocumentShapes({}).violations(schema, value, "body", "C")]


def refusal(schema, value):
    """Return what *schema* has against *value*, which stands in a list, or None."""
    found = explained({"items": schema}, [value])
    assert [where for where, _ in found] in ([], ["body.0"])
    return found[0][1] if found else None


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (TEXT, ""),
        (TEXT, "12"),
        ({"pattern": "^[0-9]$"}, "1"),
        ({"pattern": "^[0-9]$"}, 7),
        ({"maxLength": 2}, "é🙂"),
        (NUMBER, 12),
        (NUMBER, -1.5),
        (NUMBER, HUGE),
        (WHOLE, 12),
        (WHOLE, 30.0),
        (WHOLE, 1e300),
        (WHOLE, HUGE),
        ({"type": "integer", "minimum": 0}, -0.0),
        ({"type": "integer", "minimum": -1, "maximum": 13}, 13.0),
        ({"minimum": 3}, "2"),
        (IDENTIFIER, "0123"),
        (IDENTIFIER, 123.0),
        (FLAG, True),
        (FLAG, False),
        (SYSTEM, "MAC_OSX"),
        ({"const": 1.0}, 1),
        (MIXED, 1.0),
        (MIXED, "0"),
        (CHANNEL, 1.0),
        (CHANNEL, "0"),
        ({"enum": [{"a": [1]}]}, {"a": [1.0]}),
        (ADDRESS, "192.168.5.2"),
        (ADDRESS, "::ffff:1.2.3.4"),
        (ADDRESS, "1:2:3:4:5:6:7::"),
        ({}, None),
        ({}, [{}]),
        ({"type": ["string", "null"]}, None),
        ({"minItems": 1}, "no list"),
        (NAME_OR_NUMBER, "a"),
        (NAME_OR_NUMBER, 1),
        (EITHER_TEXT, "b z"),
        ({"not": TEXT}, 7),
        (SCHOOL, {"kind": "house"}),
        (SCHOOL, {"kind": "school", "size": 7}),
        ({"properties": {"a": TEXT}}, 7),
    ],
    ids=abbreviated,
)
def test_a_value_that_keeps_its_schema_needs_no_words(schema, value):
    assert refusal(schema, value) is None


@pytest.mark.parametrize(
    ("schema", "value", "what"),
    [
        (TEXT, None, "must be a string, got null; leave out what has no value"),
        (TEXT, 12, "must be a string, got a number (12)"),
        (TEXT, True, "must be a string, got true"),
        (TEXT, b"a", "must be a string, got a value of type bytes"),
        ({"pattern": "^[0-9]{1,3}$"}, "abc", 'must match ^[0-9]{1,3}$, got "abc"'),
        ({"pattern": "^[0-9]$"}, "1\n", r'must match ^[0-9]$, got "1\n"'),
        ({"pattern": r"^\d$"}, "٣", r'must match ^\d$, got "٣"'),
        ({"pattern": r"^\s$"}, "\x85", r'must match ^\s$, got "' + "\x85" + '"'),
        (VERSION, "2", 'must be the number one, got "2"'),
        (VERSION, 1, "must be the number one, got a number (1)"),
        ({"maxLength": 1}, "ab", "must have at most 1 character(s), got 2"),
        (NUMBER, "12", 'must be a number, got a string ("12")'),
        (NUMBER, False, "must be a number, got false"),
        (NUMBER, float("nan"), "must be a number, got a number (nan)"),
        (NUMBER, float("inf"), "must be a number, got a number (inf)"),
        (WHOLE, None, "must be a whole number, got null; leave out what has no value"),
        (WHOLE, "5", 'must be a whole number, got a string ("5")'),
        (WHOLE, True, "must be a whole number, got true"),
        (WHOLE, 1.5, "must be a whole number, got a number (1.5)"),
        (WHOLE, float("inf"), "must be a whole number, got a number (inf)"),
        ({"minimum": 0}, -1, "must be at least 0, got -1"),
        ({"maximum": 13}, 14.0, "must be at most 13, got 14.0"),
        ({"maximum": 13}, HUGE, "must be at most 13, got an enormous number"),
        (IDENTIFIER, None, "must be a string or a whole number, got null; leave out what has no value"),
        (IDENTIFIER, 1.5, "must be a string or a whole number, got a number (1.5)"),
        (IDENTIFIER, "a", 'must match ^[0-9]+$, got "a"'),
        (IDENTIFIER, -1, "must be at least 0, got -1"),
        (FLAG, 1, "must be true or false, got a number (1)"),
        (FLAG, "yes", 'must be true or false, got a string ("yes")'),
        (SYSTEM, "AMIGA", 'must be one of WINDOWS, MAC_OSX, got "AMIGA"'),
        (SYSTEM, "MACOSX", "must be one of WINDOWS, MAC_OSX, got \"MACOSX\"; did you mean 'MAC_OSX'?"),
        (
            {"anyOf": [{"enum": ["a", 1]}, {"type": "integer", "minimum": 0, "maximum": 1}]},
            2,
            'must be one of "a", 1, 0, got 2',
        ),
        (SYSTEM, [], "must be one of WINDOWS, MAC_OSX, got a list"),
        ({"const": "{"}, None, "must be {, got null; leave out what has no value"),
        ({"const": 1.0}, True, "must be 1.0, got true"),
        (MIXED, False, 'must be one of 0, 1, "0", got false'),
        (MIXED, "1", 'must be one of 0, 1, "0", got "1"'),
        (CHANNEL, 2, 'must be one of 0, 1, "0", got 2'),
        ({"type": "string", "enum": ["a", 1]}, 1, "must be a, got 1"),
        ({"const": "a"}, "b", 'must be a, got "b"'),
        (ADDRESS, 1, "must be an IPv4 or IPv6 address, got a number (1)"),
        (ADDRESS, "1.2.3", 'must be an IPv4 or IPv6 address, got "1.2.3"'),
        (ADDRESS, "01.2.3.4", 'must be 1.2.3.4, without leading zeros, got "01.2.3.4"'),
        (ADDRESS, "0192.0168.005.002", 'must be 192.168.5.2, without leading zeros, got "0192.0168.005.002"'),
        (ADDRESS, "01.2.3", 'must be an IPv4 or IPv6 address, got "01.2.3"'),
        (ADDRESS, "fe80::1%eth0", 'must be an IPv4 or IPv6 address, got "fe80::1%eth0"'),
        ({"type": "string", "format": "ipv6"}, "::g", 'must be an IPv6 address, got "::g"'),
        ({"not": {}}, None, "must be left out, got null"),
        ({"not": {}}, {}, "must be left out, got an object"),
        ({"not": {"const": "a"}}, "a", "must not be a"),
        ({"not": {"type": "string", "pattern": "^a"}}, "ab", "must not be a string that matches ^a"),
        ({"type": "array"}, {}, "must be a list, got an object"),
        ({"minItems": 1}, [], "must hold at least 1 item(s), got 0"),
        ({"type": "object"}, [], "must be an object, got a list"),
        (NAME_OR_NUMBER, "A", 'must match ^[a-z]+$, got "A"'),
        (NAME_OR_NUMBER, True, "must be a string that matches ^[a-z]+$ or a whole number, got true"),
        (
            {"anyOf": [{"type": "string", "maxLength": 1}, {"type": "string", "pattern": "^b$"}]},
            "ab",
            'must be a string of at most 1 character(s) or a string that matches ^b$, got "ab"',
        ),
        (
            {"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "properties": {"b": TEXT}}]},
            {"b": 1},
            "must be an object whose a is there or an object whose b is a string, got an object",
        ),
        (EITHER_TEXT, "b", 'must be a string that matches ^a or a string that matches z$, got "b"'),
        (
            EITHER_TEXT,
            "a z",
            'must be a string that matches ^a or a string that matches z$, and only one of these, got "a z"',
        ),
    ],
    ids=abbreviated,
)
def test_a_value_that_breaks_its_schema_is_told_what_was_expected_and_what_came(schema, value, what):
    assert refusal(schema, value) == what


def test_every_wrong_item_of_a_list_is_told_by_its_index():
    assert explained({"items": TEXT}, ["a", 1, None]) == [
        ("body.1", "must be a string, got a number (1)"),
        ("body.2", "must be a string, got null; leave out what has no value"),
    ]


def test_of_a_list_with_very_many_wrong_items_the_rest_is_not_read():
    found = explained({"items": TEXT}, [1] * 5000)

    assert len(found) == 1001


def test_a_condition_stands_in_what_follows_from_it():
    assert explained(SCHOOL, {"kind": "school"}) == [("body.size", "is required when kind is school")]
    assert explained(SCHOOL, {"kind": "school", "size": "L"}) == [
        ("body.size", 'must be a whole number when kind is school, got a string ("L")')
    ]


def test_what_is_said_of_members_stands_in_the_order_of_the_contract():
    schema = {
        "properties": {"a": TEXT, "b": TEXT, "c": {"items": {"properties": {"x": TEXT, "y": TEXT}}}},
        "required": ["d", "a"],
        "not": {"type": "object", "required": ["b"], "properties": {"b": {"const": 7}}},
        "if": {},
        "then": {"properties": {"c": {"items": {"properties": {"y": WHOLE}}}}},
    }

    found = explained(schema, {"c": [{"y": []}, {"x": 1, "y": 2}], "b": 7})

    assert [where for where, _ in found] == [
        "body.a", "body.b", "body.b", "body.c.0.y", "body.c.0.y", "body.c.1.x", "body.c.1.y", "body.d",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "load", "fields", "Meta", "a.b", "_schema", "member_0"])
def test_a_member_may_have_a_name_that_a_class_has_for_something_else(name):
    schema = {"type": "object", "required": [name], "properties": {"x": {}, name: WHOLE}}

    assert explained(schema, {name: 1}) == []
    assert explained(schema, {name: "1"}) == [(f"body.{name}", 'must be a whole number, got a string ("1")')]
    assert explained(schema, {}) == [(f"body.{name}", "is required")]


def test_a_value_that_is_null_as_a_whole_cannot_be_left_out_of_anything():
    assert explained({"type": "object"}, None) == [("body", "must be an object, got null")]
