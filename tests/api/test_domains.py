"""The Domain API: every service is on the host that the caller used."""

import json
import re

import pytest

from tests.support.builders import ACCOUNT
from tests.support.serving.in_process import broken, refusal_of

VERSION = {"version": "1.0"}
KNOWN = ["msdkgw", "smt", "conversationVep", "adminArea", "acCdnDomain"]


@pytest.mark.parametrize("prefix", ["api", "csdr"])
def test_all_services_are_on_the_callers_host(mock, prefix):
    answer = mock.ask(
        "GET", f"/{prefix}/account/{ACCOUNT}/service/baseURI.json", query=VERSION, headers={"Host": "mock.test:8123"}
    )

    services = answer.json["baseURIs"]
    assert list(answer.json) == ["baseURIs"]
    assert {service["baseURI"] for service in services} == {"mock.test:8123"}
    assert {service["account"] for service in services} == {ACCOUNT}
    assert set(KNOWN) <= {service["service"] for service in services}


@pytest.mark.parametrize("prefix", ["api", "csdr"])
@pytest.mark.parametrize("ending", ["baseURI.json", "baseURI"])
def test_one_service_is_a_flat_object(mock, prefix, ending):
    answer = mock.ask(
        "GET", f"/{prefix}/account/{ACCOUNT}/service/smt/{ending}", query=VERSION, headers={"Host": "mock.test"}
    )

    assert answer.json == {"service": "smt", "account": ACCOUNT, "baseURI": "mock.test"}


def test_the_base_carries_the_space_that_was_chosen_by_path(mock):
    answer = mock.ask("GET", f"/api/account/{ACCOUNT}/service/smt/baseURI.json", query=VERSION, space="blue")

    assert answer.json["baseURI"] == "localhost/__space/blue"


def test_the_base_that_a_client_discovers_leads_back_to_its_space(mock):
    base = mock.ask("GET", "/api/account/1/service/msdkgw/baseURI.json", query=VERSION, space="blue").json["baseURI"]

    answer = mock.ask("POST", base.removeprefix("localhost") + "/api/account/1/getEngagement", {})

    assert answer.status_code == 200
    assert len(mock.journal(space="blue")) == 2


@pytest.mark.parametrize(
    ("host", "base"),
    [
        pytest.param("mock_server:8080", "mock_server:8080", id="name of a compose service"),
        pytest.param("Mock.Test", "mock.test", id="capitals"),
        pytest.param("mock.test:80", "mock.test", id="the usual port"),
        pytest.param("mock.test:", "mock.test", id="empty port"),
        pytest.param("mock.test:443", "mock.test:443", id="port of another scheme"),
        pytest.param("[::1]:8080", "[::1]:8080", id="IPv6"),
        pytest.param("a~b!c:65535", "a~b!c:65535", id="all that a name may have"),
    ],
)
def test_the_host_is_the_one_that_the_caller_used(mock, host, base):
    answer = mock.ask("GET", "/api/account/1/service/smt/baseURI.json", query=VERSION, headers={"Host": host})

    assert answer.json["baseURI"] == base


@pytest.mark.parametrize("prefix", ["api", "csdr"])
def test_the_script_calls_the_callback_with_the_host(mock, prefix):
    answer = mock.ask(
        "GET",
        f"/{prefix}/account/{ACCOUNT}/service/adminArea/baseURI.lpCsds",
        query={**VERSION, "cb": "lpTag.cb_0"},
        headers={"Host": "mock.test:8123"},
    )

    found = re.fullmatch(r"lpTag\.cb_0\((.*)\);", answer.text)
    assert answer.content_type == "application/javascript"
    assert json.loads(found[1]) == {"ResultSet": {"lpData": [{"lpServer": "mock.test:8123"}]}}


