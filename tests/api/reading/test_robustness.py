"""Whatever is sent: a documented error entity, never a 500, and the server goes on."""

import pytest

from tests.support.serving.in_process import Mock, broken, refusal_of

JS = "/api/account/1/getEngagement"


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"a":' * 100_000], ids=["deep brackets", "deep braces"])
def test_a_body_that_no_reader_takes_is_refused(mock, door, data):
    answer = door.ask(mock, data=data, content_type="application/json")

    assert refusal_of(answer) == (400, 5, "body", ["REQ-400-DEPTH"])


@pytest.mark.parametrize(
    ("member", "value", "status"),
    [
        pytest.param("appDetails", b'{"osVersion":"\\u0000"}', 200, id="NUL in a text"),
        pytest.param("vid", b'"\\u0000"', 401, id="NUL in an id"),
        pytest.param("colour", b"[" * 900 + b"]" * 900, 200, id="as deep as a reader goes"),
        pytest.param(
            "engagementAttributes", b'[{"type":"cart","numItems":1,"total":' + b"9" * 300 + b"}]", 200, id="300 digits"
        ),
        pytest.param(
            "engagementAttributes", b'[{"type":"cart","numItems":1,"total":-1e308}]', 200, id="largest number"
        ),
        pytest.param("consumerSections", b'["' + b"x" * 100_000 + b'"]', 200, id="long text"),
        pytest.param("vid", b'"' + b"x" * 100_000 + b'"', 401, id="long id"),
        pytest.param("appType", b'"' + b"x" * 100_000 + b'"', 400, id="long choice"),
        pytest.param("consumerSections", b"[" + b"1," * 20_000 + b"1]", 400, id="20,000 violations"),
    ],
)
def test_odd_values_are_judged_like_others(mock, member, value, status):
    answer = mock.js(data=b'{"' + member.encode() + b'":' + value + b"}", content_type="application/json")

    assert answer.status_code == status, answer.text[:300]
    assert all(len(text) <= 4200 for text in answer.headers.values())
    assert len(answer.data) < 10_000


def test_of_very_many_violations_the_first_thousand_are_told(mock):
    answer = mock.js({"consumerSections": [1] * 5000})

    [exchange] = mock.journal()
    assert answer.json["message"].endswith(", consumerSections.49 and 951 more")
    assert len(exchange["violations"]) == 1001
    assert exchange["violations"][-1]["what"] == "is wrong in more places than the 1000 told"


@pytest.mark.parametrize(
    "content_type",
    [
        "APPLICATION/JSON",
        "application/json;",
        " application/json ;x",
        "application/json;;;",
    ],
)
def test_json_is_json_under_any_spelling(mock, content_type):
    assert mock.js(data=b"{}", content_type=content_type).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["application/json, text/plain", "application/jsonx", "é", "a" * 5000, "/", ";"]
)
def test_what_is_not_json_is_415(mock, content_type):
    answer = mock.js(data=b"{}", content_type=content_type.encode().decode("latin-1"))

    assert refusal_of(answer) == (415, 5, "Content-Type", ["REQ-415"])


@pytest.mark.parametrize("path", [JS, "/nothing", "/__admin/nothing", "/api/account/1/service/baseURI.json"])
def test_a_body_over_the_limit_is_refused_wherever_it_is_sent(path):
    mock = Mock(max_body_bytes=100)
    answers = [mock.ask("POST", path, data=b"x" * size, content_type="application/json") for size in (100, 101)]

    assert [answer.status_code for answer in answers] == {
        JS: [400, 413],
        "/nothing": [404, 404],
        "/__admin/nothing": [404, 404],
        "/api/account/1/service/baseURI.json": [405, 405],
    }[path]


def test_a_body_over_the_limit_is_told_with_the_limit():
    answer = Mock(max_body_bytes=100).js(data=b"x" * 101, content_type="application/json")

    assert refusal_of(answer) == (413, 5, "body", ["REQ-413"])
    assert broken(answer) == [("body", "REQ-413")]
    assert "at most 100 bytes; the setting is max_body_bytes" in answer.headers["Mock-Violations"]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        pytest.param("/api/account/1/getEngagements", "/api/account/<accountId>/getEngagement", id="one letter more"),
        pytest.param("/", "", id="nothing"),
        pytest.param("/favicon.ico", "", id="what browsers ask"),
        pytest.param("/static/x", "", id="no static files"),
        pytest.param("/" + "x" * 100_000, "", id="long"),
        pytest.param("/%00%ff%0d%0a", "", id="control characters"),
        pytest.param("/../../etc/passwd", "", id="upwards"),
        pytest.param("//evil.test/", "", id="another host"),
        pytest.param("/__space/blue", "", id="a space and no more"),
    ],
)
def test_an_unknown_path_is_404_with_the_nearest_one(mock, path, meant):
    answer = mock.ask("GET", path)

    status, code, message, clauses = refusal_of(answer)
    assert (status, code, clauses) == (404, 28, ["REQ-404"])
    assert (f"did you mean '{meant}'?" in message) if meant else ("did you mean" not in message)
    assert len(message) < 400


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
def test_another_method_is_405_with_those_that_are_allowed(mock, method):
    answer = mock.ask(method, JS)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "OPTIONS, POST"
    assert answer.headers["Mock-Clause"] == "REQ-405"
    if method == "HEAD":
        assert answer.data == b""
    else:
        assert refusal_of(answer)[:3] == (405, 5, f"{method} is not allowed here; allowed: OPTIONS, POST")


def test_head_is_answered_like_get_without_the_body(mock):
    path = "/api/account/1/service/smt/baseURI.json?version=1.0"

    head, get = mock.ask("HEAD", path), mock.ask("GET", path)

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_options_says_what_is_allowed(mock):
    answer = mock.ask("OPTIONS", "/api/account/1/app/engagement/visitors/123")

    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "PUT", "OPTIONS"}


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([("Cookie", "LPVID=a"), ("Cookie", "LPVID=b")], id="repeated cookie"),
        pytest.param([("Cookie", "x" * 10_000)], id="long cookie"),
        pytest.param([("Cookie", 'LPVID="\\377\\000"')], id="cookie in octal"),
        pytest.param([("X-Trace", "\xff\xfe")], id="Latin-1 header"),
        pytest.param([("Accept", "text/html")], id="wants HTML"),
        pytest.param([("Range", "bytes=0-1"), ("If-None-Match", "*")], id="conditional"),
        pytest.param([("Expect", "tea")], id="unknown expectation"),
        pytest.param([("Authorization", "Basic ???")], id="broken credentials"),
        pytest.param([("Prefer", "\xff=\x01")], id="broken preference"),
        pytest.param([("Host", "\xff")], id="broken host"),
    ],
)
def test_odd_headers_are_no_failure(mock, headers):
    answer = mock.js(headers=headers)

    assert answer.status_code in (200, 400)
    assert len(mock.journal()) == 1


@pytest.mark.parametrize("query", ["%ff=%ff", "&&&==", "v=%00", "=&=", "v[]=1", "a=" + "x" * 100_000, "+", "%"])
def test_an_odd_query_is_no_failure(mock, query):
    assert mock.js(query=query).status_code == 200
    assert mock.rest(query=query).status_code == 400
    assert len(mock.journal()) == 2
