"""The REST door: what it asks for beyond what both doors do."""

import pytest

from tests.support.builders import ACCOUNT
from tests.support.serving.in_process import broken, ids, refusal_of

VISITORS = f"/api/account/{ACCOUNT}/app/engagement/visitors"
MINIMAL = {"appType": "EXTERNAL"}


@pytest.mark.parametrize("app_type", ["EXTERNAL", "MSDK"])
def test_both_app_types_are_served(mock, app_type):
    assert mock.rest({"appType": app_type}).json["status"] == "Available"


@pytest.mark.parametrize("body", [{}, {"appType": "IVR"}, {"appType": "msdk"}, {"appType": None}])
def test_the_app_type_is_required_and_one_of_two(mock, body):
    answer = mock.rest(body)

    assert refusal_of(answer) == (400, 5, "appType", ["REST-400-APPTYPE"])
    assert broken(answer) == [("body.appType", "REST-400-APPTYPE")]


@pytest.mark.parametrize(
    "version",
    [
        *("2.0", None, "", "one", "1.1", "1.0.0", "9" * 400, "1_0", "\u0661", "0x1", "1,0", "1.", ".1", "1.0\n"),
        # The same number, or nearly, in other forms.
        *(
            "+1",
            "+1.0",
            "-1",
            "01",
            "01.0",
            "1e0",
            "1.0e0",
            " 1",
            "1 ",
            "1.0000000000000000001",
            "0.9999999999999999999",
        ),
    ],
)
def test_any_version_but_one_is_illegal(mock, version):
    answer = mock.rest(v=version)

    assert refusal_of(answer) == (400, 33, "Illegal Version", ["REST-400-VERSION"])
    assert broken(answer) == [("query.v", "REST-400-VERSION")]


@pytest.mark.parametrize("version", ["1", "1.0", "1.00", "1." + "0" * 400])
def test_the_version_has_as_many_zeros_as_the_client_likes(mock, version):
    assert mock.rest(query=[("v", version)]).status_code == 200


def test_a_first_request_may_leave_out_the_slash_at_the_end(mock):
    answer = mock.ask("POST", VISITORS, MINIMAL, query={"v": "1.0"})

    assert answer.status_code == 200
    assert [exchange["operation"] for exchange in mock.journal()] == ["createFirstSession"]


def test_the_visitor_stands_in_the_path_and_the_session_in_the_query(mock):
    opened = ids(mock.ask("POST", f"{VISITORS}/", MINIMAL, query={"v": "1.0"}))

    answer = mock.ask("POST", f"{VISITORS}/{opened['vid']}", MINIMAL, query={"v": "1.0", "sid": opened["sid"]})

    assert ids(answer) == opened


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"/api/account/{ACCOUNT}/app/engagement/visitor/123", id="singular"),
        pytest.param(f"{VISITORS}/123/", id="slash after the visitor"),
        pytest.param(f"{VISITORS}/123/456", id="one segment more"),
        pytest.param(f"{VISITORS}//", id="two slashes"),
        pytest.param(f"/{VISITORS}/123", id="two slashes in front"),
        pytest.param("/api/account//app/engagement/visitors/123", id="no account"),
        pytest.param(f"/api/account/{ACCOUNT}/app/engagement/Visitors/123", id="capital letter"),
    ],
)
def test_other_paths_are_not_served(mock, path):
    answer = mock.ask("POST", path, MINIMAL, query={"v": "1.0"})

    status, code, message, clauses = refusal_of(answer)
    assert (status, code, clauses) == (404, 28, ["REQ-404"])
    assert message.startswith("nothing is served at")


def test_the_singular_path_is_led_to_the_plural_one(mock):
    answer = mock.ask("POST", f"/api/account/{ACCOUNT}/app/engagement/visitor/123", MINIMAL)

    assert "did you mean '/api/account/<accountId>/app/engagement/visitors/" in answer.json["message"]


@pytest.mark.parametrize("name", ["v", "sid"])
def test_a_listed_parameter_is_sent_once(mock, name):
    query = [("v", "1.0"), ("sid", "456"), (name, {"v": "1.0", "sid": "456"}[name])]

    answer = mock.rest(vid="123", query=query)

    assert refusal_of(answer) == (400, 5, name, ["REQ-400-REPEATED"])
    assert broken(answer) == [(f"query.{name}", "REQ-400-REPEATED")]


def test_search_info_is_reported_by_pages_and_not_by_mobile_apps(mock):
    attributes = [{"type": "searchInfo"}]

    page, app = (mock.rest({"appType": kind, "engagementAttributes": attributes}) for kind in ("EXTERNAL", "MSDK"))

    assert page.status_code == 200
    assert refusal_of(app) == (400, 5, "engagementAttributes.0.type", ["GE-400-SEARCHINFO-MSDK"])


@pytest.mark.parametrize("options", [{"data": b""}, {"data": b"", "content_type": "application/json"}])
def test_a_body_is_required(mock, options):
    answer = mock.rest(**options)

    assert refusal_of(answer) == (400, 5, "body", ["GE-400-BODY"])
    assert broken(answer) == [("body", "GE-400-BODY")]
