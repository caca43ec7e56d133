"""The commands beside `serve`, as they are typed."""

import re

import pytest

import mockserver
from mockserver.scenario_loading import preset, preset_names
from mockserver.settings import FIELDS, flag, variable
from tests.e2e.running import command, running
from tests.programs import free_port

COMMANDS = ["serve", "healthcheck", "validate", "presets"]


def words(text):
    """Return *text* without the line breaks and dashes that the terminal's width put in."""
    return re.sub(r"\s+", " ", text)


def test_the_version_is_the_package_s():
    done = command("--version")

    assert (done.returncode, done.stdout) == (0, f"mockserver {mockserver.__version__}\n")


def test_help_lists_every_command():
    done = command("--help")

    assert done.returncode == 0
    assert [name for name in COMMANDS if not re.search(rf"^    {name}\b", done.stdout, re.MULTILINE)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    done = command(name, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: mockserver {name} ")


def test_help_of_serve_lists_every_setting_with_its_sentence_and_variable():
    told = words(command("serve", "--help", env={"COLUMNS": "400"}).stdout)

    for name, field in FIELDS.items():
        assert f"{flag(name)} {name.upper()} {words(field.metadata['help'])}" in told
        assert f"({variable(name)})" in told


def test_no_command_is_a_mistake_that_lists_them():
    done = command()

    assert done.returncode == 2
    assert "COMMAND" in done.stderr


def test_presets_lists_each_with_a_sentence():
    done = command("presets")

    lines = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in done.stdout.splitlines())
    assert (done.returncode, list(lines)) == (0, list(preset_names()))
    assert [name for name, sentence in lines.items() if not sentence.endswith(".")] == []


def test_a_preset_is_printed_to_start_from():
    done = command("presets", "by-section")

    assert (done.returncode, done.stdout) == (0, preset("by-section"))


def test_an_unknown_preset_is_refused_with_the_nearest():
    done = command("presets", "by-sektion")

    assert done.returncode == 2
    assert "did you mean 'by-section'?" in done.stderr


def test_validate_accepts_what_serve_would(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(preset("by-section"))

    done = command("validate", file)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{file}: ok, scenario 'by-section' with 5 stubs\n"


def test_validate_tells_of_every_broken_file_and_fails(tmp_path):
    good, broken, gone = (tmp_path / name for name in ("good.yaml", "broken.yaml", "gone.yaml"))
    good.write_text(preset("available"))
    broken.write_text("scenario: broken\nstubs:\n  - wehn: {door: js}\n    then: not_available\n")

    done = command("validate", broken, gone, good)

    assert done.returncode == 1
    assert f"{broken}:3:" in done.stderr
    assert "did you mean 'when'?" in done.stderr
    assert str(gone) in done.stderr
    assert f"{good}: ok" in done.stdout


def test_validate_refuses_an_offer_that_the_contract_does_not_know(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("scenario: mine\nstubs:\n  - then: {offer: {validForSeconds: soon}}\n")

    done = command("validate", file)

    assert done.returncode == 1
    assert "validForSeconds" in done.stderr


def test_the_healthcheck_of_a_live_server_succeeds():
    with running() as served:
        done = command("healthcheck", "--url", served.url)

    assert (done.returncode, done.stderr) == (0, "")
    assert '"status":"ok"' in done.stdout


def test_the_healthcheck_asks_the_server_of_the_settings():
    with running() as served:
        port = served.url.rpartition(":")[2]
        done = command("healthcheck", env={"MOCKSERVER_PORT": port, "MOCKSERVER_HOST": "0.0.0.0"})

    assert done.returncode == 0


def test_a_variable_that_is_no_setting_is_warned_of_and_stops_nothing():
    with running(env={"MOCKSERVER_LOG_LEVEL": "INFO"}) as served:
        port = served.url.rpartition(":")[2]
        done = command("healthcheck", env={"MOCKSERVER_PORT": port, "MOCKSERVER_PROT": "1"})
        said = served.said()

    assert said.count("ignored the variable MOCKSERVER_LOG_LEVEL") == 1
    assert done.returncode == 0
    assert done.stderr.endswith("did you mean 'MOCKSERVER_PORT'?\n")


def test_the_healthcheck_of_a_dead_server_fails():
    url = f"http://127.0.0.1:{free_port()}"

    done = command("healthcheck", "--url", url)

    assert (done.returncode, done.stdout) == (1, "")
    assert f"nothing answers at {url}" in done.stderr


def test_the_healthcheck_fails_when_the_store_is_dead():
    with running("--store", f"redis://127.0.0.1:{free_port()}/0") as served:
        done = command("healthcheck", "--url", served.url)

    assert done.returncode == 1
    assert "store_unavailable" in done.stdout
