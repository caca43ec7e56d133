"""The path of a call is one thing: what is checked is what is served."""

from urllib.parse import unquote

import pytest

from tests.support.serving.in_process import Mock, broken, refusal_of

PAGE = {"Origin": "https://page.test"}
JS = "/api/account/1/getEngagement"


def ask(mock, method, path, **headers):
    """Send *path* as it stands; the test client by itself would take what follows two slashes for a host."""
    sent = {"PATH_INFO": unquote(path), "RAW_URI": path}
    return mock.app.test_client().open("/", method=method, headers=headers, environ_overrides=sent)


#: Other ways to write a path, which other servers take for it.
BENT = pytest.mark.parametrize(
    "bend",
    [
        pytest.param(lambda path: f"/{path}", id="two slashes"),
        pytest.param(lambda path: f"//{path}", id="three slashes"),
        pytest.param(lambda path: f"/__space/blue/{path}", id="two slashes behind a space"),
        pytest.param(lambda path: f"/%2f{path[1:]}", id="escaped slash at the beginning"),
        pytest.param(lambda path: f"/.{path}", id="dot"),
        pytest.param(lambda path: f"/x/..{path}", id="two dots"),
        pytest.param(lambda path: f"/%2e%2e{path}", id="escaped dots"),
        pytest.param(lambda path: path.replace("/", "//"), id="two slashes everywhere"),
        pytest.param(lambda path: f"{path}/", id="slash at the end"),
        pytest.param(lambda path: f"/\\{path[1:]}", id="backslash"),
        pytest.param(lambda path: path.upper(), id="capitals"),
    ],
)


@BENT
@pytest.mark.parametrize(("method", "path"), [("POST", JS), ("GET", "/__admin/rules"), ("DELETE", "/__admin/journal")])
def test_a_path_that_is_written_otherwise_is_another_path(mock, bend, method, path):
    mock.js()

    answer = ask(mock, method, bend(path), **PAGE)

    assert answer.status_code == 404
    assert len(mock.journal()) in (1, 2), "nothing was cleared"


@BENT
def test_no_spelling_grants_a_page_what_the_admin_api_denies(mock, bend):
    path = bend("/__admin/journal")

    answer = ask(mock, "OPTIONS", path, **PAGE, **{"Access-Control-Request-Method": "DELETE"})

    assert answer.status_code >= 400, "a browser takes any refusal for a no"


@pytest.mark.parametrize(
    ("written", "path"),
    [
        pytest.param("/__admin/journal", "/__admin/journal", id="plain"),
        pytest.param("/__admin%2fjournal", "/__admin/journal", id="escaped slash"),
        pytest.param("/%5f_admin/journal", "/__admin/journal", id="escaped letter"),
        pytest.param("/__space/blue%2f__admin/journal", "/__admin/journal", id="escaped slash behind a space"),
    ],
)
def test_an_escaped_path_is_the_path_for_the_route_and_for_the_check(mock, written, path):
    plain, escaped = (mock.ask("GET", p, headers={"Origin": "http://localhost"}) for p in (path, written))
    asked = {**PAGE, "Access-Control-Request-Method": "DELETE"}
    preflight = mock.ask("OPTIONS", written, headers=asked)

    assert escaped.status_code == plain.status_code == 200
    assert not [name for answer in (escaped, preflight) for name in dict(answer.headers) if "Access-Control" in name]


def test_an_escaped_path_of_the_contract_is_decoded_once(mock):
    answers = [mock.ask("POST", path, {}) for path in ("/api/account/%31/getEngagement", JS.replace("1", "%2531"))]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert broken(answers[1]) == [("path.accountId", "GE-400-ACCOUNT")]
    assert [e["call"]["path"] for e in mock.journal()] == [JS, "/api/account/%31/getEngagement"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"/{JS}", "slashes are not merged"),
        ("/api//account/1/getEngagement", "slashes are not merged"),
        (f"/x/..{JS}", ". and .. are not resolved"),
    ],
)
def test_the_refusal_says_why_the_path_is_another(mock, path, said):
    answer = ask(mock, "POST", path)

    status, code, message, clauses = refusal_of(answer)
    assert (status, code, clauses) == (404, 28, ["REQ-404"])
    assert said in message
    assert "did you mean" in message or "/x/" in path
    assert [e["operation"] for e in mock.journal()] == [None]


@pytest.mark.parametrize(("path", "status"), [("__admin/journal", 404), ("*", 404), ("x:__admin/journal?://", 400)])
def test_a_path_without_a_slash_leads_nowhere(mock, path, status):
    answer = ask(mock, "GET", path, **PAGE)

    assert refusal_of(answer)[0] == status
    assert ("a path begins with a slash" in answer.json["message"]) == (status == 404)


def test_a_target_of_nothing_but_a_host_asks_for_the_root(mock):
    sent = {"PATH_INFO": "", "RAW_URI": "http://localhost"}

    mock.app.test_client().get("/", environ_overrides=sent)

    assert [e["call"]["path"] for e in mock.journal()] == ["/"]


# --- the host --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["<script>", "a b/c", "x\\y", "a:b:c", "", "a@b", "a,b", "a:65536", "[::1", "[::zz]", "é"]
)
@pytest.mark.parametrize("path", ["/api/account/1/service/smt/baseURI.json?version=1.0", "/nowhere", "/__space/No/x"])
def test_a_host_that_is_none_is_refused(mock, host, path):
    answer = mock.ask("GET", path, headers={"Host": host.encode().decode("latin-1")})

    status, code, message, clauses = refusal_of(answer)
    assert (status, code, clauses) == (400, 5, ["REQ-400-HOST"])
    assert "wanted a name or an address" in message
    assert broken(answer) == [("header.Host", "REQ-400-HOST")]
    assert [e["operation"] for e in mock.journal()] == [None]


@pytest.mark.parametrize(("protocol", "status"), [("HTTP/1.1", 400), ("HTTP/1.0", 200)])
def test_only_old_http_may_leave_the_host_out(mock, protocol, status):
    answer = without_host(mock, "/api/account/1/service/smt/baseURI.json?version=1.0", protocol)

    assert answer.status_code == status
    assert answer.json.get("baseURI", "10.0.0.7:8080") == "10.0.0.7:8080", "the address that was asked"


def test_the_admin_api_wants_a_host_in_its_own_words(mock):
    answer = without_host(mock, "/__admin/rules", "HTTP/1.1")

    assert answer.status_code == 400
    assert "Host" in answer.json["error"]


def without_host(mock, path, protocol):
    """Ask with no Host header, at 10.0.0.7:8080."""

    def bare(environ, start_response):
        del environ["HTTP_HOST"]
        environ.update({"SERVER_PROTOCOL": protocol, "SERVER_NAME": "10.0.0.7", "SERVER_PORT": "8080"})
        return inside(environ, start_response)

    inside = mock.app.wsgi_app
    mock.app.wsgi_app = bare
    try:
        return mock.app.test_client().get(path)
    finally:
        mock.app.wsgi_app = inside


@pytest.mark.parametrize(
    ("target", "answered"),
    [
        pytest.param("http://other.test:81/x", "other.test:81", id="another host"),
        pytest.param("http://us@er/x", None, id="user"),
        pytest.param("/x?http://other.test/", "localhost", id="only in the query"),
    ],
)
def test_the_host_of_a_target_with_scheme_and_host_counts(target, answered):
    path = "/api/account/1/service/smt/baseURI.json?version=1.0"

    answer = Mock().app.test_client().get(path, environ_overrides={"RAW_URI": target})

    assert answer.status_code == (200 if answered else 400)
    assert answer.json.get("baseURI") == answered
