"""Each field accepts exactly what its shape of JSON Schema accepts, and says what it refuses."""

import pytest
from marshmallow import ValidationError
from marshmallow.fields import Field

from mockserver.abbreviation import shown
from mockserver.contract.fields import (
    Absent,
    AnyValue,
    Choice,
    Constant,
    Flag,
    IpAddress,
    ListOf,
    RealNumber,
    Text,
    TextOrWholeNumber,
    WholeNumber,
    python_regex,
)

HUGE = 10**5000
IDENTIFIER = TextOrWholeNumber(pattern="^[0-9]+$", minimum=0)


def named(value):
    """Name a parameter in the id of a test."""
    return type(value).__name__ if isinstance(value, Field) else shown(value)


def told(field, value):
    """Return what *field* has against *value*, or None."""
    try:
        read = field.deserialize(value)
    except ValidationError as error:
        return error.messages[0]
    assert read is value
    return None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Text(), ""),
        (Text(), "12"),
        (Text(pattern="^[0-9]$"), "1"),
        (RealNumber(), 12),
        (RealNumber(), -1.5),
        (RealNumber(), HUGE),
        (WholeNumber(), 12),
        (WholeNumber(), 30.0),
        (WholeNumber(), 1e300),
        (WholeNumber(), HUGE),
        (WholeNumber(minimum=0), -0.0),
        (WholeNumber(minimum=-1, maximum=13), 13.0),
        (IDENTIFIER, "0123"),
        (IDENTIFIER, 123.0),
        (Flag(), True),
        (Flag(), False),
        (Choice("A", "B"), "B"),
        (Choice(1.0), 1),
        (Choice(0, 1, "0"), 1.0),
        (Choice(0, 1, "0"), "0"),
        (Constant("a"), "a"),
        (IpAddress(), "192.168.5.2"),
        (IpAddress(), "::ffff:1.2.3.4"),
        (IpAddress(), "1:2:3:4:5:6:7::"),
        (AnyValue(), None),
        (AnyValue(), [{}]),
    ],
    ids=named,
)
def test_a_value_of_the_right_shape_is_handed_on_unchanged(field, value):
    assert told(field, value) is None


