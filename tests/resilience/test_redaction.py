"""Secrets are never written down; who the consumer is, only where that is wanted."""

import json

import pytest

from mockserver.apis.engagement.personal import PERSONAL
from mockserver.app import create_app
from mockserver.contract.file import read_document
from mockserver.settings import Settings
from tests.support.serving.running import eventually, running

JS_DOOR = "/api/account/1/getEngagement"
PERSON = {
    "type": "personal",
    "personal": {
        "firstname": "Anna-secret",
        "lastname": "West-secret",
        "age": {"age": 31_337, "year": 1_995, "month": 12, "day": 24},
        "contacts": [{"email": "secret@example.com", "phone": "+1-secret", "phoneType": "HOME"}],
        "gender": "FEMALE",
    },
}
CUSTOMER = {
    "type": "ctmrinfo",
    "info": {
        "customerId": "secret-1",
        "socialId": "secret-2",
        "imei": "secret-3",
        "userName": "secret-4",
        "balance": 7,
    },
}
CALL = {
    "appType": "EXTERNAL",
    "engagementAttributes": [PERSON, CUSTOMER],
    "appDetails": {"ipAddress": "10.31.33.7", "os": "IOS"},
}


def client(personal):
    return create_app(Settings(journal_personal=personal)).test_client(use_cookies=False)


def recorded(client):
    return client.get("/__admin/journal").json["exchanges"][0]


def test_personal_data_is_kept_by_default():
    asked = client(Settings().journal_personal)
    asked.post(JS_DOOR, json=CALL, headers={"Cookie": "LPVID=a"})

    record = recorded(asked)

    assert json.loads(record["call"]["body"]) == CALL
    assert record["call"]["headers"]["cookie"] == "LPVID=a"


@pytest.mark.parametrize("personal", ["keep", "redact"])
def test_credentials_are_never_kept(personal):
    asked = client(personal)
    asked.post(JS_DOOR, json={}, headers={"Authorization": "Bearer top-secret", "Proxy-Authorization": "Basic secret"})

    assert "secret" not in json.dumps(recorded(asked))
    assert recorded(asked)["call"]["headers"]["authorization"] == "[redacted]"


def test_with_the_switch_the_journal_knows_that_there_was_a_person_and_not_who():
    asked = client("redact")
    asked.post(JS_DOOR, json=CALL, headers={"Cookie": "LPVID=secret"})

    record = recorded(asked)
    body = json.loads(record["call"]["body"])

    assert record["reply"]["status"] == 200
    for telling in ("secret", "31337", "1995", "10.31.33.7"):
        assert telling not in json.dumps(record)
    assert body["engagementAttributes"][0]["personal"]["contacts"] == [
        {"email": "[redacted]", "phone": "[redacted]", "phoneType": "HOME"}
    ]
    assert body["engagementAttributes"][1]["info"]["balance"] == 7
    assert body["appDetails"] == {"ipAddress": "[redacted]", "os": "IOS"}


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b'{"firstname": "secret"', id="broken JSON"),
        pytest.param(b'"secret"'[:-1], id="broken text"),
        pytest.param(b"\xff secret", id="not UTF-8"),
        pytest.param(b'{"a":' * 900 + b'{"firstname":"secret"}' + b"}" * 900, id="deep"),
        pytest.param(b'{"appDetails": {"ipAddress": "secret"}}', id="refused value"),
        pytest.param(b'{"FirstName": "secret"}', id="other capitals"),
        pytest.param(b'{"first_name": "secret", "e-mail": {"vid": "secret"}}', id="misspelt members"),
        pytest.param(b'{"appDetails": {"ip": "secret", "os": "IOS"}}', id="unknown member inside"),
        pytest.param(b'"secret"', id="text instead of an object"),
        pytest.param(b'["secret", {"sid": "secret"}]', id="list instead of an object"),
    ],
)
def test_a_call_that_was_refused_gives_nobody_away_either(sent):
    asked = client("redact")
    asked.post(f"{JS_DOOR}?email=secret&mail=secret&ip=secret", data=sent, content_type="application/json")

    assert "secret" not in json.dumps(recorded(asked))


