"""Members and parameters that the contract does not list: accepted, noted where they look like slips, or refused."""

import orjson
import pytest

from tests.support.serving.in_process import broken, ids, refusal_of, violations


def notes(answer):
    """Return the header `Mock-Notes`, read."""
    return orjson.loads(answer.headers.get("Mock-Notes", "[]"))


def noted(answer):
    return [(note["where"], note["nearest"]) for note in notes(answer)]


@pytest.mark.parametrize(
    ("body", "where", "nearest"),
    [
        pytest.param({"APPTYPE": "EXTERNAL"}, "body.APPTYPE", "appType", id="other capitals"),
        pytest.param({"apType": "EXTERNAL"}, "body.apType", "appType", id="a letter less"),
        pytest.param({"consumerSection": []}, "body.consumerSection", "consumerSections", id="singular"),
        pytest.param({"consumersections": []}, "body.consumersections", "consumerSections", id="small letters"),
        pytest.param({"app_details": {}}, "body.app_details", "appDetails", id="an underscore"),
        pytest.param({"engagement-attributes": []}, "body.engagement-attributes", "engagementAttributes", id="a dash"),
        pytest.param({"appDetails": {"ipAdress": ""}}, "body.appDetails.ipAdress", "ipAddress", id="inside"),
        pytest.param(
            {"engagementAttributes": [{"type": "personal", "personal": {"firstName": "x"}}]},
            "body.engagementAttributes.0.personal.firstName",
            "firstname",
            id="in an attribute",
        ),
    ],
)
def test_a_member_that_is_nearly_a_listed_one_is_accepted_and_noted(mock, door, body, where, nearest):
    answer = door.ask(mock, body={"appType": "EXTERNAL", **body})

    note = {"where": where, "what": f"is not listed in the contract; did you mean {nearest!r}?", "nearest": nearest}
    assert answer.status_code == 200
    assert notes(answer) == [note]
    assert mock.journal()[-1]["notes"] == [note]


@pytest.mark.parametrize(("name", "meant"), [("visitorId", "vid"), ("sessionId", "sid"), ("VID", "vid")])
def test_the_names_that_replies_use_are_told_by_those_that_calls_use(mock, name, meant):
    assert noted(mock.js({name: "x"})) == [(f"body.{name}", meant)]


def test_a_parameter_that_is_nearly_a_listed_one_is_noted(mock):
    opened = ids(mock.rest())

    answer = mock.rest(vid=opened["vid"], query={"v": "1.0", "sid": opened["sid"], "V": "2", "SID": "x", "utm": "1"})

    assert noted(answer) == [("query.V", "v"), ("query.SID", "sid")]


def test_a_look_up_has_notes_too(mock):
    answer = mock.ask("GET", "/api/account/1/service/baseURI.json", query={"version": "1.0", "versions": "1.0"})

    assert noted(answer) == [("query.versions", "version")]


def test_an_update_has_notes_too(mock):
    answer = mock.update(**ids(mock.js()), body={"pageId": "1", "impAttribute": []})

    assert noted(answer) == [("body.impAttribute", "impAttributes")]


def test_a_refusal_has_the_notes_that_explain_it(mock):
    answer = mock.rest({"apptype": "EXTERNAL"})

    assert refusal_of(answer) == (400, 5, "appType", ["REST-400-APPTYPE"])
    assert noted(answer) == [("body.apptype", "appType")]
    assert mock.journal()[-1]["notes"][0]["nearest"] == "appType"


def test_a_refusal_of_the_identifiers_has_them_too(mock):
    answer = mock.js({"sid": "456", "visitorId": "123"})

    assert refusal_of(answer)[::3] == (401, ["GE-401-VID"])
    assert noted(answer) == [("body.visitorId", "vid")]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"colour": "red"}, id="nothing like any"),
        pytest.param({"id": "1"}, id="short"),
        pytest.param({"appDetails": {"osName": "IOS"}}, id="a member of the sibling API"),
        pytest.param({"appTypeAppTypeAppTypeAppTypeAppTypeAppTypeAppTypeAppTypeAppType": 1}, id="long"),
        pytest.param({"engagementAttributes": [{"type": "lead", "info": {"leadid": "1"}}]}, id="under such a name"),
        pytest.param({"appType": "EXTERNAL", "vid": "1", "sid": "2", "appDetails": {}}, id="all are listed"),
    ],
)
def test_what_is_like_no_listed_member_has_no_note(mock, body):
    answer = mock.js(body)

    assert answer.status_code == 200
    assert "Mock-Notes" not in answer.headers
    assert mock.journal()[-1]["notes"] == []


