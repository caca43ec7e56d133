"""What both doors refuse, and in which words: status, internalCode, message, clauses."""

import pytest

from tests.support.serving.in_process import broken, refusal_of, violations

DETAILS = "GE-400-DETAILS"


@pytest.mark.parametrize(
    ("details", "member"),
    [
        pytest.param({"os": "AMIGA"}, "appDetails.os", id="os"),
        pytest.param({"os": "mac_osx"}, "appDetails.os", id="os in small letters"),
        pytest.param({"deviceFamily": "PHONE"}, "appDetails.deviceFamily", id="family"),
        pytest.param({"deviceFamily": "personal_computer"}, "appDetails.deviceFamily", id="family of the prose"),
        pytest.param({"ipAddress": "999.1.1.1"}, "appDetails.ipAddress", id="impossible address"),
        pytest.param({"ipAddress": "192.168.005.002"}, "appDetails.ipAddress", id="address with leading zeros"),
        pytest.param({"ipAddress": "fe80::1%eth0"}, "appDetails.ipAddress", id="address with a zone"),
        pytest.param({"ipAddress": "::g"}, "appDetails.ipAddress", id="impossible IPv6 address"),
        pytest.param({"ipAddress": 1}, "appDetails.ipAddress", id="address as a number"),
        pytest.param({"osVersion": 2.4}, "appDetails.osVersion", id="version as a number"),
        pytest.param({"appVersion": None}, "appDetails.appVersion", id="no version, as null"),
    ],
)
def test_one_bad_member_of_app_details_is_named(mock, door, details, member):
    answer = door.with_body(mock, appDetails=details)

    assert refusal_of(answer) == (400, 5, member, [DETAILS])
    assert broken(answer) == [(f"body.{member}", DETAILS)]


@pytest.mark.parametrize("address", ["192.168.5.2", "2001:db8::1", "::", "::ffff:1.2.3.4"])
def test_addresses_of_both_versions_are_accepted(mock, door, address):
    assert door.with_body(mock, appDetails={"ipAddress": address}).status_code == 200


@pytest.mark.parametrize(
    ("member", "value", "clause"),
    [
        pytest.param("appDetails", [], DETAILS, id="details as a list"),
        pytest.param("appDetails", "{}", DETAILS, id="details as text"),
        pytest.param("consumerSections", "Support,English", "GE-400-SECTIONS", id="sections as text"),
        pytest.param("consumerSections", {"0": "Support"}, "GE-400-SECTIONS", id="sections as an object"),
        pytest.param("engagementAttributes", {}, "GE-400-ATTRIBUTES", id="attributes as an object"),
        pytest.param("engagementAttributes", None, "GE-400-ATTRIBUTES", id="attributes as null"),
    ],
)
def test_a_member_of_the_wrong_type_is_named(mock, door, member, value, clause):
    answer = door.with_body(mock, **{member: value})

    assert refusal_of(answer) == (400, 5, member, [clause])


def test_a_section_that_is_no_text_is_named_by_its_place(mock, door):
    answer = door.with_body(mock, consumerSections=["Support", 5])

    assert refusal_of(answer) == (400, 5, "consumerSections.1", ["GE-400-SECTIONS"])


@pytest.mark.parametrize("sort", ["impDisplay", "impAccept", "impExpanded", "impTimeout", "impClose"])
def test_impression_events_are_no_engagement_attributes(mock, door, sort):
    answer = door.with_body(mock, engagementAttributes=[{"type": "personal"}, {"type": sort}])

    assert refusal_of(answer) == (400, 5, "engagementAttributes.1.type", ["GE-400-IMPRESSION"])


@pytest.mark.parametrize(
    ("attribute", "member"),
    [
        pytest.param({"type": "shoe"}, "engagementAttributes.0.type", id="unknown type"),
        pytest.param({}, "engagementAttributes.0.type", id="no type"),
        pytest.param({"type": 5}, "engagementAttributes.0.type", id="type as a number"),
        pytest.param("personal", "engagementAttributes.0", id="text"),
        pytest.param({"type": "personal", "personal": 5}, "engagementAttributes.0.personal", id="no object"),
        pytest.param(
            {"type": "personal", "personal": {"gender": "X"}}, "engagementAttributes.0.personal.gender", id="bad member"
        ),
    ],
)
def test_an_attribute_that_cannot_be_read_refuses_the_whole_call(mock, door, attribute, member):
    answer = door.with_body(mock, engagementAttributes=[attribute])

    assert refusal_of(answer) == (400, 5, member, ["GE-400-ATTRIBUTES"])


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"{", id="cut off"),
        pytest.param(b"appType=EXTERNAL", id="a form"),
        pytest.param(b"{'appType': 'EXTERNAL'}", id="JavaScript"),
        pytest.param(b'{"a":NaN}', id="NaN"),
    ],
)
def test_what_is_not_json_is_refused(mock, door, data):
    answer = door.ask(mock, data=data, content_type="application/json")

    assert refusal_of(answer) == (400, 5, "request body does not contain a valid JSON statement!", ["GE-400-BODY"])


