"""Every clause that binds a call, a reply or the server, shown once: broken by a call, or kept by the server."""

import json

import pytest

from tests.support.builders import ACCOUNT, CONTRACT, DOCUMENT, SIX_HOURS_MS
from tests.support.documented import DOCUMENTED_CALL
from tests.support.serving.in_process import Mock, ids, refusal_of

IMPRESSION = {"type": "impDisplay", "eContext": [{"id": "1"}]}
LOOK_UP = {"query": {"version": "1.0"}}


def domain(mock, account="1", service="smt", **options):
    return mock.ask("GET", f"/api/account/{account}/service/{service}/baseURI.json", **{**LOOK_UP, **options})


def updated(mock, **body):
    return mock.update(**ids(mock.js()), body={"pageId": "1", **body})


def foreign(mock):
    one, other = ids(mock.js()), ids(mock.js())
    return mock.js({"vid": one["vid"], "sid": other["sid"]})


def as_json(mock, data, **options):
    return mock.js(data=data, **{"content_type": "application/json", **options})


def with_rules(mock, call, **rules):
    mock.rules(**rules)
    return call()


def under(mock, preset, call):
    mock.steer("PUT", "/scenario", {"preset": preset})
    return call()


#: How a call breaks the clause.
BREAKERS = {
    "JS-400-APPTYPE": lambda mock: mock.js({"appType": "MSDK"}),
    "REST-SINGULAR-PATH": lambda mock: mock.ask("POST", f"/api/account/{ACCOUNT}/app/engagement/visitor/1", {}),
    "REST-400-APPTYPE": lambda mock: mock.rest({}),
    "REST-400-VERSION": lambda mock: mock.rest(v="2.0"),
    "GE-400-ACCOUNT": lambda mock: mock.js(account="a-b"),
    "GE-400-BODY": lambda mock: mock.js([]),
    "GE-400-DETAILS": lambda mock: mock.js({"appDetails": {"os": "AMIGA"}}),
    "GE-400-SECTIONS": lambda mock: mock.js({"consumerSections": "Support"}),
    "GE-400-ATTRIBUTES": lambda mock: mock.js({"engagementAttributes": [{"type": "shoe"}]}),
    "GE-400-IMPRESSION": lambda mock: mock.js({"engagementAttributes": [{"type": "impClose"}]}),
    "GE-400-SEARCHINFO-MSDK": lambda mock: mock.rest(
        {"appType": "MSDK", "engagementAttributes": [{"type": "searchInfo"}]}
    ),
    "GE-401-SID": lambda mock: mock.js({"vid": ids(mock.js())["vid"]}),
    "GE-401-VID": lambda mock: mock.js({"sid": "456"}),
    "GE-401-MALFORMED": lambda mock: mock.js({"vid": "!"}),
    "GE-401-FOREIGN": foreign,
    "GE-401-UNKNOWN-VISITOR": lambda mock: with_rules(mock, lambda: mock.js({"vid": "1"}), unknown_visitor="reject"),
    "GE-404-ACCOUNT": lambda mock: with_rules(mock, mock.js, accounts=["1"]),
    "US-400-SID": lambda mock: mock.update("1", None),
    "US-400-PAGE": lambda mock: mock.update("1", "2", {}),
    "US-400-IMPRESSION": lambda mock: updated(mock, impAttributes=[{}]),
    "US-400-CONTEXT": lambda mock: updated(mock, impAttributes=[{**IMPRESSION, "eContext": [{"id": "2"}]}]),
    "US-404-VISITOR": lambda mock: mock.update("1", "2"),
    "US-404-SESSION": lambda mock: mock.update(ids(mock.js())["vid"], "2"),
    "REQ-400-REPEATED": lambda mock: mock.rest(query=[("v", "1.0"), ("v", "1.0")]),
    "REQ-400-PREFER": lambda mock: mock.js(headers={"Prefer": "code=299"}),
    "REQ-400-HOST": lambda mock: mock.js(headers={"Host": "a b"}),
    "REQ-400-UNLISTED": lambda mock: with_rules(mock, lambda: mock.js({"x": 1}), unknown_members="refuse"),
    "REQ-400-OVERRIDE": lambda mock: mock.js(headers={"X-HTTP-Method-Override": "DELETE"}),
    "REQ-404": lambda mock: mock.ask("GET", "/"),
    "REQ-405": lambda mock: mock.ask("GET", "/api/account/1/getEngagement"),
    "REQ-413": lambda _: Mock(max_body_bytes=1).js(),
    "REQ-415": lambda mock: mock.js(data=b"{}"),
    "REQ-400-UNICODE": lambda mock: as_json(mock, b'{"a":"\xe4"}'),
    "REQ-400-NUMBER": lambda mock: as_json(mock, b'{"a":1e400}'),
    "REQ-400-DEPTH": lambda mock: as_json(mock, b'{"a":' + b"[" * 1024 + b"]" * 1024 + b"}"),
    "REQ-400-TWICE": lambda mock: as_json(mock, b'{"vid":"1","vid":"2"}'),
    "REQ-415-CHARSET": lambda mock: as_json(mock, b"{}", content_type="application/json; charset=latin-1"),
    "REQ-415-CODING": lambda mock: as_json(mock, b"{}", headers={"Content-Encoding": "gzip"}),
    "DOM-400-VERSION": lambda mock: domain(mock, query={}),
    "DOM-400-SERVICE": lambda mock: domain(mock, service="SMT"),
    "DOM-400-CALLBACK": lambda mock: mock.ask("GET", "/csdr/account/1/service/smt/baseURI.lpCsds", **LOOK_UP),
    "DOM-400-ACCOUNT": lambda mock: domain(mock, account="a-b"),
    "DOM-401-ACCOUNT": lambda mock: with_rules(mock, lambda: domain(mock), accounts=["2"]),
}


