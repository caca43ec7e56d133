"""What a setting allows, the admin API allows too, and the other way round; so nothing that is shown cannot be said."""

import re
from importlib.resources import files

import pytest
import yaml

from contracts.reading import argument_types
from mockserver.scenarios.documents.nodes import LONGEST_NAME
from mockserver.scenarios.faults import MOST_FAULTS
from mockserver.serving.gunicorn_server import LONGEST_REQUEST_LINE
from mockserver.settings import FIELDS
from mockserver.state.journal_query import Query
from mockserver.state.moments import LATEST_MS
from mockserver.state.spaces import SPACE_NAME
from mockserver.web.admin.requests import AdminDocument

ADMIN = AdminDocument().document
SCHEMAS = ADMIN["components"]["schemas"]
RULES = SCHEMAS["RuleOverrides"]["properties"]
CONTRACT = yaml.load((files("mockserver").joinpath("../openapi.yaml")).read_text(encoding="utf-8"), yaml.CSafeLoader)[
    "components"
]["schemas"]
BOUNDED = {
    **{name: schema for name, schema in RULES.items() if schema["type"] == "integer"},
    "seed": SCHEMAS["SeedNumber"],
}
CHOICES = {name: schema["enum"] for name, schema in RULES.items() if "enum" in schema}


def read(name, text):
    return FIELDS[name].metadata["parse"](text)


def test_every_rule_is_compared_here():
    assert set(RULES) | {"seed"} == {*BOUNDED, *CHOICES, "accounts"}


@pytest.mark.parametrize("name", BOUNDED)
def test_a_number_has_the_same_bounds_as_setting_and_in_the_admin_api(name):
    least, most = BOUNDED[name]["minimum"], BOUNDED[name]["maximum"]

    assert (read(name, str(least)), read(name, str(most))) == (least, most)
    for beyond in (least - 1, most + 1):
        with pytest.raises(ValueError, match=f"must be a whole number from {least} to {most}$"):
            read(name, str(beyond))


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_has_the_same_words_as_setting_and_in_the_admin_api(name):
    assert [read(name, word) for word in CHOICES[name]] == CHOICES[name]
    with pytest.raises(ValueError, match=f"must be one of {', '.join(CHOICES[name])}$"):
        read(name, "~")


@pytest.mark.parametrize("text", ["a", "_", "9" * 20, "9" * 21, "a-b", "é", "a b", "a\u0661"])
def test_an_account_is_the_same_in_a_setting_the_admin_api_and_the_contract(text):
    patterns = {RULES["accounts"]["items"]["pattern"], CONTRACT["AccountId"]["pattern"]}
    [pattern] = patterns

    if re.fullmatch(pattern, text):
        assert read("accounts", text) == (text,)
    else:
        with pytest.raises(ValueError, match="1 to 20 letters, digits and underscores"):
            read("accounts", text)


def test_as_many_accounts_may_be_set_as_by_the_admin_api():
    most = RULES["accounts"]["maxItems"]

    assert len(read("accounts", ",".join(["1"] * most))) == most
    with pytest.raises(ValueError, match=f"must be at most {most} accounts"):
        read("accounts", ",".join(["1"] * (most + 1)))


def test_the_harness_seeds_the_mock_as_the_mock_may_be_seeded():
    assert SCHEMAS["SeedNumber"]["maximum"] == argument_types.LARGEST_SEED


def test_the_bounds_of_the_document_are_those_of_the_code():
    names = SCHEMAS["SpaceName"]["pattern"].strip("^$")

    assert SPACE_NAME.pattern == rf"{names}\Z"
    assert SCHEMAS["Moment"]["maximum"] == LATEST_MS
    assert SCHEMAS["Faults"]["properties"]["faults"]["maxItems"] == MOST_FAULTS


FILTERS = {
    parameter["name"]: parameter["schema"]
    for parameter in ADMIN["paths"]["/__admin/journal"]["get"]["parameters"]
    if parameter["name"] in Query.__dataclass_fields__
}


MATCH = SCHEMAS["Match"]["properties"]


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "path"])  # the longest finds no room in a query
def test_a_filter_of_the_journal_has_the_same_bounds_in_a_query_and_in_a_verification(name):
    in_verification = {k: v for k, v in MATCH[name].items() if k != "description"}

    assert in_verification == FILTERS[name]


@pytest.mark.parametrize(
    ("name", "longest"),
    [("path", LONGEST_REQUEST_LINE), ("stub", LONGEST_NAME), ("visitor", 128), ("session", 128)],
)
def test_whatever_the_journal_holds_can_be_asked_for(name, longest):
    assert MATCH[name]["maxLength"] >= longest


@pytest.mark.parametrize("name", ["VisitorId", "SessionId"])
def test_an_id_is_no_longer_than_a_filter(name):
    assert re.fullmatch(CONTRACT[name]["pattern"], "a" * 128)
    assert not re.fullmatch(CONTRACT[name]["pattern"], "a" * 129)