def test_more_notes_than_fit_in_a_header_are_counted_and_stand_in_the_journal(mock):
    answer = mock.js({"engagementAttributes": [{"type": "lead", "Lead": {}} for _ in range(300)]})

    assert len(answer.headers["Mock-Notes"]) <= 4096
    assert notes(answer)[-1]["what"].endswith("more, see the journal")
    assert len(mock.journal()[-1]["notes"]) == 200


def test_a_body_full_of_strange_names_costs_little(mock):
    answer = mock.js({f"appTyp{number}": number for number in range(50_000)})

    assert answer.status_code == 200
    assert len(mock.journal()[-1]["notes"]) <= 200


def test_a_page_of_another_origin_may_read_the_notes(mock):
    answer = mock.js({"apptype": "EXTERNAL"}, headers={"Origin": "https://page.test"})

    assert "Mock-Notes" in answer.headers["Access-Control-Expose-Headers"].split(", ")


# The strict rule.


@pytest.mark.parametrize(
    ("body", "query", "member", "what"),
    [
        pytest.param({"apptype": "X"}, {}, "apptype", "; did you mean 'appType'?", id="nearly listed"),
        pytest.param({"colour": "red"}, {}, "colour", "", id="like none"),
        pytest.param({"appDetails": {"colour": "red"}}, {}, "appDetails.colour", "", id="inside"),
        pytest.param({}, {"utm": "1"}, "utm", "", id="a parameter"),
    ],
)
def test_a_strict_space_refuses_all_that_is_not_listed(mock, body, query, member, what):
    mock.rules(unknown_members="refuse")

    answer = mock.js(body, query=query)

    assert refusal_of(answer) == (400, 5, member, ["REQ-400-UNLISTED"])
    assert violations(answer)[0]["what"] == f"is not listed in the contract{what}"
    assert "Mock-Notes" not in answer.headers
    assert mock.steer("GET", "/sessions") == {"sessions": []}


def test_a_strict_space_tells_everything_at_once(mock):
    mock.rules(unknown_members="refuse")

    answer = mock.rest({"apptype": "EXTERNAL", "appDetails": {"os": "AMIGA"}})

    assert refusal_of(answer)[:3] == (400, 5, "appType, appDetails.os, apptype")
    assert [clause for _, clause in broken(answer)] == ["REST-400-APPTYPE", "GE-400-DETAILS", "REQ-400-UNLISTED"]


def test_a_strict_space_accepts_what_is_listed(mock, door):
    mock.rules(unknown_members="refuse")

    assert door.with_body(mock, appDetails={"os": "IOS"}).status_code == 200


# Lists and objects as text.


@pytest.mark.parametrize(
    "members",
    [
        pytest.param({"consumerSections": "Support, English"}, id="sections"),
        pytest.param({"consumerSections": ""}, id="no section"),
        pytest.param({"appDetails": '{"os":"IOS"}'}, id="details"),
        pytest.param({"engagementAttributes": '[{"type":"lead"}]'}, id="attributes"),
    ],
)
def test_a_patient_space_reads_lists_and_objects_from_text(mock, door, members):
    before = door.with_body(mock, **members)
    mock.rules(text_members="accept")

    after = door.with_body(mock, **members)

    assert (before.status_code, after.status_code) == (400, 200)


def test_what_was_read_from_text_is_what_a_scenario_sees(mock):
    mock.rules(text_members="accept")
    mock.play({"when": {"consumer_sections": ["English"]}, "then": "not_available"})

    answer = mock.js({"consumerSections": "Support , English"})

    assert answer.json["status"] == "NotAvailable"


@pytest.mark.parametrize(
    ("members", "member"),
    [
        pytest.param({"appDetails": "os=IOS"}, "appDetails", id="no JSON"),
        pytest.param({"appDetails": "[]"}, "appDetails", id="another type"),
        pytest.param({"appDetails": '{"os":"AMIGA"}'}, "appDetails.os", id="a wrong value"),
        pytest.param({"engagementAttributes": "7"}, "engagementAttributes", id="a number"),
        pytest.param({"consumerSections": 7}, "consumerSections", id="no text"),
    ],
)
def test_a_patient_space_refuses_what_is_wrong_in_a_text(mock, door, members, member):
    mock.rules(text_members="accept")

    assert refusal_of(door.with_body(mock, **members))[:3] == (400, 5, member)


def test_a_slip_inside_a_text_is_noted(mock):
    mock.rules(text_members="accept")

    assert noted(mock.js({"appDetails": '{"OS":"IOS"}'})) == [("body.appDetails.OS", "os")]
