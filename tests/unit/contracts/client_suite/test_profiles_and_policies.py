import math
import sys

import pytest

from contracts.client_suite.profiles import Profile, Report, load_profile
from contracts.errors import FileError, UnknownPolicy
from contracts.judging.attempts import Answer
from contracts.judging.calls.policies import SHIPPED, load_policy


def test_the_documented_policy_waits_5_10_and_15_seconds():
    schedule = load_policy("documented").after(Answer.SERVER_ERROR)

    assert [schedule.pause_s(retry) for retry in (1, 2, 3)] == [5, 10, 15]
    assert (schedule.at_least, schedule.at_most, schedule.longest_s) == (1, 3, 30)


def test_a_429_may_be_retried_as_late_as_one_likes():
    assert load_policy("documented").after(Answer.TOO_MANY).latest_s(1) == math.inf


@pytest.mark.parametrize("name", [path.stem for path in SHIPPED.glob("*.yaml")])
def test_every_shipped_policy_never_retries_not_available(name):
    assert load_policy(name).after(Answer.NOT_AVAILABLE).at_most == 0


def test_the_last_pause_holds_for_all_that_follow():
    assert load_policy("sample-app").after(Answer.LOADING).longest_s == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[]", "p.yaml:1:1: must be a mapping with some of the keys policy, sentence", id="a list"),
        pytest.param("retry: {}", "did you mean 'retries'", id="a misspelled key"),
        pytest.param(
            "retries: {5x: {}}", "retries.5x: must be 5xx or 429 .*did you mean '5xx'", id="an unknown answer"
        ),
        pytest.param(
            "retries: {5xx: {atmost: 3}}", "retries.5xx.atmost: .*did you mean 'at_most'", id="a misspelled rule"
        ),
        pytest.param(
            "retries: {5xx: {at_least: 2, at_most: 1}}", "retries.5xx: at_least 2 is more", id="crossed bounds"
        ),
        pytest.param("retries: {5xx: {at_most: three}}", "at_most: must be a whole number .*got three", id="a word"),
        pytest.param("retries: {5xx: {at_most: -1}}", "at_most: must be a whole number from 0 up", id="below nothing"),
        pytest.param("retries: {5xx: {after_s: 5}}", r"after_s: must be a list, such as \[5, 10, 15\]", id="no list"),
        pytest.param("retries: {5xx: {after_s: [5s]}}", "after_s.0: must be a number of seconds", id="a unit"),
        pytest.param("retries: {5xx: }", "retries.5xx: stands without a value", id="an answer without rules"),
        pytest.param("tolerance: {early_percent: 110}", "early_percent: must be .* from 0 to 100", id="too early"),
        pytest.param("policy: a\npolicy: b", "p.yaml:2:1: policy: this key stands twice", id="a key given twice"),
    ],
)
def test_a_policy_that_cannot_be_read_says_where_and_why(tmp_path, text, words):
    path = tmp_path / "p.yaml"
    path.write_text(text)

    with pytest.raises(FileError, match=words):
        load_policy(path)


def test_an_unknown_policy_names_the_shipped_ones():
    with pytest.raises(UnknownPolicy, match="did you mean 'documented'"):
        load_policy("documentd")


def a_profile(tmp_path, text):
    path = tmp_path / "profile.yaml"
    path.write_text(text)
    return path


def test_a_profile_is_read_with_its_folder_and_the_python_that_runs(tmp_path):
    path = a_profile(
        tmp_path, "client: mine\ncommand: ['{python}', run.py]\npolicy: own.yaml\noutcome: {line: outcome}"
    )

    profile = load_profile(path)

    assert profile.command == (sys.executable, "run.py")
    assert (profile.directory, profile.policy) == (tmp_path, str(tmp_path / "own.yaml"))


def test_what_a_profile_says_without_quotes_is_taken_letter_by_letter(tmp_path):
    text = "account: 0056072331\nenvironment: {DEBUG: true, LANG: no, VERSION: 1.10, EMPTY: ''}\ncommand: [sleep, 5]"

    profile = load_profile(a_profile(tmp_path, text))

    assert profile.account == "0056072331"
    assert profile.environment == {"DEBUG": "true", "LANG": "no", "VERSION": "1.10", "EMPTY": ""}
    assert profile.command == ("sleep", "5")


