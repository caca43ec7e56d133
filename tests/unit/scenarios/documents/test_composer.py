import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.errors import ScenarioError
from mockserver.scenarios.documents.composer import positions_of, read_document
from mockserver.scenarios.documents.files import LONGEST_TEXT
from mockserver.scenarios.documents.mistakes import Mistake, Mistakes

NO_SURROGATES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | NO_SURROGATES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NO_SURROGATES, inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("no", "no", id="no"),
        pytest.param("Yes", "Yes", id="Yes"),
        pytest.param("on", "on", id="on"),
        pytest.param("12:30", "12:30", id="a time of day"),
        pytest.param("2024-01-01", "2024-01-01", id="a date"),
        pytest.param("1_000", "1_000", id="underscores"),
        pytest.param("0b11", "0b11", id="binary"),
        pytest.param("1.2.3", "1.2.3", id="a version"),
        pytest.param("192.168.5.2", "192.168.5.2", id="an address"),
        pytest.param("-", [None], id="an item without a value"),
        pytest.param("5", 5, id="number"),
        pytest.param("-5", -5, id="negative number"),
        pytest.param("010", 10, id="leading zero is not octal"),
        pytest.param("0o17", 15, id="octal"),
        pytest.param("0x1F", 31, id="hexadecimal"),
        pytest.param("1.5", 1.5, id="fraction"),
        pytest.param("1e3", 1000.0, id="exponent"),
        pytest.param("true", True, id="true"),
        pytest.param("False", False, id="False"),
        pytest.param("~", None, id="tilde"),
        pytest.param('"5"', "5", id="quoted number"),
        pytest.param("'null'", "null", id="quoted null"),
        pytest.param("!!str 5", "5", id="tagged as text"),
        pytest.param("!!int 5", 5, id="tagged as what it is"),
        pytest.param("|-\n  5", "5", id="block of text"),
        pytest.param('{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}, id="JSON"),
        pytest.param("{on: 1, 5: 2, ~: 3}", {"on": 1, "5": 2, "~": 3}, id="keys are text as written"),
    ],
)
def test_a_scalar_is_what_the_core_schema_of_yaml_1_2_says(text, value):
    document = read_document(text, "x.yaml")

    assert (document, type(document)) == (value, type(value))


@settings(deadline=None)
@given(VALUES)
def test_json_reads_as_json(value):
    assert read_document(json.dumps(value, ensure_ascii=False), "x.json") == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "x.yaml:1:1: the document is empty", id="empty"),
        pytest.param("a: [1", "x.yaml:2:1: this is not YAML: did not find expected ',' or ']'", id="broken"),
        pytest.param(
            "a: 1\n---\nb: 2",
            "x.yaml:2:1: a second document begins here; put one document in a text",
            id="two documents",
        ),
        pytest.param(
            "a:\n  b: 1\n  c: 2\n  b: 3",
            "x.yaml:4:3: a.b: this key stands twice, first in line 2; keep one of them",
            id="key given twice",
        ),
        pytest.param("a: &x [1]", "x.yaml:1:4: a: anchors and aliases are not read; write the value out", id="anchor"),
        pytest.param("b: *x", "x.yaml:1:4: b: anchors and aliases are not read; write the value out", id="alias"),
        pytest.param("*x : 1", "x.yaml:1:1: a key is plain text", id="alias as key"),
        pytest.param("? [1]\n: 2", "x.yaml:1:3: a key is plain text", id="list as key"),
        pytest.param("<<: {a: 1}", "x.yaml:1:1: merge keys are not read; write the members out", id="merge key"),
        pytest.param(
            "a: !!python/object/apply:os.getcwd []",
            "x.yaml:1:4: a: the tag 'tag:yaml.org,2002:python/object/apply:os.getcwd' does not fit here; leave it out",
            id="tag of another language",
        ),
        pytest.param(
            "a: !!int x",
            "x.yaml:1:4: a: the tag 'tag:yaml.org,2002:int' does not fit here; leave it out",
            id="tag that does not fit",
        ),
        pytest.param("a: !x 5", "x.yaml:1:4: a: the tag '!x' does not fit here; leave it out", id="private tag"),
        pytest.param(
            "a: .inf", "x.yaml:1:4: a: JSON has no number .inf; put it in quotes if it is text", id="infinity"
        ),
        pytest.param(
            "a: .nan", "x.yaml:1:4: a: JSON has no number .nan; put it in quotes if it is text", id="no number"
        ),
        pytest.param(
            "a: 1e999", "x.yaml:1:4: a: JSON has no number 1e999; put it in quotes if it is text", id="overflow"
        ),
        pytest.param(
            "a: 9223372036854775808",
            "x.yaml:1:4: a: this number has more than 64 bits; put it in quotes if it is text",
            id="too large a number",
        ),
        pytest.param(
            f"a: {'9' * 5000}",
            "x.yaml:1:4: a: this number has more than 64 bits; put it in quotes if it is text",
            id="far too large a number",
        ),
        pytest.param(
            "a: \x07",
            'x.yaml: this is not YAML: unacceptable character #x0007: control characters are not allowed in "<unicode '
            'string>", position 3',
            id="control character",
        ),
        pytest.param(
            "'\ud800'",
            "x.yaml: this is not YAML: 'utf-8' codec can't encode character '\\ud800' in position 1: surrogates not "
            "allowed",
            id="half a character",
        ),
        pytest.param(
            "x" * (LONGEST_TEXT + 1),
            f"x.yaml: the text is longer than the {LONGEST_TEXT} bytes that a scenario may have",
            id="too long",
        ),
    ],
)
def test_what_nobody_means_is_refused_where_it_stands(text, message):
    with pytest.raises(ScenarioError) as refusal:
        read_document(text, "x.yaml")

    assert str(refusal.value) == message


@pytest.mark.parametrize("depth", [51, 100_000])
def test_deep_nesting_is_refused(depth):
    with pytest.raises(ScenarioError, match="nested more than 50 deep"):
        read_document("[" * depth, "x.yaml")


def test_fifty_deep_is_read():
    assert read_document("[" * 50 + "]" * 50, "x.yaml")


@pytest.mark.parametrize(
    ("path", "at_key", "position"),
    [
        pytest.param((), False, (1, 1), id="the document"),
        pytest.param(("a", 1, "b"), False, (3, 8), id="a value"),
        pytest.param(("a", 1, "b"), True, (3, 5), id="a key"),
        pytest.param(("a", 1), True, (3, 5), id="an item has no key"),
        pytest.param(("a", 1, "missing"), False, (3, 5), id="what is missing is looked for in its parent"),
    ],
)
def test_a_position_is_found_by_path(path, at_key, position):
    mistakes = Mistakes()
    mistakes.note(Mistake(path, "is wrong", at_key))

    [mistake] = mistakes.error("x.yaml", positions_of("a:\n  - 1\n  - b: 2\n", mistakes)).mistakes

    assert mistake.position == position


@pytest.mark.parametrize("text", ["😀", "\\😀", "\\ud83d\\ude00", "a😀b😀"])
def test_json_text_may_spell_a_character_as_a_pair(text):
    assert read_document(json.dumps({"a": text}), "x") == {"a": text}
