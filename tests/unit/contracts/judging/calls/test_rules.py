import pytest

from contracts.contract.shapes import Shapes
from contracts.judging.calls.rules import CallRules
from tests.support.harness.client_builders import (
    DOCUMENT,
    JS_DOOR,
    ROUTES,
    VISITORS,
    a_record,
    an_update,
    broken,
    kept,
    read,
)

RULES = CallRules(DOCUMENT, Shapes(DOCUMENT), ROUTES)

JSON_TYPE = {"content-type": "application/json"}
OVERRIDE = "x-http-method-override"


def judged(record):
    return RULES.judge(read(record))


def test_a_right_call_keeps_the_clauses_it_meets_and_no_others():
    body = {"appType": "MSDK", "appDetails": {"os": "IOS"}}
    judgements = judged(a_record(body=body))

    assert broken(judgements) == []
    assert {"REST-400-APPTYPE", "REST-400-VERSION", "GE-400-DETAILS", "REQ-415"} <= kept(judgements)
    assert "GE-400-SECTIONS" not in kept(judgements)


def test_the_js_door_takes_no_options_at_all():
    judgements = judged(a_record(path=JS_DOOR, body="", query=[], headers={}))

    assert broken(judgements) == []
    assert "JS-OPTIONS" in kept(judgements)


@pytest.mark.parametrize(
    ("body", "clause", "where"),
    [
        pytest.param({"appType": "WEB"}, "REST-400-APPTYPE", "body.appType", id="another appType"),
        pytest.param({}, "REST-400-APPTYPE", "body", id="no appType"),
        pytest.param(
            {"appType": "MSDK", "appDetails": {"os": "AMIGA"}}, "GE-400-DETAILS", "body.appDetails.os", id="another os"
        ),
        pytest.param(
            {"appType": "MSDK", "consumerSections": "a,b"}, "GE-400-SECTIONS", "body.consumerSections", id="a text"
        ),
        pytest.param(
            {"appType": "EXTERNAL", "engagementAttributes": [{"type": "impDisplay"}]},
            "GE-400-IMPRESSION", "body.engagementAttributes.0.type", id="an impression event",
        ),
        pytest.param(
            {"appType": "EXTERNAL", "engagementAttributes": [{"type": "cart", "numItems": 1}]},
            "GE-400-ATTRIBUTES", "body.engagementAttributes.0", id="a cart without a total",
        ),
        pytest.param(
            {"appType": "MSDK", "engagementAttributes": [{"type": "searchInfo"}]},
            "GE-400-SEARCHINFO-MSDK", "body.engagementAttributes.0", id="a search in an app",
        ),
        pytest.param([], "GE-400-BODY", "body", id="a list"),
        pytest.param("{", "GE-400-BODY", "body", id="no JSON"),
        pytest.param('{"appType": NaN}', "GE-400-BODY", "body", id="NaN"),
        pytest.param('{"x": 1e400}', "REQ-400-NUMBER", "body", id="a number too large"),
        pytest.param('{"x": "\\ud800"}', "REQ-400-UNICODE", "body", id="half of a surrogate pair"),
        pytest.param("\ufeff{}", "REQ-400-UNICODE", "body", id="a byte order mark"),
        pytest.param('{"appType": "MSDK", "appType": "MSDK"}', "REQ-400-TWICE", "body", id="a member twice"),
        pytest.param('{"x":' + "[" * 1024 + "]" * 1024 + "}", "REQ-400-DEPTH", "body", id="nested too deep"),
    ],
)  # fmt: skip
def test_a_body_that_breaks_a_clause_is_told_where(body, clause, where):
    judgements = judged(a_record(body=body))

    assert [(one.clause, one.where) for one in judgements if not one.kept] == [(clause, where)]
    assert all(one.cure for one in judgements if not one.kept)


