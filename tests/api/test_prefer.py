"""The per-call override: the header `Prefer`, as users of Prism know it."""

import jsonschema_rs
import pytest

from tests.support.builders import DOCUMENT
from tests.support.serving.in_process import broken, ids, refusal_of, violations

ENGAGEMENT_REPLY = jsonschema_rs.validator_for(
    {"$ref": "#/components/schemas/EngagementReply", "components": DOCUMENT["components"]}
)


def prefer(value):
    return {"headers": {"Prefer": value}}


def test_a_status_is_answered_with_the_first_example_under_it(mock, door):
    answer = door.ask(mock, **prefer("code=503"))

    assert answer.status_code == 503
    assert answer.json == DOCUMENT["components"]["examples"]["Unavailable"]["value"]
    assert answer.headers["Preference-Applied"] == "code=503"
    assert answer.headers["Mock-Stub"] == "prefer"


def test_an_example_is_found_under_whichever_status_has_it(mock):
    answer = mock.js(**prefer("example=VidRequired"))

    assert answer.status_code == 401
    assert answer.json["message"] == "vid is required on a second request"


@pytest.mark.parametrize(
    ("header", "applied"),
    [
        pytest.param('code="503"', "code=503", id="quoted"),
        pytest.param('code="5\\03"', "code=503", id="quoted with an escape"),
        pytest.param("CODE = 503", "code=503", id="spaces and capitals"),
        pytest.param("code=503; anything=else", "code=503", id="with a parameter"),
        pytest.param("respond-async, code=503, wait=10", "code=503", id="among others"),
        pytest.param('foo="a, code=200", code=503', "code=503", id="a comma in quotes"),
        pytest.param('code=503; note="a, code=200; b"', "code=503", id="a comma in the quotes of a parameter"),
        pytest.param('foo; bar="a, code=200", code=503', "code=503", id="a comma in quotes of another's parameter"),
        pytest.param('foo="a\\", code=200", code=503', "code=503", id="an escaped quote in quotes"),
        pytest.param("code\t=\t503 ;; ; a;b = c ;", "code=503", id="every blank and semicolon that may be"),
        pytest.param("foo=a b, code=503", "code=503", id="after another that is malformed"),
        pytest.param('foo="a, code=503', "code=503", id="after quotes of another that nobody closes"),
        pytest.param('(=, "x", =5, code=503, foo=, b;;=', "code=503", id="among what is nobody's"),
        pytest.param("x" * 2000 + ", code=503", "code=503", id="after a very long one"),
        pytest.param("code=503, code=200", "code=503", id="of a repeated one the first"),
        pytest.param(", code=503, ,", "code=503", id="empty places in the list"),
        pytest.param("code=503, delay-ms=0", "code=503, delay-ms=0", id="two"),
        pytest.param("dynamic=false, code=503", "code=503, dynamic=false", id="not dynamic"),
    ],
)
def test_the_header_is_read_as_the_rfc_says(mock, header, applied):
    answer = mock.js(**prefer(header))

    assert answer.status_code == 503
    assert answer.headers["Preference-Applied"] == applied


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(["wait=10", "code=503"], id="another first"),
        pytest.param(["code=503", "code=200"], id="ours twice"),
        pytest.param(["code=503", 'foo="'], id="a malformed one after it"),
        pytest.param(['foo="', "code=503"], id="a malformed one before it"),
        pytest.param(['foo="a, b"', 'bar="c, d", code=503'], id="commas in quotes"),
    ],
)
def test_several_headers_are_one_list(mock, headers):
    answer = mock.js(headers=[("Prefer", header) for header in headers])

    assert answer.status_code == 503


@pytest.mark.parametrize(
    "header",
    [
        *("respond-async", "wait=10, handling=lenient", "", " ", ","),
        *('foo="a, b"', 'foo; bar="a, b"', "foo==", 'foo="', "(", "=", '"code=503"', "x" * 2000, "codes=503", "xcode"),
    ],
)
def test_other_preferences_are_ignored(mock, header):
    answer = mock.js(**prefer(header))

    assert answer.status_code == 200
    assert "Preference-Applied" not in answer.headers
    assert answer.headers["Mock-Stub"] == "available"