@pytest.mark.parametrize("data", [b"[]", b"null", b'"EXTERNAL"', b"7", b"true"])
def test_json_that_is_no_object_is_refused(mock, door, data):
    answer = door.ask(mock, data=data, content_type="application/json")

    assert refusal_of(answer) == (400, 5, "body", ["GE-400-BODY"])


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_that_is_not_called_json_is_refused(mock, door, content_type):
    answer = door.ask(mock, data=b'{"appType": "EXTERNAL"}', content_type=content_type)

    assert refusal_of(answer) == (415, 5, "Content-Type", ["REQ-415"])
    assert broken(answer) == [("header.Content-Type", "REQ-415")]


@pytest.mark.parametrize("account", ["a-b", "1" * 21, "é", "a b", "%", ".."])
def test_an_account_id_of_the_wrong_form_is_refused(mock, door, account):
    answer = door.ask(mock, account=account)

    assert refusal_of(answer) == (400, 5, "accountId", ["GE-400-ACCOUNT"])


@pytest.mark.parametrize("malformed", ["!", ".a", "a b", "ü", "a" * 129])
@pytest.mark.parametrize("name", ["vid", "sid"])
def test_a_malformed_id_is_told_by_its_name(mock, door, name, malformed):
    given = {"vid": "123", "sid": "456", name: malformed}

    answer = door.ask(mock, **given)

    status, code, message, clauses = refusal_of(answer)
    place = getattr(door, name)
    assert (status, code, clauses) == (401, 10, ["GE-401-MALFORMED"])
    assert message.startswith(place.partition(".")[2])
    assert broken(answer) == [(place, "GE-401-MALFORMED")]


@pytest.mark.parametrize("wrong", [5, None, ["123"], ""])
def test_an_id_of_the_wrong_type_is_malformed_too(mock, wrong):
    answer = mock.js({"vid": wrong, "sid": "456"})

    assert refusal_of(answer)[::3] == (401, ["GE-401-MALFORMED"])


def test_all_violations_of_a_call_are_told_at_once(mock, door):
    answer = door.ask(
        mock,
        account="a-b",
        sid="456",
        body={"appType": "WEB", "appDetails": {"os": "AMIGA", "ipAddress": "x"}, "consumerSections": 5},
    )

    app_type = "JS-400-APPTYPE" if door.name == "js" else "REST-400-APPTYPE"
    members = "accountId, appType, appDetails.ipAddress, appDetails.os, consumerSections"
    assert refusal_of(answer)[:3] == (400, 5, members)
    assert broken(answer) == [
        ("path.accountId", "GE-400-ACCOUNT"),
        ("body.appType", app_type),
        ("body.appDetails.ipAddress", DETAILS),
        ("body.appDetails.os", DETAILS),
        ("body.consumerSections", "GE-400-SECTIONS"),
        (door.vid, "GE-401-VID"),
    ]


@pytest.mark.parametrize(
    ("call", "first"),
    [
        pytest.param(
            {"account": "a-b", "v": "2", "data": b"{"}, (400, 5, "accountId, v, body"), id="account before version"
        ),
        pytest.param({"v": "2", "data": b"{"}, (400, 33, "Illegal Version"), id="version before body"),
        pytest.param({"v": "2", "data": b"{}"}, (400, 33, "Illegal Version"), id="version before appType"),
        pytest.param(
            {"body": {"appType": "X", "appDetails": 1}}, (400, 5, "appType, appDetails"), id="appType before details"
        ),
        pytest.param({"sid": "!", "body": {"appType": "X"}}, (400, 5, "appType"), id="members before identifiers"),
        pytest.param(
            {"account": "9", "sid": "456"}, (401, 10, "vid is required on a second request"), id="401 before 404"
        ),
    ],
)
def test_the_first_violation_in_evaluation_order_decides(mock, call, first):
    mock.rules(accounts=["56072331"])
    content_type = "application/json" if "data" in call else None

    answer = mock.rest(**call, content_type=content_type)

    assert refusal_of(answer)[:3] == first


def test_violations_say_what_was_wanted_and_what_was_got(mock):
    [violation] = violations(mock.js({"appType": "EXTERNL"}))

    assert violation == {
        "where": "body.appType",
        "what": "must be EXTERNAL, got \"EXTERNL\"; did you mean 'EXTERNAL'?",
        "clause": "JS-400-APPTYPE",
    }


def test_more_violations_than_fit_in_a_header_are_counted_and_stand_in_the_journal(mock):
    answer = mock.js({"consumerSections": list(range(500))})

    told_of = violations(answer)
    [exchange] = mock.journal()
    assert len(answer.headers["Mock-Violations"]) <= 4096
    assert told_of[-1]["what"] == f"{500 - len(told_of) + 1} more, see the journal"
    assert len(exchange["violations"]) == 500
