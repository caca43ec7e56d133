import pytest

from contracts.report.repository import file_inside, file_of_client


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a client, examined from one of its folders."""
    root = tmp_path / "repository"
    for name in (".git/HEAD", ".venv/bin/python", "app/client.py", "app/profile.yaml", "node_modules/x/run.js"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (tmp_path / "elsewhere.py").touch()
    monkeypatch.chdir(root / "app")
    return root


@pytest.mark.parametrize(
    ("command", "folder", "file"),
    [
        pytest.param(["python", "client.py", "--fast"], None, "app/client.py", id="a program"),
        pytest.param(["../.venv/bin/python", "client.py"], None, "app/client.py", id="by an interpreter of its own"),
        pytest.param(["./client.py"], None, "app/client.py", id="the first word"),
        pytest.param(["python", "client.py"], "app", "app/client.py", id="in the folder of the profile"),
        pytest.param(["python", "../../elsewhere.py"], None, "", id="outside of the repository"),
        pytest.param(["../node_modules/x/run.js"], None, "", id="what others wrote"),
        pytest.param(["npm", "start", "\0", "x" * 9999], None, "", id="words that are no files"),
    ],
)
def test_findings_about_a_client_are_shown_at_its_program(repository, command, folder, file):
    assert file_of_client(command, folder and repository / folder, None) == file


def test_without_a_program_they_are_shown_at_the_profile(repository):
    assert file_of_client(["npm", "start"], None, repository / "app" / "profile.yaml") == "app/profile.yaml"


def test_a_file_that_came_with_the_harness_is_none_of_the_repository(repository):
    assert file_inside(repository.parent / "elsewhere.py") == ""
