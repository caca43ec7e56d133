"""What a document may say of headers, cookies, lists, forms and credentials is enforced on every call."""

import pytest

from mockserver.contract.spec import Contract
from mockserver.contract.validation import Validator
from mockserver.errors import InvalidCall
from mockserver.model import Speaker
from tests.support.builders import a_call
from tests.support.documents import JS_POST, changed

FORM = "application/x-www-form-urlencoded"
TENANT = {"type": "string", "pattern": "^[a-z]+$"}
LIST = {"type": "array", "minItems": 1, "items": TENANT}
SECURITY = {"type": "http", "scheme": "bearer", "x-clause": "GE-401-MALFORMED"}
FORM_SCHEMA = {
    "type": "object",
    "x-clause": "JS-400-APPTYPE",
    "required": ["grant"],
    "properties": {
        "grant": {"type": "string", "enum": ["code", "password"]},
        "seconds": {"type": "integer", "minimum": 1},
        "scope": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$", "x-clause": "GE-400-SECTIONS"}},
    },
}


def parameter(name, place, schema=TENANT, **members):
    return {"name": name, "in": place, "schema": schema, "x-clause": "GE-400-DETAILS", **members}


def made(parameters=(), **members):
    """Make a validator of the contract in which getEngagement has these members."""
    document = changed(*JS_POST, parameters=list(parameters), **members)
    document["components"]["securitySchemes"] = {"token": SECURITY}
    contract = Contract(document)
    return Validator(contract, dict.fromkeys(contract.operations, lambda *_: Speaker()))


def told(validator, call):
    """Say what is wrong with *call*: where, what, clause of each violation, and the status."""
    with pytest.raises(InvalidCall) as refused:
        validator.validated(call)
    return [(v.where, v.what, v.clause) for v in refused.value.violations], refused.value.status


REQUIRED = made([parameter("X-Tenant", "header", required=True), parameter("theme", "cookie", required=True)])
OPTIONAL = made([parameter("X-Tenant", "header"), parameter("theme", "cookie"), parameter("X-Tags", "header", LIST)])
SKILLS = made([parameter("skill", "query", LIST, required=True)])
FORMS = made(requestBody={"required": True, "content": {FORM: {"schema": FORM_SCHEMA}}})
EITHER = made(
    requestBody={"content": {"application/json": {"schema": {"type": "object"}}, FORM: {"schema": FORM_SCHEMA}}}
)
GUARDED = made([parameter("X-Tenant", "header", required=True)], security=[{"token": []}])


def form(body, content_type=FORM):
    return a_call(body=body, headers={"content-type": content_type})


def test_headers_and_cookies_are_handed_on_by_the_names_of_the_contract():
    valid = REQUIRED.validated(
        a_call(headers={"x-tenant": "blue", "x-other": "1"}, cookies={"theme": "dark", "b": "c"})
    )

    assert (valid.headers, valid.cookies) == ({"X-Tenant": "blue"}, {"theme": "dark"})


def test_a_required_header_or_cookie_that_is_missing_is_told():
    assert told(REQUIRED, a_call()) == (
        [("header.X-Tenant", "is required", "GE-400-DETAILS"), ("cookie.theme", "is required", "GE-400-DETAILS")],
        400,
    )


def test_one_that_is_not_required_may_be_missing():
    valid = OPTIONAL.validated(a_call())

    assert (valid.headers, valid.cookies) == ({}, {})


def test_the_values_of_headers_and_cookies_fit_their_schemas():
    call = a_call(headers={"x-tenant": "BLUE", "x-tags": "a, B"}, cookies={"theme": "1"})

    found, _ = told(OPTIONAL, call)

    assert found == [
        ("header.X-Tenant", 'must match ^[a-z]+$, got "BLUE"', "GE-400-DETAILS"),
        ("header.X-Tags.1", 'must match ^[a-z]+$, got "B"', "GE-400-DETAILS"),
        ("cookie.theme", 'must match ^[a-z]+$, got "1"', "GE-400-DETAILS"),
    ]


def test_a_list_in_a_query_is_handed_on_whole():
    assert SKILLS.validated(a_call(query=[("skill", "a"), ("skill", "b")])).query == {"skill": ["a", "b"]}
    assert SKILLS.validated(a_call(query=[("skill", "a")])).query == {"skill": ["a"]}


