import pytest

from contracts.errors import UnknownValue
from contracts.reading.placeholders import Pattern, filled, partly_filled

VALUES = {"sid": "a.b", "n": 7, "list": [1]}


@pytest.mark.parametrize(
    ("value", "result"),
    [
        pytest.param("{n}", 7, id="a name alone keeps its type"),
        pytest.param("is {n}", "is 7", id="a name in a text"),
        pytest.param({"{sid}": ["{list}"]}, {"a.b": [[1]]}, id="keys and items"),
        pytest.param(Pattern("x{sid}[0-9]{2}"), Pattern(r"xa\.b[0-9]{2}"), id="escaped in a pattern"),
        pytest.param('{"a": {}}', '{"a": {}}', id="other braces"),
        pytest.param(3.5, 3.5, id="no text"),
    ],
)
def test_names_are_replaced_by_values(value, result):
    assert filled(value, VALUES) == result


def test_a_name_without_a_value_is_refused():
    with pytest.raises(UnknownValue, match="'vid'; known are list, n, sid"):
        filled("{vid}", VALUES)


def test_names_may_be_left_for_later():
    assert partly_filled(["{vid} {n}", Pattern("{vid}{n}")], VALUES) == ["{vid} 7", Pattern("{vid}7")]