def test_a_profile_may_be_json(tmp_path):
    profile = load_profile(a_profile(tmp_path, '{"outcome": {"exit": {"0": "available"}}, "limit_s": 2.5}'))

    assert (profile.outcome_exits, profile.limit_s) == ({0: "available"}, 2.5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("comand: [x]", "profile.yaml:1:1: comand: unknown key; did you mean 'command'", id="unknown key"),
        pytest.param("outcome: {exit: {0: availible}}", "did you mean 'available'", id="a misspelled outcome"),
        pytest.param(
            "outcome: {exit: {zero: available}}", "exit.zero: must be an exit status from 0", id="a word as status"
        ),
        pytest.param("outcome: {exit: {256: available}}", "exit.256: must be an exit status", id="no exit status"),
        pytest.param("outcome: {}", "outcome: must hold line, exit or both", id="an outcome that says nothing"),
        pytest.param(
            "outcome: line", "outcome: must be a mapping with some of the keys line, exit", id="outcome as text"
        ),
        pytest.param("[]", "must be a mapping with some of the keys client, command", id="a list"),
        pytest.param("", "must be a mapping", id="nothing"),
        pytest.param("a: [", "this is not YAML", id="no YAML"),
        pytest.param("environment:", "environment: stands without a value", id="an empty environment"),
        pytest.param("environment: []", "environment: must be a mapping, such as {LANG", id="a list as environment"),
        pytest.param("environment: {A: }", "environment.A: stands without a value", id="a variable without a value"),
        pytest.param("environment: {A=B: c}", "A=B: must be the name of a variable", id="no name of a variable"),
        pytest.param("account: [1]", "account: must be text, got a list", id="a list as account"),
        pytest.param("account: a/b", "account: must be 1 to 20 letters, digits and underscores", id="no account"),
        pytest.param("account_variable: ENGAGEMENT_URL", "account_variable: must be another variable", id="one"),
        pytest.param(
            "environment: {ENGAGEMENT_URL: x}",
            "environment.ENGAGEMENT_URL: is given its value by the harness",
            id="a variable that is given",
        ),
        pytest.param("at_once: 0", "at_once: must be a whole number from 1 up, got 0", id="nothing at once"),
        pytest.param("at_once: true", "at_once: must be a whole number", id="true as a number"),
        pytest.param("at_once: '2'", "at_once: must be a whole number from 1 up, got '2'", id="a number in quotes"),
        pytest.param("limit_s: 5s", "limit_s: must be a number of seconds .* without a unit, got 5s", id="a unit"),
        pytest.param("limit_s: 0", "limit_s: must be a number of seconds greater than 0", id="no time at all"),
        pytest.param("limit_s: .inf", "limit_s: must be a number", id="for ever"),
        pytest.param(
            "address: hosts", "address: must be path or host, got hosts; did you mean 'host'", id="an address"
        ),
        pytest.param(
            "command: python3 button.py", r"command: must be a list, such as \[\"\{python\}", id="command as text"
        ),
        pytest.param("command: []", "command: must have at least one word", id="a command without words"),
        pytest.param("command: [a, {b: c}]", "profile.yaml:1:14: command.1: must be text", id="a mapping as word"),
    ],
)
def test_a_profile_that_cannot_be_read_says_where_and_why(tmp_path, text, words):
    with pytest.raises(FileError, match=words):
        load_profile(a_profile(tmp_path, text))


def test_all_mistakes_of_a_profile_are_told_at_once(tmp_path):
    with pytest.raises(FileError) as refusal:
        load_profile(
            a_profile(tmp_path, "at_once: 0\nlimit_s: 5s\noutcome: {exit: {zero: available, 1: eror}, lien: x}")
        )

    assert str(refusal.value).splitlines()[0].endswith("has 5 mistakes")


@pytest.mark.parametrize(
    ("profile", "report", "outcome"),
    [
        pytest.param({"outcome_member": "o"}, Report(0, 'hello\n{"o": "available"}\n'), "available", id="a line"),
        pytest.param({"outcome_member": "o"}, Report(0, "hello\n"), None, id="no such line"),
        pytest.param({"outcome_member": "o"}, Report(0, '{"o": "fine"}'), None, id="a word that is no outcome"),
        pytest.param(
            {"outcome_member": "o"},
            Report(0, 'rest of a line"}\n  {"o": "error"} \r\nbye\r'),
            "error",
            id="a line of many",
        ),
        pytest.param(
            {"outcome_member": "o"}, Report(0, '{"o": "error", "m": "a\u2028b"}'), "error", id="a line with odd signs"
        ),
        pytest.param({"outcome_exits": {3: "not_available"}}, Report(3), "not_available", id="an exit status"),
        pytest.param({"outcome_exits": {3: "not_available"}}, Report(139), None, id="another exit status"),
    ],
)
def test_an_outcome_is_read_from_a_line_or_from_the_exit_status(profile, report, outcome):
    assert Profile(**profile).outcome(report) == outcome
