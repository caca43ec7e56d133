"""Who may steer: programs of this machine, or whoever has the token."""

import pytest

from mockserver.web.admin.requests import MOST_BODY
from mockserver.web.admin.routes import ROUTES
from tests.support.serving.in_process import Mock

TOKEN = "s3cret-token"


@pytest.fixture(scope="module")
def guarded():
    """Serve with an admin token."""
    return Mock(admin_token=TOKEN)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1:8080", "127.9.9.9", "[::1]:8080", "LOCALHOST", "blue.localhost"]
)
def test_this_machine_may_steer_without_a_token(mock, host):
    assert mock.admin("GET", "/rules", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.test", "localhost.evil.test", "10.0.0.1", "mock_server:8080", "0.0.0.0", "127.0.0.1.evil.test"]
)
def test_a_host_name_that_was_made_to_point_here_is_forbidden(mock, host):
    answer = mock.admin("PUT", "/seed", {"seed": 1}, headers={"Host": host})

    assert answer.status_code == 403
    assert "set an admin token" in answer.json["error"]
    assert mock.steer("GET", "/seed") == {"seed": 7}


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.test",
        "null",
        "http://localhost.evil.test",
        "file://",
        "http://[",
        "",
        "http://127.0.0.1@evil.test",
    ],
)
def test_a_page_of_another_origin_is_forbidden(mock, origin):
    answer = mock.admin("POST", "/reset", headers={"Origin": origin})

    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:3000",
        "http://127.0.0.1:8080",
        "http://localhost",
        "https://localhost:8080",
        "http://x.localhost",
    ],
)
def test_a_page_of_another_local_port_or_name_is_a_page_of_another_origin(mock, origin):
    answer = mock.admin("POST", "/reset", headers={"Origin": origin, "Host": "localhost:8080"})

    assert answer.status_code == 403
    assert origin in answer.json["error"]
    assert "only pages of http://localhost:8080 may" in answer.json["error"]


@pytest.mark.parametrize(
    ("host", "origin"), [("localhost:8080", "http://LOCALHOST:8080"), ("[::1]:1", "http://[::1]:1")]
)
def test_a_page_of_the_server_itself_may_steer(mock, host, origin):
    headers = {"Host": host, "Origin": origin, "Sec-Fetch-Site": "same-origin"}

    assert mock.admin("GET", "/rules", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("fetched", "status"),
    [
        pytest.param({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403, id="image of another port"),
        pytest.param({"Sec-Fetch-Site": "Cross-Site"}, 403, id="another site"),
        pytest.param({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200, id="link"),
        pytest.param({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, 200, id="typed by hand"),
    ],
)
def test_what_a_browser_says_of_the_page_counts_where_it_sends_no_origin(mock, fetched, status):
    assert mock.admin("GET", "/rules", headers=fetched).status_code == status


def test_a_form_of_another_page_steers_nothing_even_where_the_browser_navigates(mock):
    answer = mock.admin("POST", "/reset", headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(None, id="none"),
        pytest.param("Bearer", id="no token"),
        pytest.param("Bearer ", id="empty token"),
        pytest.param("Bearer s3cret", id="half of it"),
        pytest.param(f"Basic {TOKEN}", id="another scheme"),
        pytest.param(TOKEN, id="no scheme"),
    ],
)
@pytest.mark.parametrize("route", [route for route in ROUTES if route.operation != "health"], ids=lambda r: r.operation)
def test_with_a_token_nobody_steers_without_it(guarded, route, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = guarded.admin(route.method, route.path.replace("<space>", "default"), headers=headers)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json == {"error": "the admin token is missing or wrong; send it as `Authorization: Bearer <token>`"}


def test_the_token_opens_the_api_from_everywhere():
    mock = Mock(admin_token="s3cret")
    headers = {"Authorization": "bearer  s3cret ", "Host": "mock.test", "Origin": "https://page.test"}

    assert mock.admin("GET", "/rules", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Host": "mock.test"}, {"Origin": "https://page.test"}])
def test_health_is_open_to_every_probe(guarded, headers):
    assert guarded.admin("GET", "/health", headers=headers).status_code == 200


def test_the_token_is_not_asked_for_at_the_contracts_routes(guarded):
    assert guarded.js().status_code == 200


def test_a_body_is_called_json(mock):
    answer = mock.admin("PUT", "/seed", data=b'{"seed": 1}', content_type="text/plain")

    assert answer.status_code == 415
    assert answer.json == {"error": "the Content-Type must be application/json, got 'text/plain'"}


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b'{"seed": 1e999}'])
def test_what_is_not_json_is_refused(mock, data):
    answer = mock.admin("PUT", "/seed", data=data, content_type="application/json")

    assert answer.status_code == 400
    assert "the body is not JSON" in answer.json["error"]


def test_a_body_over_the_limit_is_refused():
    mock = Mock(max_body_bytes=MOST_BODY * 2)

    answer = mock.admin("PUT", "/scenario", {"text": "x" * MOST_BODY})

    assert answer.status_code == 413
    assert f"larger than the {MOST_BODY} bytes that the admin API reads" in answer.json["error"]


def test_the_limit_for_calls_is_none_for_the_admin_api():
    assert Mock(max_body_bytes=1).steer("PUT", "/seed", {"seed": 5}) == {"seed": 5}


def test_a_parameter_that_is_unknown_is_refused(mock):
    answer = mock.admin("GET", "/rules", query="space=blue")

    assert answer.status_code == 400
    assert answer.json == {"error": "the query parameter 'space' is unknown here"}