@pytest.mark.parametrize(
    ("query", "where", "what"),
    [
        ([], "query.skill", "is required"),
        ([("skill", "a"), ("skill", "B")], "query.skill.1", 'must match ^[a-z]+$, got "B"'),
    ],
)
def test_a_list_in_a_query_fits_its_schema(query, where, what):
    assert told(SKILLS, a_call(query=query)) == ([(where, what, "GE-400-DETAILS")], 400)


def test_a_form_is_handed_on_typed():
    valid = FORMS.validated(form(b"grant=code&seconds=30&scope=a&scope=b&colour=red"))

    assert valid.body == {"grant": "code", "seconds": 30, "scope": ["a", "b"], "colour": "red"}
    assert [found.where for found in valid.unlisted] == ["body.colour"]


@pytest.mark.parametrize(
    ("call", "found"),
    [
        pytest.param(form(b"seconds=1"), ("body.grant", "is required", "JS-400-APPTYPE"), id="missing"),
        pytest.param(
            form(b"grant=cod"),
            ("body.grant", "must be one of code, password, got \"cod\"; did you mean 'code'?", "JS-400-APPTYPE"),
            id="of no listed value",
        ),
        pytest.param(
            form(b"grant=code&seconds=0"), ("body.seconds", "must be at least 1, got 0", "JS-400-APPTYPE"), id="bound"
        ),
        pytest.param(
            form(b"grant=code&seconds=x"),
            ("body.seconds", 'must be a whole number, got a string ("x")', "JS-400-APPTYPE"),
            id="no number",
        ),
        pytest.param(
            form(b"grant=code&scope=a&scope=B"),
            ("body.scope.1", 'must match ^[a-z]+$, got "B"', "GE-400-SECTIONS"),
            id="item",
        ),
        pytest.param(
            form(b"grant=code&grant=code"),
            ("body.grant", "stands more than once in the form; send it once", "REQ-400-TWICE"),
            id="repeated",
        ),
        pytest.param(form(b""), ("body", "must be a form, got an empty body", "GE-400-BODY"), id="empty"),
    ],
)
def test_a_form_that_does_not_fit_its_schema_is_told_member_by_member(call, found):
    assert told(FORMS, call) == ([found], 400)


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (
            form(b"{}", "application/json"),
            ("header.Content-Type", f"must be {FORM}, sent once, got 'application/json'", "REQ-415"),
        ),
        (
            form(b"grant=code", f"{FORM}; charset=latin1"),
            (
                "header.Content-Type",
                "must declare the charset utf-8 or none, got 'latin1'; send the form in UTF-8",
                "REQ-415-CHARSET",
            ),
        ),
    ],
)
def test_a_body_of_another_media_type_is_not_read(call, found):
    assert told(FORMS, call) == ([found], 415)


def test_a_form_may_declare_its_charset_and_write_its_type_in_capitals():
    assert FORMS.validated(form(b"grant=code", f"{FORM.upper()}; charset=UTF-8")).body == {"grant": "code"}


def test_of_several_media_types_the_declared_one_is_read():
    assert EITHER.validated(form(b"grant=code")).body == {"grant": "code"}
    assert EITHER.validated(form(b'{"grant": 1}', "application/json")).body == {"grant": 1}
    assert EITHER.validated(a_call()).body == {}
    assert told(EITHER, form(b"a", "text/plain"))[0] == [
        ("header.Content-Type", f"must be application/json or {FORM}, sent once, got 'text/plain'", "REQ-415")
    ]


def test_each_media_type_has_its_own_schema():
    assert told(EITHER, form(b"seconds=1"))[0] == [("body.grant", "is required", "JS-400-APPTYPE")]
    assert told(EITHER, form(b"[]", "application/json"))[0] == [
        ("body", "must be an object, got a list", "GE-400-BODY")
    ]


def test_credentials_are_handed_on():
    call = a_call(headers={"authorization": "Bearer abc", "x-tenant": "blue"})

    assert GUARDED.validated(call).credentials == {"token": "abc"}


def test_a_call_without_its_credentials_is_refused_for_that_before_all_else():
    found, status = told(GUARDED, a_call())

    assert status == 401
    assert found == [
        ("header.Authorization", "is required", "GE-401-MALFORMED"),
        ("header.X-Tenant", "is required", "GE-400-DETAILS"),
    ]


def test_the_message_about_missing_credentials_names_them():
    with pytest.raises(InvalidCall) as refused:
        GUARDED.validated(a_call())

    assert str(refused.value) == "Authorization is required"
