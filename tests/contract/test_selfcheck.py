"""The harness as the command line carries it out: `mockserver check` and `mockserver selfcheck`."""

import io
import sys

import pytest

from contracts.__main__ import main as check
from contracts.client_suite.examination import shipped_clients
from contracts.judging.findings import ExitStatus
from contracts.mock.admin import WithToken
from contracts.selfcheck import PROGRAMS, missing_for, overall, selfcheck
from contracts.server_suite import examination as servers
from contracts.wire.messages import Call, Reply
from mockserver.cli import main
from tests.support.serving.running import running

QUICK = servers.Plan(suites=("cases",), operations=("listDomains",))
CASES_OF_ONE = ["--suite", "cases", "--operation", "createSession"]


@pytest.fixture(scope="module")
def mock():
    """Serve with a token, as in a container."""
    with running("--admin-token", "secret") as server:
        yield server


class TestTheOverallStatus:
    @pytest.mark.parametrize(
        ("statuses", "expected"),
        [
            pytest.param([0, 0], ExitStatus.KEPT, id="everything was kept"),
            pytest.param([0, 2, 1], ExitStatus.BROKEN, id="something was broken, whatever was not examined"),
            pytest.param([0, 2, 0], ExitStatus.NOT_EXAMINED, id="something was not examined"),
            pytest.param([], ExitStatus.NOT_EXAMINED, id="nothing was examined"),
        ],
    )
    def test_tells_the_worst(self, statuses, expected):
        assert overall(statuses) is expected


class TestSelfcheck:
    def test_judges_the_mock(self):
        out = io.StringIO()

        status = selfcheck(clients=[], plan=QUICK, out=out)

        assert status == ExitStatus.KEPT, out.getvalue()
        assert "KEPT" in out.getvalue()

    def test_needs_no_token_for_its_own_mock_whatever_the_environment_has(self, monkeypatch):
        monkeypatch.setenv("MOCKSERVER_ADMIN_TOKEN", "that of another server")
        out = io.StringIO()

        status = selfcheck(clients=[], plan=QUICK, out=out)

        assert status == ExitStatus.KEPT, out.getvalue()

    def test_names_what_a_client_lacks_that_was_asked_for(self, monkeypatch):
        monkeypatch.setenv("PATH", "")
        out = io.StringIO()

        status = selfcheck(clients=["shell_curl"], plan=QUICK, out=out)

        assert status == ExitStatus.NOT_EXAMINED
        assert "NOT EXAMINED  client shell_curl: curl is not installed" in out.getvalue()

    def test_refuses_a_client_that_does_not_ship_with_the_nearest(self):
        out = io.StringIO()

        status = selfcheck(clients=["python_request"], out=out)

        assert status == ExitStatus.NOT_EXAMINED
        assert "did you mean 'python_requests'?" in out.getvalue()

    def test_says_when_its_mock_does_not_start(self, monkeypatch, capsys):
        monkeypatch.setenv("PYTHONHOME", "/nowhere")
        out = io.StringIO()

        status = selfcheck(clients=[], plan=QUICK, out=out)

        assert status == ExitStatus.NOT_EXAMINED
        assert "the mock did not start" in capsys.readouterr().err

    def test_knows_what_every_shipped_client_runs_on(self):
        in_python = {name for name in shipped_clients() if name.startswith("python_")}

        assert set(shipped_clients()) - in_python == set(PROGRAMS)
        assert [name for name in in_python if missing_for(name)] == []

    def test_has_help(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["selfcheck", "--help"])

        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith("usage: mockserver selfcheck ")


class Heard:
    """A subject that keeps the headers of every call."""

    base = "http://127.0.0.1:8080"

    def __init__(self):
        self.headers = []

    def within(self, _prefix):
        return self

    def ask(self, call):
        self.headers.append((call.path, dict(call.headers)))
        return Reply(200)


def test_the_token_goes_to_the_admin_api_and_nowhere_else():
    heard = Heard()
    subject = WithToken(heard, "secret").within("/__space/blue")

    subject.ask(Call("PUT", "/__admin/seed", headers={"Accept": "*/*"}))
    subject.ask(Call("POST", "/api/account/1/getEngagement"))

    assert heard.headers == [
        ("/__admin/seed", {"Accept": "*/*", "Authorization": "Bearer secret"}),
        ("/api/account/1/getEngagement", {}),
    ]


class TestCheckServer:
    def test_a_server_that_keeps_the_contract_ends_with_0(self, mock, capsys):
        status = main(["check", "server", "--url", mock.url, "--admin-token", "secret", *CASES_OF_ONE])

        assert status == 0, capsys.readouterr().out

    def test_the_token_may_stand_in_the_environment(self, mock, capsys, monkeypatch):
        monkeypatch.setenv("MOCKSERVER_ADMIN_TOKEN", "secret")

        status = main(["check", "server", "--url", mock.url, *CASES_OF_ONE])

        assert status == 0, capsys.readouterr().out

    def test_a_mock_whose_token_is_missing_was_not_examined(self, mock, capsys):
        status = main(["check", "server", "--url", mock.url, *CASES_OF_ONE])

        assert status == 2
        assert "the admin token is missing or wrong" in capsys.readouterr().out

    def test_a_server_that_breaks_the_contract_ends_with_1(self, mock, capsys):
        what_answers_404 = f"{mock.url}/nowhere"

        status = main(["check", "server", "--url", what_answers_404, *CASES_OF_ONE])

        assert status == 1
        assert "BROKEN" in capsys.readouterr().out

    def test_nobody_there_ends_with_2(self, capsys):
        status = main(["check", "server", "--url", "http://127.0.0.1:9", *CASES_OF_ONE])

        assert status == 2
        assert "could not be examined" in capsys.readouterr().out

    def test_its_help_names_the_command_that_was_typed(self, capsys):
        with pytest.raises(SystemExit) as ended:
            main(["check", "server", "--help"])

        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith("usage: mockserver check server ")


class TestCheckClient:
    def test_one_situation_can_be_chosen_on_a_mock_with_a_token(self, mock, capsys):
        profile = str(shipped_clients()["python_requests"])
        options = ["--profile", profile, "--url", mock.url, "--admin-token", "secret", "--situation", "not-available"]

        status = main(["check", "client", *options])

        printed = capsys.readouterr().out
        assert status == 0, printed
        assert "clients: 1 kept" in printed

    def test_an_unknown_situation_is_refused_with_the_nearest(self, capsys):
        status = main(["check", "client", "--situation", "not-availible", "--", "true"])

        assert status == 2
        assert "there is no situation 'not-availible'; did you mean 'not-available'?" in capsys.readouterr().out

    def test_a_command_keeps_the_dashes_of_its_own(self, mock, tmp_path):
        seen = tmp_path / "seen.txt"
        program = f"import sys; open({str(seen)!r}, 'w').write(' '.join(sys.argv[1:]))"
        options = ["--url", mock.url, "--admin-token", "secret", "--situation", "not-available"]

        check(["client", *options, "--", sys.executable, "-c", program, "a", "--", "b"])

        assert seen.read_text() == "a -- b"