@pytest.mark.parametrize(
    "header",
    [
        "Cookie", "Referer", "LP-URL", "LP-DOMAIN-REFERER", "From", "Via", "Remote-User", "X-Customer",
        "Forwarded", "X-Forwarded-For", "X-Forwarded-User", "X-Forwarded-Email", "X-Original-Forwarded-For",
        "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Remote-IP", "X-Originating-IP", "True-Client-IP",
        "CF-Connecting-IP", "CF-Connecting-IPv6", "Fastly-Client-IP", "Fly-Client-IP", "X-Azure-ClientIP",
        "X-Envoy-External-Address", "X-AppEngine-User-IP", "Proxy-Client-IP", "WL-Proxy-Client-IP",
    ],
)  # fmt: skip
def test_no_header_that_may_say_who_the_client_is_is_kept(header):
    asked = client("redact")
    asked.post(JS_DOOR, json={}, headers={header: "secret"})

    record = recorded(asked)
    assert "secret" not in json.dumps(record)
    assert record["call"]["headers"][header.lower()] == "[redacted]", "a test sees that it was sent"


def test_the_headers_that_say_how_to_read_a_call_are_kept():
    sent = {"Prefer": "code=200", "User-Agent": "button/1.0", "Accept": "*/*", "Origin": "https://shop.test"}
    asked = client("redact")
    asked.post(f"{JS_DOOR}?sid=abc", json={}, headers=sent)

    call = recorded(asked)["call"]
    assert call["headers"] == {
        **{name.lower(): value for name, value in sent.items()},
        "host": "localhost", "content-type": "application/json", "content-length": "2",
    }  # fmt: skip
    assert call["query"] == [["sid", "abc"]]


def test_of_the_connection_only_the_port_is_kept():
    asked = client("redact")
    asked.post(JS_DOOR, json={}, environ_overrides={"REMOTE_ADDR": "2001:db8::7", "REMOTE_PORT": "53312"})

    assert recorded(asked)["call"]["connection"] == "[redacted]:53312"


@pytest.mark.parametrize("personal", ["keep", "redact"])
@pytest.mark.parametrize("header", ["X-API-Key", "X-Auth-Token", "Automation-Secret", "Email-Token", "Credit-Card-Ref"])
def test_no_header_that_opens_something_is_ever_kept(personal, header):
    asked = client(personal)
    asked.post(JS_DOOR, json={}, headers={header: "opens-it"})

    assert "opens-it" not in json.dumps(recorded(asked))


def test_a_near_miss_gives_nobody_away():
    asked = client("redact")
    wanted = [{"type": "personal", "personal": {"firstname": "Bob"}}]
    stub = {"when": {"engagement_attributes": wanted, "app_details": {"ipAddress": "::1"}}, "then": "not_available"}
    asked.put("/__admin/scenario", json={"scenario": {"scenario": "mine", "stubs": [stub]}})
    asked.post(JS_DOOR, json=CALL)

    record = recorded(asked)

    assert record["near_misses"] != []
    assert "secret" not in json.dumps(record)
    assert "10.31.33.7" not in json.dumps(record)


def test_what_is_personal_is_named_as_the_contract_names_it():
    members = set()

    def walk(node):
        if isinstance(node, dict):
            members.update(name.lower() for name in node.get("properties", {}))
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(read_document())

    assert members >= PERSONAL


def test_the_logs_hold_nothing_personal():
    with running("--access-log", "on") as served:
        served.ask("POST", f"{JS_DOOR}?email=secret", json_body=CALL, headers={"Cookie": "LPVID=secret"})
        served.ask("POST", JS_DOOR, json_body={**CALL, "appType": "secret"})
        served.ask("PUT", "/__admin/rules", json_body={"accounts": ["secret"]})

        said = eventually(served.log, lambda said: '"PUT' in said)
        assert '"POST' in said
        assert "secret" not in said
