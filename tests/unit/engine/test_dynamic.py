import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.compiling import compiled
from mockserver.engine.dynamic import dynamic_value
from mockserver.errors import SpecError
from tests.support.builders import CONTRACT

COMPONENTS = ["EngagementReply", "EngagementDetails", "Error", "Domain", "Domains"]
READERS = {name: compiled(CONTRACT, {"$ref": f"#/components/schemas/{name}"}) for name in COMPONENTS}


@pytest.mark.parametrize("name", COMPONENTS)
@given(seed=st.text(max_size=5))
def test_what_is_drawn_keeps_its_schema_and_repeats_under_its_seed(name, seed):
    drawn = dynamic_value(CONTRACT, CONTRACT.component(name), seed)

    assert READERS[name].is_valid(drawn), drawn
    assert dynamic_value(CONTRACT, CONTRACT.component(name), seed) == drawn


def test_both_variants_and_every_optional_member_come_up():
    replies = [dynamic_value(CONTRACT, CONTRACT.component("EngagementReply"), str(seed)) for seed in range(100)]

    assert {reply["status"] for reply in replies} == {"Available", "NotAvailable"}
    details = [reply["engagementDetails"] for reply in replies if "engagementDetails" in reply]
    for member in ("skillId", "skillName", "connectorId"):
        assert {member in one for one in details} == {True, False}


def test_a_forbidden_member_is_never_drawn():
    schema = {"type": "object", "properties": {"a": {"not": {}}, "b": {"const": 1}}, "required": ["b"]}

    assert {tuple(dynamic_value(CONTRACT, schema, str(seed))) for seed in range(20)} == {("b",)}


def test_bounds_are_kept():
    schema = {"type": "array", "minItems": 5, "items": {"type": "integer", "minimum": 3, "maximum": 4}}

    drawn = [dynamic_value(CONTRACT, schema, str(seed)) for seed in range(20)]

    assert {len(one) for one in drawn} == {5}
    assert {number for one in drawn for number in one} == {3, 4}


def test_a_pattern_that_nobody_can_draw_is_told():
    with pytest.raises(SpecError, match=r"give its component a maker"):
        dynamic_value(CONTRACT, {"type": "string", "pattern": "^x+$"}, "")
