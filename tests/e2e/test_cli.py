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


WRONG = """\
scenario: wrong
descripton: of a shop
stubs:
  - wehn: {door: js}
    then: {offer: {validForSeconds: soon}}
  - name: a
    name: b
    then: [{error: loadin}, {reply: {status: 1}}]
    faults: [{delay: {ms: -1, jiter_ms: 3}}]
"""


def test_validate_tells_all_mistakes_of_a_file_at_once_each_with_its_place_and_the_nearest_word(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG)

    done = command("validate", file)

    told = [line.removeprefix(f"mockserver: {file}:") for line in done.stderr.splitlines()]
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.partition(": ")[0] for line in told] == [
        "2:1", "4:5", "5:19", "7:5", "8:20", "8:46", "9:27", "9:31"
    ]  # fmt: skip
    for line, word in ((0, "description"), (1, "when"), (4, "loading"), (7, "jitter_ms")):
        assert f"did you mean {word!r}?" in told[line]


def test_validate_reads_every_file_whatever_is_wrong_with_the_others(tmp_path):
    good, broken, other = (tmp_path / name for name in ("good.yaml", "broken.yaml", "other.yaml"))
    good.write_text(preset("available"))
    broken.write_text("scenario: broken\nstubs:\n  - wehn: {door: js}\n    then: not_available\n")
    other.write_bytes("scenario: other\nstubs: []\n".encode("utf-16"))

    done = command("validate", broken, other, good)

    assert done.returncode == 1
    assert f"{broken}:4:" not in done.stderr
    assert f"mockserver: {broken}:3:" in done.stderr
    assert f"mockserver: {other}: this looks like UTF-16 (byte 1); a scenario file is UTF-8" in done.stderr
    assert f"{good}: ok" in done.stdout


def test_validate_of_a_file_that_is_not_there_is_no_verdict_on_a_scenario(tmp_path):
    for name in ("shop.yaml", "wrong.yaml"):
        (tmp_path / name).write_text(WRONG)

    done = command("validate", "shap.yaml", "wrong.yaml", ".", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == (
        "mockserver: there is no scenario file 'shap.yaml'; check the path; did you mean 'shop.yaml'?"
    )
    assert "mockserver: '.' is a folder; name a scenario file in it" in done.stderr


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
