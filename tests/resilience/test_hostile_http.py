"""What is no request, or two in one, is refused in the contract's shape, and costs nobody else anything."""

import hmac
import inspect
import json
import re

import pytest

from mockserver.web.admin import guard as admin_guard
from tests.support.calling.attacks import ATTACKS
from tests.support.calling.wire import Wire, request
from tests.support.pages.markdown import tables
from tests.support.pages.walk import CHECKOUT
from tests.support.serving.running import running

JS_DOOR = "/api/account/1/getEngagement"
SCRIPT = "/csdr/account/1/service/smt/baseURI.lpCsds?version=1.0&cb="
LINES = "%0d%0aX-Injected:%20yes"


@pytest.fixture(scope="module")
def guarded():
    with running("--admin-token", "the-right-token", "--cors", "on") as server:
        yield server


def told_about(served, sent):
    """Send bytes and return all that comes back until the server hangs up."""
    with Wire(served.url) as wire:
        wire.send(sent)
        return wire.everything()


# --- what gunicorn refuses -------------------------------------------------------------------------------


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_refused_once_in_the_contracts_shape_and_hung_up_on(served, attack):
    head, _, body = told_about(served, attack.sent).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 %d " % attack.status)
    assert b"\r\ncontent-type: application/json" in head.lower()
    assert json.loads(body).keys() == {"time", "message", "internalCode"}, "one reply, and nothing behind it"
    assert served.ask("POST", JS_DOOR).status == 200


def test_the_page_lists_each_attack_with_its_status():
    rows = [row for row in tables(CHECKOUT / "docs/reference/robustness.md") if "what is sent" in row]

    assert {row["what is sent"]: int(row["status"]) for row in rows} == {n: a.status for n, a in ATTACKS.items()}


def test_a_refusal_is_logged_without_what_the_client_sent():
    with running() as served:
        told_about(served, b"GET /?email=anna@example.com HTTP/9.9\r\nHost: a\r\n\r\n")
        told_about(served, b"GET / HTTP/1.1\r\nHost: a\r\nCookie LPVID=anna\r\n\r\n")

        assert served.log().count("refused with 400") == 2
        assert "anna" not in served.log()


def test_a_header_with_an_underscore_is_not_taken_for_one_with_a_dash(served):
    sent = request("POST", JS_DOOR, b"{}").replace(b"Host:", b"Mock_Space: smuggled\r\nConnection: close\r\nHost:")
    reply = told_about(served, sent)

    assert reply.startswith(b"HTTP/1.1 200 ")
    assert "smuggled" not in served.ask("GET", "/__admin/spaces").json["spaces"]


# --- paths, hosts, origins -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/__console/../../etc/passwd",
        "/__console/static/..%2f..%2fcli.py",
        "/__admin/../../etc/passwd",
        "/__admin/spaces/..%2f..%2fetc%2fpasswd",
        "/__space/../__admin/health",
        "/__space/..%2f/__admin/health",
        "/__admin//health",
        "/__admin/health/",
        "//__admin/health",
        "///__admin/health",
        "/%2f__admin/health",
        "/__space/x//__admin/health",
        "/./__admin/health",
        "/x/../__admin/health",
        "http://127.0.0.1//__admin/health",
        "//api/account/1/getEngagement",
        "/api/account/1%00/getEngagement",
        "/api/account/..%2f1/getEngagement",
    ],
)
def test_a_path_that_climbs_leads_nowhere(served, path):
    with Wire(served.url) as wire:
        wire.send(request("GET", path))
        reply = wire.reply()

    assert reply.status in (400, 404, 405)
    assert b"root:" not in reply.body
    assert b"import" not in reply.body


@pytest.mark.parametrize("written", ["//", "///", "/%2f", "/__space/x//", "http://127.0.0.1//", "/x/../"])
def test_no_spelling_of_a_path_grants_a_page_what_the_admin_api_denies(served, written):
    asked = {"Origin": "http://evil.example", "Access_Control_Request_Method": "DELETE", "Connection": "close"}
    replies = [
        told_about(served, request(method, f"{written}__admin/journal", **asked))
        for method in ("OPTIONS", "DELETE", "GET")
    ]

    assert [reply.split(b" ", 2)[1] for reply in replies] == [b"404"] * 3


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([], id="none"),
        pytest.param(["Host:"], id="empty"),
        pytest.param(["Host: a b"], id="blank"),
        pytest.param(["Host: a@b"], id="user"),
        pytest.param(["Host: a:b"], id="port that is no number"),
    ],
)
def test_a_call_that_names_no_host_is_refused_in_the_contracts_shape(served, lines):
    head = ["POST /api/account/1/getEngagement HTTP/1.1", *lines, "Content-Length: 0", "Connection: close", "", ""]
    head, _, body = told_about(served, "\r\n".join(head).encode()).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nmock-clause: req-400-host" in head.lower()
    assert json.loads(body).keys() == {"time", "message", "internalCode"}


