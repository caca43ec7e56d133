"""The harness is found by its place, and by nothing that happens to be called alike."""

import sys

import pytest

from mockserver import harness as finding
from mockserver.errors import MockServerError
from mockserver.harness import NAME, harness


@pytest.fixture(autouse=True)
def not_loaded_before(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        monkeypatch.delitem(sys.modules, name)


def installed_at(folder, monkeypatch):
    """Pretend that the package of the server lies in *folder*, as in an environment."""
    (folder / "mockserver").mkdir()
    monkeypatch.setattr(finding, "__file__", str(folder / "mockserver" / "harness.py"))


def a_package(folder, text=""):
    folder.mkdir()
    (folder / "__init__.py").write_text(text)
    return folder


def test_a_checkout_is_judged_by_the_harness_beside_the_server():
    found = harness("judging.findings")

    assert found.__name__ == "mockserver_contracts.judging.findings"
    assert found.ExitStatus.BROKEN == 1


def test_what_a_project_calls_contracts_is_left_alone(tmp_path, monkeypatch):
    (tmp_path / "contracts.py").write_text("raise SystemExit('the contracts of somebody else')")
    monkeypatch.syspath_prepend(tmp_path)

    assert harness("judging.findings").__name__ == "mockserver_contracts.judging.findings"


def test_an_installed_harness_is_found_beside_another_distribution(tmp_path, monkeypatch):
    installed_at(tmp_path, monkeypatch)
    a_package(tmp_path / "contracts", "raise SystemExit('the contracts of somebody else')")
    (a_package(tmp_path / NAME) / "findings.py").write_text("OURS = True")

    assert harness("findings").OURS


def test_a_harness_that_is_not_there_is_said_so(tmp_path, monkeypatch):
    installed_at(tmp_path, monkeypatch)
    a_package(tmp_path / "contracts")

    with pytest.raises(MockServerError, match=r"not where it belongs.*mockserver_contracts; reinstall the package"):
        harness("findings")


def test_a_missing_extra_is_named(tmp_path, monkeypatch):
    installed_at(tmp_path, monkeypatch)
    (a_package(tmp_path / NAME) / "findings.py").write_text("import a_library_that_is_not_here")

    with pytest.raises(
        MockServerError, match=r"needs a_library_that_is_not_here.*pip install 'engagement-mockserver\[contracts\]'"
    ):
        harness("findings")
