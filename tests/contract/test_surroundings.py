"""What stands in the user's environment for other servers changes no verdict: proxies, ~/.netrc, settings of a mock."""

import io
import sys
from pathlib import Path

import pytest

from contracts.client_suite.examination import examine, shipped_clients
from contracts.mock.own_mock import mock_at
from contracts.server_suite import examination as servers

CLIENT = Path(__file__).parent / "clients" / "button.py"
#: Nobody listens there, so that whoever takes the detour gets nowhere.
NOWHERE = "127.0.0.1:9"


@pytest.fixture
def detours(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://{NOWHERE}")
    for name in ("ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"socks5://{NOWHERE}")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)


@pytest.mark.usefixtures("detours")
def test_a_client_and_its_judge_reach_the_mock_past_every_proxy():
    out = io.StringIO()
    status = examine([sys.executable, str(CLIENT)], situations=["not-available"], out=out)

    assert status == 0, out.getvalue()


@pytest.mark.usefixtures("detours")
@pytest.mark.parametrize("name", [name for name in shipped_clients() if name != "browser"])
def test_a_shipped_client_reaches_the_mock_past_every_proxy(name):
    out = io.StringIO()
    status = examine([], profile=shipped_clients()[name], situations=["not-available"], out=out)

    assert status == 0, out.getvalue()


@pytest.mark.usefixtures("detours")
def test_a_server_is_examined_past_every_proxy_by_both_suites():
    out = io.StringIO()
    with mock_at(None) as url:
        status = servers.examine(url, plan=servers.Plan(operations=["getDomain"], max_examples=1), out=out)

    assert status == 0, out.getvalue()


def test_the_settings_of_another_server_are_not_those_of_our_mock(monkeypatch, tmp_path):
    settings = {"ACCOUNTS": "99", "MAX_BODY_BYTES": "10", "SCENARIO": "nope.yaml", "STORE": "redis://nowhere",
                "CONFIG": str(tmp_path / "nope.toml"), "ADMIN_TOKEN": "secret", "JOURNAL_ENTRIES": "1"}  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(f"MOCKSERVER_{name}", value)
    out = io.StringIO()
    status = examine([sys.executable, str(CLIENT)], situations=["not-available"], out=out)

    assert status == 0, out.getvalue()
