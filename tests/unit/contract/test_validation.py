import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.compiling import compiled
from mockserver.contract.refusals import MOST_NAMED, refused
from mockserver.engine.apis import Apis
from mockserver.errors import InvalidCall
from mockserver.model import Violation
from mockserver.own_apis import own_apis
from tests.support.builders import CONTRACT, DOCUMENT, a_call

VALIDATOR = Apis(own_apis(DOCUMENT)).bound["getEngagement"].validator


def refusal_of(call):
    with pytest.raises(InvalidCall) as refused_:
        VALIDATOR.validated(call)
    return refused_.value


def test_a_valid_call_has_its_identifiers_read_from_the_body_at_the_js_door():
    valid = VALIDATOR.validated(a_call(body={"vid": "123", "sid": "456", "colour": "red"}))

    assert (valid.operation, valid.account) == ("getEngagement", "56072331")
    assert (valid.visitor_id, valid.session_id) == ("123", "456")
    assert valid.body["colour"] == "red"


def test_a_valid_call_has_its_identifiers_read_from_path_and_query_at_the_rest_door():
    call = a_call(
        "createSession", visitorId="123", query=[("v", "1.00"), ("sid", "456"), ("x", "1")], body={"appType": "MSDK"}
    )

    valid = VALIDATOR.validated(call)

    assert (valid.visitor_id, valid.session_id) == ("123", "456")
    assert valid.query == {"v": "1.00", "sid": "456"}


def test_a_first_request_has_no_identifiers():
    valid = VALIDATOR.validated(a_call("createFirstSession", query=[("v", "1")], body={"appType": "MSDK"}))

    assert (valid.visitor_id, valid.session_id) == (None, None)


def test_ids_of_the_body_count_for_nothing_at_the_rest_door():
    body = {"appType": "MSDK", "vid": "123", "sid": "!"}

    valid = VALIDATOR.validated(a_call("createFirstSession", query=[("v", "1")], body=body))

    assert (valid.visitor_id, valid.session_id) == (None, None)


def test_a_look_up_takes_no_body():
    call = a_call("listDomains", query=[("version", "1.0")], body=b"\xff", headers={})

    assert VALIDATOR.validated(call).body == {}


def test_a_refusal_has_what_could_be_read_of_the_call_when_its_identifiers_could():
    partly = refusal_of(a_call(body={"appType": "WEB", "vid": "123", "sid": "456"})).partly

    assert (partly.visitor_id, partly.session_id) == ("123", "456")


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(a_call(body=b"{"), id="no JSON"),
        pytest.param(a_call(body=b"[]"), id="no object"),
        pytest.param(a_call(body=b"{}", headers={}), id="no media type"),
        pytest.param(a_call(body={"vid": 5}), id="visitor of the wrong type"),
        pytest.param(a_call(body={"vid": "1", "sid": "!"}), id="malformed session"),
        pytest.param(
            a_call("createSession", visitorId="!", query=[("v", "1")], body={"appType": "MSDK"}), id="malformed visitor"
        ),
    ],
)
def test_a_refusal_of_the_identifiers_themselves_has_nothing_to_judge_them_by(call):
    assert refusal_of(call).partly is None


def test_a_call_is_explained_part_by_part():
    call = a_call("updateSession", accountId="a b", visitorId="v", query=[("v", "2.0")], body=[])

    assert [(v.where, v.what) for v in refusal_of(call).violations] == [
        ("path.accountId", 'must match ^[a-zA-Z0-9_]{1,20}$, got "a b"'),
        ("query.v", 'must be 1.0, written as 1.0 or 1, got "2.0"'),
        ("query.sid", "is required"),
        ("body", "must be an object, got a list"),
    ]


def test_a_part_of_a_call_that_could_not_be_read_is_not_explained():
    call = a_call("updateSession", visitorId="v", query=[("v", "1.0"), ("sid", "s")], body=b"{")

    assert [v.where for v in refusal_of(call).violations] == ["body"]


def violation(where="body.x", what="is wrong", clause="GE-400-BODY"):
    return Violation(where, what, clause)


def test_a_refusal_names_every_member_of_the_first_status_once():
    error = refused(
        CONTRACT,
        [
            violation("body.sid", "must match", "GE-401-MALFORMED"),
            violation("body.b"),
            violation("body.a"),
            violation("body.a"),
            violation("path.accountId", clause="GE-400-ACCOUNT"),
        ],
    )

    assert (error.status, error.code, error.message) == (400, 5, "accountId, b, a")
    assert [v.where for v in error.violations] == ["path.accountId", "body.b", "body.a", "body.a", "body.sid"]


def test_a_refusal_of_identifiers_speaks_in_sentences():
    error = refused(
        CONTRACT,
        [
            violation("body.vid", "must match x", "GE-401-MALFORMED"),
            violation("body.sid", "sid is required on a second request", "GE-401-SID"),
        ],
    )

    assert (error.status, error.message) == (401, "vid must match x, sid is required on a second request")


def test_a_refusal_of_very_many_members_names_the_first():
    error = refused(CONTRACT, [violation(f"body.{n}") for n in range(MOST_NAMED + 3)])

    assert error.message.endswith(f", {MOST_NAMED - 1} and 3 more")


def test_a_reader_of_the_contract_follows_its_references():
    reader = compiled(CONTRACT, {"$ref": "#/components/schemas/AppDetails"})

    assert reader.is_valid({"ipAddress": "::1"})
    assert not reader.is_valid({"ipAddress": "::g"})


PLACES = ("appType", "appDetails", "consumerSections", "engagementAttributes", "vid", "sid")
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["EXTERNAL", "MSDK", "IOS", "personal", "", "!"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["os", "type", "ipAddress"]), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(PLACES), values))
def test_a_call_is_refused_exactly_when_the_contracts_own_schema_refuses_it_and_always_with_a_reason(body):
    schema = {
        "$ref": "#/components/schemas/GetEngagementRequest",
        "components": CONTRACT.document["components"],
    }
    judge = jsonschema_rs.validator_for(schema, validate_formats=True)
    call = a_call(body=body)

    if judge.is_valid(body):
        assert VALIDATOR.validated(call).body == body
    else:
        assert refusal_of(call).violations
