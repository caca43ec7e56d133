"""The commands beside `serve`, as they are typed."""

import re
import shlex
import subprocess
import sys

import pytest

import mockserver
from mockserver.settings import FIELDS, flag, variable
from tests.support.programs import free_port
from tests.support.scenario_fakes import VOCABULARY
from tests.support.serving.running import PATIENCE, command, environment, running

COMMAND = f"{shlex.quote(sys.executable)} -m mockserver"
EXIT_STATUSES = r"Exit status: 0 .+ 1 .+ 2 "
COMMANDS = ["serve", "healthcheck", "validate", "presets", "check", "selfcheck"]


def words(text):
    """Return *text* without the line breaks and dashes that the terminal's width put in."""
    return re.sub(r"\s+", " ", text)


def shell(line, env=None):
    """Run *line* in a shell."""
    return subprocess.run(
        ["sh", "-c", line], env=environment(env), capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def test_the_version_is_the_package_s():
    done = command("--version")

    assert (done.returncode, done.stdout) == (0, f"mockserver {mockserver.__version__}\n")


def test_help_lists_every_command():
    done = command("--help", env={"COLUMNS": "400"})

    assert done.returncode == 0
    assert re.search(EXIT_STATUSES, words(done.stdout))
    assert [name for name in COMMANDS if not re.search(rf"^    {name}\b", done.stdout, re.MULTILINE)] == []


@pytest.mark.parametrize("name", [*COMMANDS, "check server", "check client"])
def test_every_command_has_help_that_names_the_exit_statuses(name):
    done = command(*name.split(), "--help", env={"COLUMNS": "400"})

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: mockserver {name.partition(' ')[0]} ")
    assert re.search(EXIT_STATUSES, words(done.stdout))


def test_help_of_serve_lists_every_setting_with_its_sentence_and_variable():
    told = words(command("serve", "--help", env={"COLUMNS": "400"}).stdout)

    for name, field in FIELDS.items():
        assert f"{flag(name)} {name.upper()} {words(field.metadata['help'])}" in told
        assert f"({variable(name)})" in told


@pytest.mark.parametrize("arguments", [["-h"], ["server", "-h"]])
def test_check_has_help_of_its_own(arguments):
    done = command("check", *arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: mockserver check ")


@pytest.mark.parametrize("arguments", [[], ["nobody"], ["--nothing"]])
def test_check_of_nothing_is_a_mistake_that_shows_how_it_is_used(arguments):
    done = command("check", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: mockserver check [-h] server|client|traffic ...")


SHORT = ["presets", "presets by-section", "--help", "serve --help", "check client --help", "check client --list"]


@pytest.mark.parametrize("words", SHORT)
def test_a_reader_that_goes_away_is_no_mistake(words):
    done = shell(f"{COMMAND} {words} | true")

    assert done.stderr == ""


def test_who_is_not_read_any_more_ends_as_other_programs_do():
    done = shell(f"({COMMAND} presets; echo $? >&2) | true")

    assert done.stderr == "141\n"


@pytest.mark.parametrize("words", SHORT)
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_mistake(words, closed):
    done = shell(f"{COMMAND} {words} {closed}")

    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_is_said():
    done = shell(f"{COMMAND} presets > /dev/full")

    assert (done.returncode, done.stderr) == (2, "mockserver: the system refused: No space left on device\n")


@pytest.mark.parametrize("words", ["presets", "presets by-section", "check client --list", "selfcheck --client é"])
def test_a_terminal_without_our_letters_gets_others(words):
    done = shell(f"{COMMAND} {words}", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii:strict"})

    assert "Traceback" not in done.stderr
    assert done.stdout


def test_no_command_is_a_mistake_that_lists_them():
    done = command()

    assert done.returncode == 2
    assert "COMMAND" in done.stderr


def test_presets_lists_each_with_a_sentence():
    done = command("presets")

    lines = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in done.stdout.splitlines())
    assert (done.returncode, list(lines)) == (0, list(VOCABULARY.presets.names()))
    assert [name for name, sentence in lines.items() if not sentence.endswith(".")] == []


def test_a_preset_is_printed_to_start_from():
    done = command("presets", "by-section")

    assert (done.returncode, done.stdout) == (0, VOCABULARY.presets.text("by-section"))


def test_an_unknown_preset_is_refused_with_the_nearest():
    done = command("presets", "by-sektion")

    assert done.returncode == 2
    assert "did you mean 'by-section'?" in done.stderr


def test_validate_accepts_what_serve_would(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(VOCABULARY.presets.text("by-section"))

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
    good.write_text(VOCABULARY.presets.text("available"))
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
        said = served.log()

    assert said.count("ignored the variable MOCKSERVER_LOG_LEVEL") == 1
    assert done.returncode == 0
    assert done.stderr.endswith("did you mean 'MOCKSERVER_PORT'?\n")


@pytest.mark.parametrize(("host", "setting"), [("::1", "::1"), ("::1", "[::1]"), ("::", "::"), ("0.0.0.0", "0")])
def test_the_healthcheck_finds_the_address_of_the_settings(host, setting):
    with running("--host", host) as served:
        port = served.url.rpartition(":")[2]
        done = command("healthcheck", env={"MOCKSERVER_PORT": port, "MOCKSERVER_HOST": setting})

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("timeout", ["0", "-1", "nan", "inf", "1e300", "soon"])
def test_the_healthcheck_waits_for_a_time_that_there_is(timeout):
    done = command("healthcheck", "--timeout", timeout)

    assert done.returncode == 2
    assert f"must be seconds, more than 0 and at most 3600, got '{timeout}'" in done.stderr


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