@pytest.mark.parametrize("prefix", ["api", "csdr"])
def test_the_script_of_all_services_hands_the_callback_the_list(mock, prefix):
    answer = mock.ask(
        "GET",
        f"/{prefix}/account/{ACCOUNT}/service/baseURI.lpCsds",
        query={**VERSION, "cb": "lpCb12x345"},
        headers={"Host": "mock.test:8123"},
    )

    found = re.fullmatch(r"lpCb12x345\((.*)\);", answer.text)
    listed = mock.ask(
        "GET", f"/api/account/{ACCOUNT}/service/baseURI.json", query=VERSION, headers={"Host": "mock.test:8123"}
    )
    assert answer.content_type == "application/javascript"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(found[1]) == {"ResultSet": {"lpData": listed.json}}


def test_the_script_of_all_services_carries_the_space_that_was_chosen_by_path(mock):
    query = {**VERSION, "cb": "f"}

    answer = mock.ask("GET", f"/csdr/account/{ACCOUNT}/service/baseURI.lpCsds", query=query, space="blue")

    assert '"service":"smt","account":"56072331","baseURI":"localhost/__space/blue"' in answer.text


@pytest.mark.parametrize("path", ["adminArea/baseURI.lpCsds", "baseURI.lpCsds"])
@pytest.mark.parametrize("callback", [None, "", "alert(1)", "a b", "1a", "a" * 129, "a\n", "<x>", "é"])
def test_only_the_name_of_a_function_is_called_back(mock, path, callback):
    query = VERSION if callback is None else {**VERSION, "cb": callback}

    answer = mock.ask("GET", f"/csdr/account/1/service/{path}", query=query)

    assert refusal_of(answer) == (400, 5, "cb", ["DOM-400-CALLBACK"])


LOOK_UPS = [
    pytest.param("/api/account/{}/service/baseURI.json", id="all"),
    pytest.param("/api/account/{}/service/smt/baseURI.json", id="one"),
    pytest.param("/csdr/account/{}/service/smt/baseURI.lpCsds?cb=x", id="script"),
    pytest.param("/csdr/account/{}/service/baseURI.lpCsds?cb=x", id="script of all"),
]


@pytest.mark.parametrize("path", LOOK_UPS)
@pytest.mark.parametrize("version", ["", "version=2.0", "version=one", "version="])
def test_any_version_but_one_is_illegal(mock, path, version):
    path = path.format(ACCOUNT)

    answer = mock.ask("GET", f"{path}{'&' if '?' in path else '?'}{version}")

    assert refusal_of(answer) == (400, 33, "Illegal Version", ["DOM-400-VERSION"])


@pytest.mark.parametrize("path", LOOK_UPS)
def test_an_account_of_the_wrong_form_is_refused(mock, path):
    path = path.format("a-b")

    answer = mock.ask("GET", f"{path}{'&' if '?' in path else '?'}version=1.0")

    assert refusal_of(answer) == (400, 5, "accountId", ["DOM-400-ACCOUNT"])


@pytest.mark.parametrize("path", LOOK_UPS)
def test_an_unknown_account_is_unauthorized(mock, path):
    mock.rules(accounts=["1"])
    path = path.format("2")

    answer = mock.ask("GET", f"{path}{'&' if '?' in path else '?'}version=1.0")

    assert refusal_of(answer) == (401, 10, "Unauthorized account access", ["DOM-401-ACCOUNT"])
    assert broken(answer) == [("path.accountId", "DOM-401-ACCOUNT")]


@pytest.mark.parametrize("service", ["Msdkgw", "MSDKGW", "nothing"])
def test_services_are_known_by_their_exact_names(mock, service):
    answer = mock.ask("GET", f"/api/account/1/service/{service}/baseURI.json", query=VERSION)

    assert refusal_of(answer) == (400, 5, "serviceName", ["DOM-400-SERVICE"])


def test_a_look_up_opens_no_session(mock):
    mock.ask("GET", "/api/account/1/service/baseURI.json", query=VERSION)

    assert mock.steer("GET", "/sessions") == {"sessions": []}


def test_a_repeated_version_is_refused(mock):
    answer = mock.ask("GET", "/api/account/1/service/baseURI.json", query=[("version", "1"), ("version", "1")])

    assert refusal_of(answer) == (400, 5, "version", ["REQ-400-REPEATED"])
