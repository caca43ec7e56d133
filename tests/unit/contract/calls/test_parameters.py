import pytest

from mockserver.contract.calls.parameters import ParameterReader
from mockserver.contract.spec import Contract
from tests.support.builders import a_call
from tests.support.documents import JS_POST, changed

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}


def reader(**parameters):
    """Make a reader of getEngagement with *parameters*, each the place and more of it by its name."""
    listed = [
        {"name": name, "schema": TEXT, "x-clause": "GE-400-BODY", **members} for name, members in parameters.items()
    ]
    contract = Contract(changed(*JS_POST, parameters=listed))
    return ParameterReader(contract.operations["getEngagement"], contract.call_clauses)


def test_a_list_in_a_query_has_its_name_again_for_each_item():
    found = reader(skill={"in": "query", "schema": TEXTS}).query(a_call(query=[("skill", "a"), ("skill", "b,c")]))

    assert (found.values, found.repeated, found.others) == ({"skill": ["a", "b,c"]}, [], [])


def test_a_list_in_a_query_has_commas_where_the_contract_says_so():
    found = reader(skill={"in": "query", "schema": TEXTS, "explode": False}).query(a_call(query=[("skill", "a,b")]))

    assert (found.values, found.repeated) == ({"skill": ["a", "b"]}, [])


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"in": "query"}, "must be sent once, got it repeatedly"),
        (
            {"in": "query", "schema": TEXTS, "explode": False},
            "must be sent once, got it repeatedly; put commas between the items",
        ),
    ],
)
def test_any_other_parameter_of_a_query_is_sent_once(members, what):
    found = reader(skill=members).query(a_call(query=[("skill", "a"), ("skill", "b")]))

    assert [(v.where, v.what, v.clause) for v in found.repeated] == [("query.skill", what, "REQ-400-REPEATED")]


def test_a_header_is_found_in_capitals_or_not_and_has_the_name_of_the_contract():
    call = a_call(headers={"x-tenant": "blue", "x-other": "1"})

    assert reader(**{"X-Tenant": {"in": "header"}}).headers(call) == {"X-Tenant": "blue"}


@pytest.mark.parametrize(
    ("text", "items"), [("a, b,c", ["a", "b", "c"]), ("a", ["a"]), ("", []), ("a,,b", ["a", "", "b"])]
)
def test_a_list_in_a_header_has_commas(text, items):
    call = a_call(headers={"x-tags": text})

    assert reader(**{"X-Tags": {"in": "header", "schema": TEXTS}}).headers(call) == {"X-Tags": items}


def test_cookies_are_found_by_their_very_name():
    call = a_call(cookies={"Theme": "dark", "theme": "light", "other": "1"})

    assert reader(theme={"in": "cookie"}).cookies(call) == {"theme": "light"}


def test_a_parameter_that_is_not_sent_has_no_value():
    found = reader(**{"X-A": {"in": "header"}, "b": {"in": "cookie"}, "c": {"in": "query", "schema": TEXTS}})

    assert found.headers(a_call()) == {}
    assert found.cookies(a_call()) == {}
    assert found.query(a_call()).values == {}


def test_what_is_not_listed_of_a_query_is_named():
    assert reader(skill={"in": "query"}).query(a_call(query=[("skil", "a"), ("skill", "b")])).others == ["skil"]
