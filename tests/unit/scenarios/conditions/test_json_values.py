import pytest

from mockserver.scenarios.conditions.json_values import contained


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        pytest.param({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}, id="members added at any depth"),
        pytest.param([{"a": 1}], [{"z": 0}, {"a": 1, "b": 2}], id="items added"),
        pytest.param(30, 30.0, id="a number written in two ways"),
        pytest.param({"a": None}, {"a": None}, id="nothing"),
    ],
)
def test_what_is_added_does_not_keep_a_value_from_being_contained(wanted, got):
    assert contained(wanted, got)


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        pytest.param({"a": 1}, {"b": 1}, id="a member is missing"),
        pytest.param({"a": None}, {}, id="nothing is not the same as missing"),
        pytest.param(True, 1, id="true is no number"),
        pytest.param(1, True, id="a number is not true"),
        pytest.param("1", 1, id="text is no number"),
        pytest.param([1], 1, id="a list is wanted"),
        pytest.param({"a": 1}, [1], id="a mapping is wanted"),
        pytest.param([1, 2], [1], id="an item is missing"),
    ],
)
def test_what_is_missing_or_different_keeps_a_value_from_being_contained(wanted, got):
    assert not contained(wanted, got)