@pytest.mark.parametrize(
    ("call", "clause"),
    [
        pytest.param({"query": []}, "REST-400-VERSION", id="no version"),
        pytest.param({"query": [["v", "2.0"]]}, "REST-400-VERSION", id="another version"),
        pytest.param({"query": [["v", "1.0"], ["v", "1.0"]]}, "REQ-400-REPEATED", id="a repeated version"),
        pytest.param({"vid": ".dot", "sid": "abc"}, "GE-401-MALFORMED", id="a vid with a dot first"),
        pytest.param({"vid": "x", "sid": "a b"}, "GE-401-MALFORMED", id="a sid with a blank"),
        pytest.param({"headers": {"content-type": "text/plain"}}, "REQ-415", id="another content type"),
        pytest.param({"headers": {}}, "REQ-415", id="no content type"),
        pytest.param(
            {"headers": {"content-type": "application/json; charset=latin-1"}}, "REQ-415-CHARSET", id="another charset"
        ),
        pytest.param(
            {"headers": {"content-type": "application/json", "content-encoding": "gzip"}},
            "REQ-415-CODING",
            id="compressed",
        ),
        pytest.param({"method": "GET", "vid": "x"}, "REQ-405", id="another method"),
        pytest.param({"headers": {**JSON_TYPE, OVERRIDE: "DELETE"}}, "REQ-400-OVERRIDE", id="another override"),
        pytest.param({"headers": {**JSON_TYPE, OVERRIDE: "PUT, PUT"}}, "REQ-400-OVERRIDE", id="a repeated override"),
        pytest.param({"headers": {**JSON_TYPE, OVERRIDE: "PUT"}}, "REQ-405", id="an override where no PUT is"),
        pytest.param({"path": "/api/account/1/getengagement"}, "REQ-404", id="another path"),
        pytest.param({"path": VISITORS.replace("visitors", "visitor") + "x"}, "REST-SINGULAR-PATH", id="singular"),
        pytest.param({"path": VISITORS.replace("56072331", "5.6")}, "GE-400-ACCOUNT", id="an account with a dot"),
    ],
)
def test_a_call_that_breaks_a_clause_breaks_just_that(call, clause):
    assert broken(judged(a_record(**call))) == [("call", clause)]


@pytest.mark.parametrize(
    ("call", "clause"),
    [
        pytest.param({"body": {}}, "US-400-PAGE", id="no page"),
        pytest.param({"query": [["v", "1.0"]]}, "US-400-SID", id="no sid"),
        pytest.param(
            {"body": {"pageId": "1", "impAttributes": [{"type": "impSeen"}]}}, "US-400-IMPRESSION", id="unknown event"
        ),
    ],
)
def test_an_update_that_breaks_a_clause_breaks_just_that(call, clause):
    assert broken(judged(an_update(0, **call))) == [("call", clause)]


def test_a_tunnelled_update_is_an_update():
    headers = {"content-type": "application/json", "x-http-method-override": "PUT"}
    judgements = judged(an_update(0, sent_method="POST", headers=headers))

    assert broken(judgements) == []
    assert {"US-TUNNEL", "US-400-PAGE"} <= kept(judgements)


def test_a_path_that_the_journal_has_decoded_is_not_decoded_again():
    [attempt] = read(a_record(vid="a%41", sid="abc"))

    assert attempt.path_values["visitorId"] == "a%41"


def test_an_update_that_is_posted_is_told_to_be_put():
    found = [one for one in judged(an_update(0, method="POST")) if not one.kept]

    assert [(one.clause, one.cure) for one in found] == [("US-TUNNEL", "send Update Session with PUT")]


def test_a_request_for_an_engagement_that_is_put_is_told_to_be_posted():
    found = [one for one in judged(an_update(0, body={"appType": "EXTERNAL"})) if not one.kept]

    assert [(one.clause, one.cure) for one in found] == [("REST-PATH", "send Create Session with POST")]


def test_a_body_that_the_server_did_not_read_is_not_called_malformed():
    too_large = {"clause": "REQ-413", "where": "body", "what": "must be at most 1048576 bytes"}

    assert broken(judged(a_record(0, 413, body="", violations=[too_large]))) == []
