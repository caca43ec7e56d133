"""Browsers of other origins: what the contract's routes let them do."""

import pytest

from tests.support.serving.in_process import Mock, refusal_of

PAGE = {"Origin": "https://page.test"}
JS = "/api/account/1/getEngagement"


@pytest.mark.parametrize("body", [{}, {"appType": "WEB"}])
def test_the_origin_is_echoed_on_replies_and_refusals(mock, body):
    answer = mock.js(body, headers=PAGE)

    assert answer.headers["Access-Control-Allow-Origin"] == "https://page.test"
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Location" in answer.headers["Access-Control-Expose-Headers"]
    assert "Mock-Violations" in answer.headers["Access-Control-Expose-Headers"]
    assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("path", [JS, "/api/account/1/app/engagement/visitors/123", f"/__space/blue{JS}"])
def test_a_browser_may_ask_first(mock, path):
    asked = {**PAGE, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}

    answer = mock.ask("OPTIONS", path, headers=asked)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://page.test"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, POST, PUT, PATCH, OPTIONS"
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"Content-Type", "Accept", "X-HTTP-Method-Override", "LP-URL", "LP-DOMAIN-REFERER"} <= set(allowed)
    assert {"Prefer", "Mock-Space"} <= set(allowed)


def test_a_question_asked_first_is_no_exchange(mock):
    mock.ask("OPTIONS", JS, headers=PAGE)

    assert mock.journal() == []


def test_an_unknown_path_is_readable_for_the_page_too(mock):
    answer = mock.ask("GET", "/nothing", headers=PAGE)

    assert refusal_of(answer)[0] == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "https://page.test"


def test_without_an_origin_nothing_is_added(mock):
    assert not [name for name in dict(mock.js().headers) if name.startswith(("Access-Control", "Vary"))]


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("space", [None, "blue"])
def test_the_admin_api_is_closed_to_pages(mock, method, space):
    answer = mock.admin(method, "/rules", headers={"Origin": "http://localhost:3000"}, space=space)

    assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]


def test_it_can_be_switched_off():
    mock = Mock(cors=False)

    for answer in (mock.js(headers=PAGE), mock.ask("OPTIONS", JS, headers=PAGE)):
        assert not [name for name in dict(answer.headers) if name.startswith("Access-Control")]


def test_what_a_scenario_says_of_origins_stands_as_it_is(mock):
    headers = {"Access-Control-Allow-Origin": "https://other.test"}
    mock.play({"then": {"reply": {"status": 500, "headers": headers, "body": {}}, "off_contract": True}})

    answer = mock.js(headers=PAGE)

    assert [value for name, value in answer.headers if name.startswith("Access-Control")] == ["https://other.test"]