def test_the_host_of_a_target_with_scheme_and_host_counts_before_the_header(served):
    path = "/api/account/1/service/smt/baseURI.json?version=1.0"
    reply = told_about(served, request("GET", f"http://mock_server:81{path}", Connection="close"))

    assert json.loads(reply.partition(b"\r\n\r\n")[2])["baseURI"] == "mock_server:81"


def test_old_http_without_a_host_is_told_the_address_that_it_asked(served):
    path = "/api/account/1/service/smt/baseURI.json?version=1.0"
    reply = told_about(served, f"GET {path} HTTP/1.0\r\n\r\n".encode())

    assert json.loads(reply.partition(b"\r\n\r\n")[2])["baseURI"] == served.url.removeprefix("http://")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "[::2]", "", "@"])
def test_a_host_name_that_was_bent_to_this_machine_may_not_steer(served, host):
    sent = request("GET", "/__admin/spaces", Connection="close").replace(b"127.0.0.1", host.encode())
    reply = told_about(served, sent)

    assert reply.split(b" ", 2)[1] in (b"400", b"403")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example", "http://[", "x"])
def test_a_page_of_another_origin_may_not_steer_and_is_not_told_otherwise(served, origin):
    answers = [
        served.ask("GET", "/__admin/journal", headers={"Origin": origin}),
        served.ask("OPTIONS", "/__admin/reset", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}),
        served.ask("POST", "/__admin/reset", headers={"Origin": origin}),
    ]

    assert [answers[0].status, answers[2].status] == [403, 403]
    assert not [name for answer in answers for name in answer.headers if name.lower().startswith("access-control-")]


def test_a_page_of_another_origin_may_call_the_contract_but_reads_no_wildcard(served):
    answer = served.ask("POST", JS_DOOR, headers={"Origin": "http://shop.example"})

    assert answer.headers["Access-Control-Allow-Origin"] == "http://shop.example"
    assert "Origin" in answer.headers["Vary"]


# --- the admin token -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("Bearer", id="none"),
        pytest.param("Bearer the-right-toke", id="too short"),
        pytest.param("Bearer the-right-token2", id="too long"),
        pytest.param("Bearer THE-RIGHT-TOKEN", id="other case"),
        pytest.param("Basic the-right-token", id="other scheme"),
        pytest.param("Bearer the-right-token, Bearer x", id="list"),
        pytest.param("Bearer caf\xe9", id="not ASCII"),
    ],
)
def test_a_wrong_token_is_refused(guarded, authorization):
    answer = guarded.ask("GET", "/__admin/spaces", headers={"Authorization": authorization})

    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_the_right_token_opens(guarded):
    answer = guarded.ask("GET", "/__admin/spaces", headers={"Authorization": "Bearer the-right-token"})

    assert answer.status == 200


def test_how_much_of_a_token_is_right_cannot_be_timed():
    decides = inspect.getsource(admin_guard)

    assert admin_guard.hmac.compare_digest is hmac.compare_digest
    assert "compare_digest(given.strip().encode(), token.encode())" in decides
    assert not re.search(r"token\s*[!=]=|[!=]=\s*token", decides)


# --- what is echoed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(request("POST", JS_DOOR, b'{"a\\r\\nX-Injected: yes": 1}'), id="member in Mock-Violations"),
        pytest.param(request("POST", JS_DOOR, b'{"appType": "\\r\\nX-Injected: yes"}'), id="value in Mock-Violations"),
        pytest.param(request("POST", JS_DOOR, b'{"vid": "a\\r\\nX-Injected: yes"}'), id="visitor in Set-Cookie"),
        pytest.param(request("POST", f"{JS_DOOR}?a{LINES}=1", b"{}"), id="query in Mock-Violations"),
        pytest.param(request("GET", f"{SCRIPT}f{LINES}"), id="callback"),
        pytest.param(request("GET", f"/nowhere{LINES}"), id="path"),
        pytest.param(request("GET", f"/__space/a{LINES}/x"), id="space"),
        pytest.param(request("POST", JS_DOOR, b"{}", Origin="http://a\\r\\nX-Injected: yes"), id="origin"),
        pytest.param(request("POST", JS_DOOR, b"{}", Prefer=f"code={LINES}"), id="preference"),
        pytest.param(request("POST", JS_DOOR, b"{}", Cookie="LPVID=a%0d%0aX-Injected: yes"), id="cookie"),
    ],
)
def test_nothing_that_a_client_sends_becomes_a_header_of_its_own(served, sent):
    with Wire(served.url) as wire:
        wire.send(sent)
        reply = wire.reply()

    assert "x-injected" not in reply.headers
    assert reply.status < 500


@pytest.mark.parametrize("callback", ["alert(1)//", "<script>", "a;b", "a%22b", "a%0db"])
def test_a_callback_that_is_no_name_is_not_echoed_as_script(served, callback):
    answer = served.ask("GET", f"{SCRIPT}{callback}")

    assert answer.status == 400
    assert "javascript" not in answer.headers.get("Content-Type", "")