@pytest.mark.parametrize("clause", BREAKERS)
def test_a_call_that_breaks_a_clause_is_refused_as_the_clause_says(mock, clause):
    answer = BREAKERS[clause](mock)

    known = CONTRACT.clauses[clause]
    # The singular path is a path that is not served, and told as one.
    named = "REQ-404" if clause == "REST-SINGULAR-PATH" else clause
    status, code, message, clauses = refusal_of(answer)
    assert (status, code) == (known.status, known.code)
    assert named in clauses
    assert message


# What the server keeps. Each says in a sentence of Python what the clause says in one of English.


def second_request(mock):
    vid = mock.js().json["visitorId"]
    return mock.js(headers={"Cookie": f"LPVID={vid}"}).status_code == 401


def vid_only(mock):
    vid = ids(mock.js())["vid"]
    mock.wall.now_ms += SIX_HOURS_MS
    return mock.js({"vid": vid}).json["visitorId"] == vid


def continued(mock):
    opened = ids(mock.js())
    return ids(mock.js(opened)) == opened


def replaced(mock):
    opened = ids(mock.js())
    return ids(mock.js({**opened, "sid": "gone"}))["sid"] != "gone"


def tunnelled(mock):
    opened = ids(mock.rest())
    put = mock.update(**opened, method="POST", headers={"X-HTTP-Method-Override": "PUT"})
    return put.data == b"" and mock.rest(**opened).json["status"] == "Available"


def late_impression(mock):
    opened = ids(mock.js())
    mock.wall.now_ms += 900_001
    body = {"pageId": "1", "impAttributes": [IMPRESSION]}
    accepted = mock.update(**opened, body=body).status_code
    mock.rules(expired_offer="refuse")
    return (accepted, mock.update(**opened, body=body).status_code) == (200, 400)


def number_ids(mock):
    as_text = mock.js().json["engagementDetails"]["campaignId"]
    mock.rules(id_type="number")
    return as_text == "3346848610" and mock.js({"vid": "1"}).json["engagementDetails"]["campaignId"] == 3346848610


def loading(mock):
    answer = under(mock, "loading", lambda: mock.js({"vid": "v1"}))
    return refusal_of(answer)[:3] == (500, 20, f"Loading account: {ACCOUNT}, vid: v1") and "status" not in answer.json


def details_of(mock, preset):
    return under(mock, preset, mock.js).json["engagementDetails"]


def bare(text):
    return "/" not in text and text == "localhost"


def script(mock):
    query = {"version": "1.0", "cb": "f"}
    text = mock.ask("GET", "/csdr/account/1/service/smt/baseURI.lpCsds", query=query).text
    return json.loads(text[2:-2]) == {"ResultSet": {"lpData": [{"lpServer": "localhost"}]}}


def services_of_script(mock):
    text = mock.ask("GET", "/csdr/account/1/service/baseURI.lpCsds", query={"version": "1.0", "cb": "f"}).text
    return {entry["service"] for entry in json.loads(text[2:-2])["ResultSet"]["lpData"]["baseURIs"]}


def version_forms(mock):
    return [mock.rest(v=v).status_code for v in ("1", "1.00", "01.0", "+1.0", "1e0")] == [200, 200, 400, 400, 400]