@pytest.mark.parametrize(
    ("field", "value", "what"),
    [
        (Text(), None, "must be a string, got null; leave out what has no value"),
        (Text(), 12, "must be a string, got a number (12)"),
        (Text(), True, "must be a string, got true"),
        (Text(), b"a", "must be a string, got a value of type bytes"),
        (Text(pattern="^[0-9]{1,3}$"), "abc", 'must match ^[0-9]{1,3}$, got "abc"'),
        (Text(pattern="^[0-9]$"), "1\n", r'must match ^[0-9]$, got "1\n"'),
        (Text(pattern=r"^\d$"), "٣", r'must match ^\d$, got "٣"'),
        (RealNumber(), "12", 'must be a number, got a string ("12")'),
        (RealNumber(), False, "must be a number, got false"),
        (RealNumber(), float("nan"), "must be a number, got a number (nan)"),
        (RealNumber(), float("inf"), "must be a number, got a number (inf)"),
        (WholeNumber(), None, "must be a whole number, got null; leave out what has no value"),
        (WholeNumber(), "5", 'must be a whole number, got a string ("5")'),
        (WholeNumber(), True, "must be a whole number, got true"),
        (WholeNumber(), 1.5, "must be a whole number, got a number (1.5)"),
        (WholeNumber(), float("inf"), "must be a whole number, got a number (inf)"),
        (WholeNumber(minimum=0), -1, "must be at least 0, got -1"),
        (WholeNumber(minimum=0, maximum=13), 14.0, "must be at most 13, got 14.0"),
        (WholeNumber(maximum=13), HUGE, "must be at most 13, got an enormous number"),
        (IDENTIFIER, None, "must be a string or a whole number, got null; leave out what has no value"),
        (IDENTIFIER, 1.5, "must be a string or a whole number, got a number (1.5)"),
        (IDENTIFIER, "a", 'must match ^[0-9]+$, got "a"'),
        (IDENTIFIER, -1, "must be at least 0, got -1"),
        (Flag(), 1, "must be true or false, got a number (1)"),
        (Flag(), "yes", 'must be true or false, got a string ("yes")'),
        (Choice("WINDOWS", "MAC_OSX"), "AMIGA", 'must be one of WINDOWS, MAC_OSX, got "AMIGA"'),
        (
            Choice("WINDOWS", "MAC_OSX"),
            "MACOSX",
            "must be one of WINDOWS, MAC_OSX, got \"MACOSX\"; did you mean 'MAC_OSX'?",
        ),
        (Choice("WINDOWS", "MAC_OSX"), [], "must be one of WINDOWS, MAC_OSX, got a list"),
        (Choice("{"), None, "must be {, got null; leave out what has no value"),
        (Choice(1.0), True, "must be 1.0, got true"),
        (Choice(0, 1, "0"), False, 'must be one of 0, 1, "0", got false'),
        (Choice(0, 1, "0"), "1", 'must be one of 0, 1, "0", got "1"'),
        (Constant("a"), "b", 'must be a, got "b"'),
        (IpAddress(), 1, "must be an IPv4 or IPv6 address, got a number (1)"),
        (IpAddress(), "1.2.3", 'must be an IPv4 or IPv6 address, got "1.2.3"'),
        (IpAddress(), "01.2.3.4", 'must be 1.2.3.4, without leading zeros, got "01.2.3.4"'),
        (IpAddress(), "0192.0168.005.002", 'must be 192.168.5.2, without leading zeros, got "0192.0168.005.002"'),
        (IpAddress(), "01.2.3", 'must be an IPv4 or IPv6 address, got "01.2.3"'),
        (IpAddress(), "fe80::1%eth0", 'must be an IPv4 or IPv6 address, got "fe80::1%eth0"'),
        (Absent(), None, "must be left out, got null"),
        (Absent(), {}, "must be left out, got an object"),
        (ListOf(Text()), {}, "must be a list, got an object"),
        (ListOf(Text()), None, "must be a list, got null; leave out what has no value"),
        (ListOf(Text(), min_items=1), [], "must hold at least 1 item(s), got 0"),
    ],
    ids=named,
)
def test_a_value_of_another_shape_is_refused_with_what_was_expected_and_what_came(field, value, what):
    assert told(field, value) == what


def test_every_wrong_item_of_a_list_is_told_by_its_index():
    with pytest.raises(ValidationError) as refusal:
        ListOf(Text()).deserialize(["a", 1, None])

    assert refusal.value.messages == {
        1: ["must be a string, got a number (1)"],
        2: ["must be a string, got null; leave out what has no value"],
    }


@pytest.mark.parametrize(
    ("pattern", "translated"),
    [
        pytest.param("^a$", r"^a\Z", id="end"),
        pytest.param(r"^\$[$]$", r"^\$[$]\Z", id="dollar signs that are no end"),
        pytest.param("^a$|^b$", r"^a\Z|^b\Z", id="two ends"),
        pytest.param(r"[^\]$]", r"[^\]$]", id="escaped bracket in a class"),
    ],
)
def test_only_the_end_of_a_pattern_is_translated(pattern, translated):
    assert python_regex(pattern) == translated


@pytest.mark.parametrize("pattern", [r"^\s$", r"^[a\s]$"])
@pytest.mark.parametrize(
    ("character", "is_space"), [("\u3000", True), ("\ufeff", True), ("\t", True), ("\x1c", False), ("\x85", False)]
)
def test_white_space_in_a_pattern_is_what_the_contract_means(pattern, character, is_space):
    assert (told(Text(pattern=pattern), character) is None) == is_space
