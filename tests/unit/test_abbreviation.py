"""A value is quoted so that a message stays short and can be sent."""

import pytest

from mockserver.abbreviation import abbreviated, described, printable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("a" * 58, f'"{"a" * 58}"', id="just short enough"),
        pytest.param("a" * 59, f'"{"a" * 56}...', id="just too long"),
        pytest.param("a" * 1_000_000, f'"{"a" * 56}...', id="far too long"),
        pytest.param("\x00" * 60, '"' + r"\u0000" * 9 + r"\u...", id="longer when escaped"),
        pytest.param("\ud800", r'"\ud800"', id="half a character"),
        pytest.param("Grüße", '"Grüße"', id="letters of any language"),
        pytest.param(10**70, "1" + "0" * 56 + "...", id="long number"),
    ],
)
def test_a_value_is_quoted_shortened_and_can_always_be_sent(value, text):
    assert abbreviated(value) == text
    assert len(text.encode()) <= 64


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param(True, "true", id="true"),
        pytest.param(12, "a number (12)", id="whole number"),
        pytest.param(1.0, "a number (1.0)", id="real number"),
        pytest.param(10**5000, "a number (an enormous number)", id="enormous number"),
        pytest.param("12", 'a string ("12")', id="text"),
        pytest.param(["secret"], "a list", id="list"),
        pytest.param({"secret": 1}, "an object", id="object"),
        pytest.param({1}, "a value of type set", id="nothing of JSON"),
    ],
)
def test_a_value_of_the_wrong_type_is_quoted_with_its_type(value, text):
    assert described(value) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("/\nFORGED\x1b[31m", "/\\nFORGED\\x1b[31m", id="line end and colour"),
        pytest.param("a\x9b2Jb\x7f\u2028c", "a\\x9b2Jb\\x7f\\u2028c", id="other controls"),
        pytest.param("a\u202eb", "a\\u202eb", id="other direction"),
        pytest.param("\ud800", "\\ud800", id="half a character"),
        pytest.param("Zoë \\n 日本", "Zoë \\n 日本", id="nothing to escape"),
    ],
)
def test_a_text_is_made_one_line_that_a_terminal_only_shows(text, line):
    assert printable(text) == line