def whole(answer):
    return answer.content_length == len(answer.data)


def of_its_account(mock):
    opened = ids(mock.js())
    elsewhere = ids(mock.js(opened, account="another"))
    return elsewhere["vid"] == opened["vid"] and elsewhere["sid"] != opened["sid"] and ids(mock.js(opened)) == opened


def first_of_several(mock):
    several = [
        mock.rest({"appType": "IVR"}, v="2.0", account="a-b"),
        mock.rest({"appType": "IVR"}, v="2.0"),
        mock.js({"appType": "IVR", "sid": "1"}),
        with_rules(mock, lambda: mock.js({"sid": "1"}), accounts=["1"]),
    ]
    return [refusal_of(answer)[:2] for answer in several] == [(400, 5), (400, 33), (400, 5), (401, 10)]


def once(pairs):
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


KEEPERS = {
    "JS-PATH": lambda mock: mock.js({"appType": "EXTERNAL"}).status_code == 200,
    "GE-TYPES-PRINTED": lambda mock: mock.js(DOCUMENTED_CALL).status_code == 200,
    "JS-OPTIONS": lambda mock: mock.js(data=b"").status_code == 200,
    "JS-APPTYPE-DEFAULT": lambda mock: mock.js({}).status_code == 200,
    "REST-PATH": lambda mock: mock.rest(vid="1", sid="2").json["visitorId"] == "1",
    "REST-EMPTY-VISITOR": lambda mock: mock.rest().status_code == 200,
    "REST-NO-SLASH": lambda mock: (
        mock.ask("POST", "/api/account/1/app/engagement/visitors?v=1.0", {"appType": "MSDK"}).status_code == 200
    ),
    "GE-APPDETAILS-OPEN": lambda mock: mock.js({"x": 1, "appDetails": {"x": 1}}).status_code == 200,
    "GE-EXTRA-REQUEST": lambda mock: mock.js(query="x=1&x=2").status_code == 200,
    "GE-SECOND-REQUEST": second_request,
    "GE-UNKNOWN-VISITOR": lambda mock: mock.js({"vid": "123"}).json["visitorId"] == "123",
    "GE-VID-ONLY": vid_only,
    "GE-NEW-VISITOR": lambda mock: ids(mock.js())["vid"] != ids(mock.js())["vid"],
    "GE-CONTINUE": continued,
    "GE-NEW-SESSION": replaced,
    "GE-ACCOUNT": of_its_account,
    "GE-COOKIE": lambda mock: mock.js().headers["Set-Cookie"].startswith("LPVID="),
    "GE-200-STATUS": lambda mock: (
        [mock.js().json["status"], under(mock, "not-available", mock.js).json["status"]]
        == ["Available", "NotAvailable"]
    ),
    "GE-200-AVAILABLE": lambda mock: (
        set(CONTRACT.component("EngagementDetails")["required"]) <= set(mock.js().json["engagementDetails"])
    ),
    "GE-200-NOTAVAILABLE": lambda mock: "engagementDetails" not in under(mock, "not-available", mock.js).json,
    "GE-200-IDS": lambda mock: mock.js().json["pageId"].isdecimal(),
    "GE-200-ID-TYPES": number_ids,
    "GE-200-SKILL": lambda mock: (
        mock.js().json["engagementDetails"]["skillId"] == 23 and "skillId" not in details_of(mock, "no-skill")
    ),
    "GE-200-CONNECTOR": lambda mock: (
        "connectorId" not in mock.js().json["engagementDetails"] and "connectorId" in details_of(mock, "authenticated")
    ),
    "GE-404-ENGAGEMENT": lambda mock: (
        refusal_of(under(mock, "no-engagement", mock.js))[:3] == (404, 6, "Data not found")
    ),
    "GE-500-LOADING": loading,
    "GE-LOADING-NO-STATUS": loading,
    "US-200": lambda mock: updated(mock).status_code == 200,
    "US-EMPTY-REPLY": lambda mock: updated(mock).data == b"",
    "US-TUNNEL": tunnelled,
    "US-CONTEXT-EXPIRED": late_impression,
    "US-PAGE-UNKNOWN": lambda mock: updated(mock, pageId="never handed out").status_code == 200,
    "US-IMPRESSION-ORDER": lambda mock: (
        updated(mock, impAttributes=[{**IMPRESSION, "type": "impAccept"}, IMPRESSION]).status_code == 200
    ),
    "REP-TYPE": lambda mock: {mock.js({}).mimetype, mock.js([]).mimetype} == {"application/json"},
    "REP-JSON": lambda mock: all(
        answer.data == answer.data.lstrip(b"\xef\xbb\xbf") and json.loads(answer.data.decode(), object_pairs_hook=once)
        for answer in (mock.js(), mock.js([]))
    ),
    "REP-CODING": lambda mock: "Content-Encoding" not in mock.js().headers,
    "REP-WHOLE": lambda mock: whole(mock.js()),
    "REP-HEAD": lambda mock: mock.ask("HEAD", "/api/account/1/service/smt/baseURI.json", **LOOK_UP).data == b"",
    "ERR-TIME": lambda mock: mock.js([]).json["time"] == mock.wall.now_ms,
    "REQ-ORDER": first_of_several,
    "REQ-HEADER-NAMES": lambda mock: as_json(mock, b"{}", headers={"pReFeR": "code=503"}).status_code == 503,
    "ERR-ENTITY": lambda mock: refusal_of(mock.js([]))[0] == 400,
    "ERR-MESSAGE": lambda mock: (
        mock.js({"appType": "X", "appDetails": {"os": 1}}).json["message"] == "appType, appDetails.os"
    ),
    "ERR-400": lambda mock: mock.js([]).status_code == 400,
    "ERR-401": lambda mock: refusal_of(mock.js({"sid": "1"}))[:3] == (401, 10, "vid is required on a second request"),
    "ERR-404": lambda mock: refusal_of(mock.update("1", "2"))[0] == 404,
    "ERR-500": lambda mock: (
        refusal_of(mock.js(headers={"Prefer": "example=Internal"}), at_ms=1469543282471)[:2] == (500, 18)
    ),
    "ERR-503": lambda mock: refusal_of(under(mock, "maintenance", mock.js))[:2] == (503, 18),
    "REQ-VERSION-FORM": version_forms,
    "GE-ADDRESS-FORM": lambda mock: mock.js({"appDetails": {"ipAddress": "192.168.005.002"}}).status_code == 400,
    "GE-TEXT-MEMBERS": lambda mock: (
        with_rules(mock, lambda: mock.js({"consumerSections": "a,b"}), text_members="accept").status_code == 200
    ),
    "REQ-NOTES": lambda mock: "appType" in mock.js({"apptype": "X"}).headers["Mock-Notes"],
    "REQ-NULL": lambda mock: mock.js({"appType": None}).status_code == 400,
    "REQ-PREFER-OTHERS": lambda mock: mock.js(headers={"Prefer": 'note="a, code=500", code=503'}).status_code == 503,
    "DOM-ONE": lambda mock: domain(mock).json == {"service": "smt", "account": "1", "baseURI": "localhost"},
    "DOM-ALL": lambda mock: (
        domain(mock).json in mock.ask("GET", "/api/account/1/service/baseURI.json", **LOOK_UP).json["baseURIs"]
    ),
    "DOM-500": lambda mock: (
        refusal_of(domain(mock, headers={"Prefer": "code=500"}), at_ms=1469543282471)[:2] == (500, 18)
    ),
    "DOM-503": lambda mock: (
        refusal_of(domain(mock, headers={"Prefer": "code=503"}), at_ms=1469543282471)[:2] == (503, 18)
    ),
    "DOM-JSONP": script,
    "DOM-JSONP-ALL": lambda mock: {"conversationVep", "smt"} <= services_of_script(mock),
    "DOM-BARE-HOST": lambda mock: bare(domain(mock).json["baseURI"]),
    "DOM-OWN-HOST": lambda mock: domain(mock, headers={"Host": "mock.test:1"}).json["baseURI"] == "mock.test:1",
    "DOM-PREFIXES": lambda mock: (
        mock.ask("GET", "/csdr/account/1/service/smt/baseURI.json", **LOOK_UP).status_code == 200
    ),
    "DOM-NO-EXTENSION": lambda mock: (
        mock.ask("GET", "/api/account/1/service/smt/baseURI", **LOOK_UP).status_code == 200
    ),
}


@pytest.mark.parametrize("clause", KEEPERS)
def test_the_server_keeps_the_clause(mock, clause):
    assert KEEPERS[clause](mock)


def test_every_clause_that_binds_a_call_a_reply_or_the_server_is_shown():
    binding = {clause["id"] for clause in DOCUMENT["x-clauses"] if clause["about"] != "client"}

    assert BREAKERS.keys() | KEEPERS.keys() == binding