@pytest.mark.parametrize(
    ("header", "says"),
    [
        pytest.param("code=299", "code=299 is not documented for getEngagement; documented: 200, 400", id="status"),
        pytest.param("code=teapot", "code=teapot is not documented", id="no number"),
        pytest.param("code", "code= is not documented", id="no status"),
        pytest.param("example=NoSkil", "did you mean 'NoSkill'?", id="misspelt example"),
        pytest.param(
            "code=503, example=Loading", "no example of getEngagement under 503", id="example of another status"
        ),
        pytest.param("dynamic=maybe", "dynamic=maybe must be true or false", id="dynamic"),
        pytest.param("delay-ms=-1", "must be a whole number of milliseconds, at most 600000", id="negative delay"),
        pytest.param("delay-ms=600001", "at most 600000", id="too long a delay"),
        pytest.param("delay-ms=" + "9" * 900, "at most 600000", id="enormous delay"),
        pytest.param("delay-ms=1e3", "at most 600000", id="delay with an exponent"),
        pytest.param("example=NoSkill, dynamic=true", "exclude one another", id="example and dynamic"),
        pytest.param("code==", "cannot be read at 'code=='", id="no grammar"),
        pytest.param('code="503', "cannot be read", id="open quotes"),
        pytest.param("code=", "cannot be read at 'code='; write code=value", id="no value after the equals sign"),
        pytest.param("code 503", "cannot be read at 'code 503'; write code=value", id="no equals sign"),
        pytest.param("delay-ms:5", "cannot be read at 'delay-ms:5'; write delay-ms=value", id="a colon"),
        pytest.param("code=503; a=", "cannot be read at 'code=503; a='", id="a malformed parameter"),
        pytest.param('example="NoSkill, code=503', "cannot be read at 'example=\"NoSkill'", id="quotes nobody closes"),
    ],
)
def test_what_cannot_be_had_is_refused_with_what_can(mock, header, says):
    answer = mock.js(**prefer(header))

    assert refusal_of(answer) == (400, 5, "Prefer", ["REQ-400-PREFER"])
    assert broken(answer) == [("header.Prefer", "REQ-400-PREFER")]
    assert says in violations(answer)[0]["what"]
    assert "Preference-Applied" not in answer.headers


def test_a_preference_never_leaks_into_the_next_call(mock, door):
    first = door.ask(mock, **prefer("code=503, delay-ms=1"))

    second = door.ask(mock)

    assert (first.status_code, second.status_code) == (503, 200)
    assert "Preference-Applied" not in second.headers
    assert [exchange["reply"]["delay_ms"] for exchange in mock.journal()] == [1, 0]


def test_a_preferred_error_opens_no_session(mock):
    mock.js(**prefer("code=500"))

    assert mock.steer("GET", "/sessions") == {"sessions": []}


def test_a_preferred_example_opens_the_session_that_it_names(mock):
    mock.js(**prefer("example=NotAvailable"))

    assert ids(mock.js({"vid": "xyz", "sid": "abc"})) == {"vid": "xyz", "sid": "abc"}


def test_a_preference_uses_up_no_step_of_a_sequence(mock):
    mock.steer("PUT", "/scenario", {"preset": "loading"})
    for _ in range(3):
        mock.js(**prefer("code=200"))

    assert [mock.js({"vid": "v"}).status_code for _ in range(3)] == [500, 500, 200]


def test_a_delay_alone_leaves_the_scenario_to_answer(mock):
    answer = mock.js(**prefer("delay-ms=1"))

    assert answer.json["status"] == "Available"
    assert answer.headers["Mock-Stub"] == "available"
    assert [exchange["reply"]["delay_ms"] for exchange in mock.journal()] == [1]


def test_a_call_that_breaks_the_contract_is_refused_whatever_it_prefers(mock):
    answer = mock.js({"appType": "WEB"}, **prefer("code=503"))

    assert refusal_of(answer)[0] == 400
    assert "Preference-Applied" not in answer.headers


def test_a_dynamic_engagement_belongs_to_a_real_session(mock):
    first = mock.js(**prefer("dynamic=true"))

    again = mock.js(ids(first))

    assert ids(again) == ids(first)
    assert first.json["engagementDetails"] != again.json["engagementDetails"]


def test_dynamic_needs_no_value(mock):
    assert mock.js(**prefer("dynamic")).headers["Preference-Applied"] == "dynamic"


def test_dynamic_replies_keep_the_schema_and_repeat_under_the_same_seed(mock):
    seen = set()
    for seed in range(200):
        replies = []
        for _ in range(2):
            mock.steer("PUT", "/seed", {"seed": seed})
            replies.append(mock.js(**prefer("dynamic=true")))
        assert replies[0].data == replies[1].data
        assert ENGAGEMENT_REPLY.is_valid(replies[0].json), replies[0].text
        seen.add(replies[0].data)
    assert len(seen) == 200


def test_dynamic_replies_differ_from_call_to_call(mock):
    assert len({mock.js(**prefer("dynamic=true")).data for _ in range(20)}) == 20


def test_a_dynamic_error_keeps_the_error_entity(mock):
    answer = mock.js(**prefer("code=500, dynamic=true"))

    assert answer.status_code == 500
    assert {"time", "internalCode"} <= set(answer.json) <= {"time", "message", "internalCode"}
