import pytest

from mockserver.contract.calls.credentials import CredentialReader
from mockserver.contract.calls.parameters import ParameterReader
from mockserver.contract.spec import Contract
from tests.support.builders import a_call
from tests.support.documents import JS_POST, changed, with_schemes

CLAUSE = {"x-clause": "GE-401-MALFORMED"}
SCHEMES = {
    "header_key": {"type": "apiKey", "in": "header", "name": "X-Key", **CLAUSE},
    "query_key": {"type": "apiKey", "in": "query", "name": "key", **CLAUSE},
    "cookie_key": {"type": "apiKey", "in": "cookie", "name": "key", **CLAUSE},
    "password": {"type": "http", "scheme": "basic", **CLAUSE},
    "token": {"type": "http", "scheme": "bearer", **CLAUSE},
}
ZOE = "Basic em9lOnM6M2NyZXQ="  # zoe:s:3cret


def contract(*security):
    return Contract(with_schemes([{name: [] for name in names} for names in security], **SCHEMES))


def read(call, *security):
    return CredentialReader(contract(*security).operations["getEngagement"]).read(call)


@pytest.mark.parametrize(
    ("call", "scheme", "value"),
    [
        pytest.param(a_call(headers={"x-key": "k1"}), "header_key", "k1", id="header"),
        pytest.param(a_call(query=[("key", "k2")]), "query_key", "k2", id="query"),
        pytest.param(a_call(cookies={"key": "k3"}), "cookie_key", "k3", id="cookie"),
        pytest.param(
            a_call(headers={"authorization": "Bearer a.b-c_d~e+f/g=="}), "token", "a.b-c_d~e+f/g==", id="bearer"
        ),
        pytest.param(a_call(headers={"authorization": "bearer  abc"}), "token", "abc", id="small letters"),
        pytest.param(a_call(headers={"authorization": ZOE}), "password", "zoe:s:3cret", id="basic"),
    ],
)
def test_credentials_are_handed_on_under_the_name_of_their_scheme(call, scheme, value):
    found = read(call, [scheme])

    assert (found.values, found.missing) == ({scheme: value}, [])


@pytest.mark.parametrize(
    ("call", "scheme", "where", "what"),
    [
        (a_call(), "header_key", "header.X-Key", "is required"),
        (a_call(headers={"x-key": " "}), "header_key", "header.X-Key", "must be a key, got something else"),
        (a_call(), "query_key", "query.key", "is required"),
        (a_call(query=[("key", "a"), ("key", "b")]), "query_key", "query.key", "must be sent once, got it repeatedly"),
        (a_call(), "cookie_key", "cookie.key", "is required"),
        (a_call(), "token", "header.Authorization", "is required"),
        (a_call(headers={"authorization": ZOE}), "token", "header.Authorization", "must be Bearer and a token, got"),
        (a_call(headers={"authorization": "Bearer"}), "token", "header.Authorization", "must be Bearer and a token"),
        (
            a_call(headers={"authorization": "Bearer a b"}),
            "token",
            "header.Authorization",
            "must be Bearer and a token",
        ),
        (a_call(headers={"authorization": "Bearer a,Bearer b"}), "token", "header.Authorization", "must be Bearer"),
        (a_call(headers={"authorization": "Basic enp6"}), "password", "header.Authorization", "must be Basic and, in"),
        (a_call(headers={"authorization": "Basic em9"}), "password", "header.Authorization", "must be Basic and, in"),
        (a_call(headers={"authorization": "Basic /zov"}), "password", "header.Authorization", "must be Basic and, in"),
    ],
)
def test_credentials_that_are_missing_or_malformed_are_told_with_the_clause_of_their_scheme(call, scheme, where, what):
    (violation,) = read(call, [scheme]).missing

    assert (violation.where, violation.clause) == (where, "GE-401-MALFORMED")
    assert violation.what.startswith(what)


def test_no_message_quotes_what_was_sent():
    (violation,) = read(a_call(headers={"authorization": "Digest hunter2"}), ["token"]).missing

    assert "hunter2" not in violation.what


def test_one_of_several_requirements_is_enough():
    found = read(a_call(query=[("key", "k")]), ["header_key"], ["query_key"])

    assert (found.values, found.missing) == ({"query_key": "k"}, [])


def test_a_requirement_of_several_schemes_wants_them_all():
    found = read(a_call(headers={"x-key": "k"}), ["header_key", "token"])

    assert [violation.where for violation in found.missing] == ["header.Authorization"]


@pytest.mark.parametrize(
    ("call", "where", "other"),
    [
        pytest.param(a_call(), "header.X-Key", "header.Authorization", id="nothing: the first"),
        pytest.param(
            a_call(headers={"authorization": "Bearer"}), "header.Authorization", "header.X-Key", id="what was tried"
        ),
    ],
)
def test_who_carries_none_of_several_is_told_one_and_what_else_to_send(call, where, other):
    (violation,) = read(call, ["header_key"], ["token"]).missing

    assert violation.where == where
    assert violation.what.endswith(f"; or send {other}")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(changed(*JS_POST, security=[]), id="none"),
        pytest.param(with_schemes([{"token": []}, {}], **SCHEMES), id="a requirement that demands nothing"),
    ],
)
def test_an_operation_that_demands_nothing_asks_nobody(document):
    assert Contract(document).operations["getEngagement"].security == ()


def test_what_the_document_demands_is_demanded_of_operations_that_do_not_say_otherwise():
    document = with_schemes([{"header_key": []}], **SCHEMES)
    document["security"] = [{"token": []}]

    operations = Contract(document).operations

    assert [scheme.id for scheme in operations["getEngagement"].security[0]] == ["header_key"]
    assert [scheme.id for scheme in operations["listDomains"].security[0]] == ["token"]


def test_a_key_in_the_query_is_no_parameter_that_nobody_listed():
    found = contract(["query_key"])
    reader = ParameterReader(found.operations["getEngagement"], found.call_clauses)

    assert reader.query(a_call(query=[("key", "k"), ("kee", "k")])).others == ["kee"]
