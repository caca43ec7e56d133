"""The pytest plugin, as a project of other people sees it: in a pytest of its own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.serving.running import running

SAMPLE = Path(__file__).parent / "sample"
#: Plugins that the sample does not have; to load them takes longer than its tests.
WITHOUT = [
    word for name in ("cacheprovider", "schemathesis", "hypothesispytest", "anyio") for word in ("-p", f"no:{name}")
]
PATIENCE_S = 300
FIRST_LINES = "import pytest\nfrom chat_button import Visit\n\n"


@pytest.fixture
def project(tmp_path):
    """Copy the sample, so that a test can add to it."""
    return shutil.copytree(SAMPLE, tmp_path / "sample", ignore=shutil.ignore_patterns("__pycache__"))


def run(project, *arguments, env=None, command=(sys.executable, "-m", "pytest")):
    """Run the tests of *project* in a process of its own; what comes back has the outcome and what was printed."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "PYTEST_"))}
    return subprocess.run(
        [*command, *WITHOUT, *arguments],
        cwd=project,
        env={**mine, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def with_test(project, text):
    """Give *project* this test instead of its own."""
    shutil.rmtree(project / "tests")
    (project / "tests").mkdir()
    (project / "tests" / "test_it.py").write_text(FIRST_LINES + text)
    return project


def outcomes(done):
    """Return how many tests passed, failed and so on, as pytest says in its last line."""
    return {
        word: int(count) for count, word in re.findall(r"(\d+) (\w+)", done.stdout.splitlines()[-1].split(" in ")[0])
    }


class TestTheSampleProject:
    @pytest.mark.parametrize("way", [(), ("-n", "2")], ids=["in one process", "in two processes"])
    def test_passes(self, project, way):
        done = run(project, *way)

        assert (done.returncode, outcomes(done)) == (0, {"passed": 14}), done.stdout + done.stderr

    def test_passes_on_a_server_that_runs_already_and_leaves_nothing_there(self, project):
        with running("--admin-token", "secret") as server:
            done = run(project, "-n", "2", "--mock-server-url", server.url, env={"MOCKSERVER_ADMIN_TOKEN": "secret"})
            left = server.ask("GET", "/__admin/spaces", headers={"Authorization": "Bearer secret"}).json

        assert (done.returncode, outcomes(done)) == (0, {"passed": 14}), done.stdout + done.stderr
        assert left == {"spaces": ["default"]}

    @pytest.mark.parametrize("way", ["variable", "option"])
    def test_takes_the_token_of_that_server_from_a_mounted_secret(self, project, tmp_path, way):
        secret = tmp_path / "admin-token"
        secret.write_text("s3cret\n")
        variables = {"MOCKSERVER_ADMIN_TOKEN_FILE": str(secret)}
        options = [] if way == "variable" else ["--mock-server-token-file", secret]
        with running(env=variables) as server:
            named = ["--mock-server-url", server.url, *options]
            done = run(project, "-k", "an_engagement_is_a_button", *named, env=variables if way == "variable" else {})
            refused = server.ask("GET", "/__admin/spaces").status

        assert done.returncode == 0, done.stdout + done.stderr
        assert refused == 401

    def test_is_refused_at_once_with_a_token_that_no_header_carries(self, project):
        done = run(project, "--mock-server-url", "http://127.0.0.1:9", env={"MOCKSERVER_ADMIN_TOKEN": "s3 cret"})

        assert done.returncode == 4
        assert "the admin token must be ASCII without blanks inside" in done.stderr

    def test_starts_its_own_server_whatever_token_the_environment_has(self, project):
        done = run(project, "-k", "an_engagement_is_a_button", env={"MOCKSERVER_ADMIN_TOKEN": "for another server"})
        mounted = run(project, "-k", "an_engagement_is_a_button", env={"MOCKSERVER_ADMIN_TOKEN_FILE": "/no/where"})

        assert done.returncode == 0, done.stdout + done.stderr
        assert mounted.returncode == 0, mounted.stdout + mounted.stderr

    def test_starts_its_own_server_whatever_kubernetes_tells_the_pod_of_a_job(self, project):
        links = {"MOCKSERVER_PORT": "tcp://10.0.0.1:80", "MOCKSERVER_REDIS_SERVICE_HOST": "10.0.0.2"}

        done = run(project, "-k", "an_engagement_is_a_button", env=links)

        assert done.returncode == 0, done.stdout + done.stderr

    def test_finds_its_server_whatever_proxy_the_environment_has(self, project):
        nobody = {"http_proxy": "http://127.0.0.1:9", "no_proxy": ""}

        done = run(project, "-k", "own_calls_only and 0", env=nobody)

        assert done.returncode == 0, done.stdout + done.stderr


class TestAFailure:
    def test_of_assert_called_shows_the_nearest_exchanges_with_their_differences(self, project):
        with_test(
            project,
            "def test_it(mock_server):\n"
            "    Visit(mock_server.url).has_button()\n"
            "    mock_server.assert_called(operation='getEngagement', status=503)\n",
        )

        done = run(project)

        assert outcomes(done) == {"failed": 1}
        assert "wanted at least 1 matching exchanges, found 0" in done.stdout
        assert "nearest: exchange 1, POST /api/account/56072331/getEngagement -> 200" in done.stdout
        assert "status: wanted 503, got 200" in done.stdout
        assert "remote.py" not in done.stdout

    def test_of_any_kind_shows_what_the_server_saw(self, project):
        with_test(
            project,
            "def test_it(mock_server):\n    assert Visit(mock_server.url, app_type='WEB').has_button()\n",
        )

        done = run(project)

        assert outcomes(done) == {"failed": 1}
        assert (
            "exchange 1, POST /api/account/56072331/getEngagement -> 400 [breaks JS-400-APPTYPE]\n    JS-400-APPTYPE: "
        ) in done.stdout

    def test_of_unittest_or_of_a_fixture_shows_what_the_server_saw_too(self, project):
        text = (
            "import unittest\n\n"
            "class TestIt(unittest.TestCase):\n"
            "    @pytest.fixture(autouse=True)\n"
            "    def url(self, mock_server):\n        self.url = mock_server.url\n\n"
            "    def test_it(self):\n        self.assertFalse(Visit(self.url).has_button())\n\n"
            "@pytest.fixture\n"
            "def button(mock_server):\n    assert not Visit(mock_server.url).has_button()\n\n"
            "def test_too(button):\n    pass\n"
        )

        done = run(with_test(project, text))

        assert outcomes(done) == {"failed": 1, "error": 1}, done.stdout
        assert done.stdout.count("exchange 1, POST /api/account/56072331/getEngagement -> 200") == 2

    @pytest.mark.parametrize(
        "line",
        [
            "mock_server.assert_called(operaton='getEngagement')",
            "mock_server.use('not-availible')",
            "mock_server.clock.freeze(at='yesterday')",
            "mock_server.broken_clauses()[0]",
        ],
    )
    def test_shows_the_line_of_the_test_and_none_of_the_plugin(self, project, line):
        done = run(with_test(project, f"def test_it(mock_server):\n    {line}\n"))

        assert outcomes(done) == {"failed": 1}
        assert f">       {line}" in done.stdout or f">   {line}" in done.stdout, done.stdout
        assert "mockserver/testing/remote.py" not in done.stdout
        assert "mockserver/testing/pytest_plugin.py" not in done.stdout

    def test_on_a_shared_mock_server_shows_what_came_in_this_test_only(self, project):
        text = (
            "@pytest.mark.parametrize('app_type', ['EXTERNAL', 'WEB', 'IVR'])\n"
            "def test_it(module_mock_server, app_type):\n"
            "    Visit(module_mock_server.url, app_type=app_type).has_button()\n"
            "    assert app_type != 'WEB'\n"
        )

        done = run(with_test(project, text))

        assert outcomes(done) == {"failed": 1, "passed": 2}
        assert [line for line in done.stdout.splitlines() if line.startswith("exchange ")] == [
            "exchange 2, POST /api/account/56072331/getEngagement -> 400 [breaks JS-400-APPTYPE]"
        ]

    def test_says_when_no_call_came(self, project):
        with_test(project, "def test_it(mock_server):\n    pytest.fail('as it is')\n")

        done = run(project)

        assert "no call came" in done.stdout


class TestAClientThatBreaksTheContract:
    BREAKS = "def test_it(mock_server):\n    assert not Visit(mock_server.url, app_type='WEB').has_button()\n"

    def test_passes_as_long_as_nobody_asks(self, project):
        done = run(with_test(project, self.BREAKS))

        assert outcomes(done) == {"passed": 1}

    def test_fails_when_the_run_is_strict(self, project):
        done = run(with_test(project, self.BREAKS), "--mock-server-strict")

        assert (done.returncode, outcomes(done)) == (1, {"failed": 1})
        assert 'body.appType: must be EXTERNAL, got "WEB" (JS-400-APPTYPE)' in done.stdout

    def test_fails_a_strict_run_also_for_a_call_that_comes_while_fixtures_are_torn_down(self, project):
        text = (
            "@pytest.fixture(params=['mock_server', 'module_mock_server'])\n"
            "def leaving(request):\n"
            "    url = request.getfixturevalue(request.param).url\n"
            "    yield\n"
            "    Visit(url, app_type='WEB').has_button()\n\n"
            "def test_it(leaving):\n    pass\n\n"
            "@pytest.mark.mock_server_lenient\ndef test_lenient(leaving):\n    pass\n\n"
            "def test_next(module_mock_server):\n    pass\n"
        )

        done = run(with_test(project, text), "--mock-server-strict")

        assert outcomes(done) == {"passed": 5, "errors": 2}, done.stdout
        told = done.stdout.partition("short test summary")[0]  # which tells it once more where CI is set
        assert told.count('body.appType: must be EXTERNAL, got "WEB" (JS-400-APPTYPE)') == 2

    @pytest.mark.parametrize("scope", ["class", "module", "session"])
    def test_fails_on_a_shared_mock_server_and_no_test_after_it_does(self, project, scope):
        text = (
            "@pytest.mark.parametrize('app_type', ['EXTERNAL', 'WEB', 'EXTERNAL'])\n"
            f"def test_it({scope}_mock_server, app_type):\n"
            f"    Visit({scope}_mock_server.url, app_type=app_type).has_button()\n"
        )

        done = run(with_test(project, text), "--mock-server-strict")

        assert outcomes(done) == {"failed": 1, "passed": 2}, done.stdout

    def test_passes_a_strict_run_when_its_test_is_lenient(self, project):
        lenient = f"@pytest.mark.mock_server_lenient\n{self.BREAKS}"

        done = run(with_test(project, lenient), "--mock-server-strict")

        assert outcomes(done) == {"passed": 1}, done.stdout

    def test_is_found_behind_a_fixture_of_the_project(self, project):
        text = (
            "@pytest.fixture\ndef url(mock_server):\n    return mock_server.url\n\n"
            "def test_it(url):\n    assert not Visit(url, app_type='WEB').has_button()\n"
        )

        done = run(with_test(project, text), "--mock-server-strict")

        assert outcomes(done) == {"failed": 1}


class TestAServerThatCannotBeUsed:
    def test_is_named_when_nobody_answers(self, project):
        done = run(project, "-k", "an_engagement_is_a_button", "--mock-server-url", "http://127.0.0.1:9")

        assert outcomes(done) == {"deselected": 13, "error": 1}
        assert "no mock server answers at http://127.0.0.1:9/__space/" in done.stdout

    def test_is_refused_at_once_when_its_url_is_none(self, project):
        done = run(project, "--mock-server-url", "localhost:8080")

        assert done.returncode == 4
        assert "wants http://HOST:PORT, got 'localhost:8080'" in done.stderr

    def test_says_itself_why_it_does_not_start(self, project):
        done = run(project, "-k", "an_engagement_is_a_button", env={"MOCKSERVER_SCENARIO": "availible"})

        assert outcomes(done) == {"deselected": 13, "error": 1}
        assert "the mock server did not start" in done.stdout
        assert "availible" in done.stdout


class TestAProjectThatDoesNotUseIt:
    def test_loads_nothing_but_the_plugin_itself(self, project):
        text = (
            "import sys\n\ndef test_it():\n"
            "    loaded = {name for name in sys.modules if name.partition('.')[0] in {'mockserver', 'flask'}}\n"
            "    assert loaded == {'mockserver', 'mockserver.testing', 'mockserver.testing.pytest_plugin'}\n"
        )
        (project / "chat_button.py").write_text("Visit = None\n")

        done = run(with_test(project, text))

        assert outcomes(done) == {"passed": 1}, done.stdout

    def test_starts_no_server(self, project):
        text = (
            "from pathlib import Path\nimport os\n\ndef test_it():\n"
            "    assert not Path(f'/proc/self/task/{os.getpid()}/children').read_text()\n"
        )

        done = run(with_test(project, text))

        assert outcomes(done) == {"passed": 1}, done.stdout


class TestAProjectWithModulesOfOurNames:
    @pytest.mark.parametrize("name", ["mockserver/__init__", "contracts", "secrets", "types", "queue"])
    def test_starts_a_server_all_the_same(self, tmp_path, name):
        module = tmp_path / f"{name}.py"
        module.parent.mkdir(exist_ok=True)
        module.write_text("raise SystemExit('the module of somebody else')\n")
        (tmp_path / "test_it.py").write_text("def test_it(mock_server):\n    assert mock_server.journal == []\n")

        done = run(tmp_path, command=(Path(sys.executable).with_name("pytest"),))

        assert outcomes(done) == {"passed": 1}, done.stdout + done.stderr
