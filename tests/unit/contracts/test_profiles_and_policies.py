import math
import sys

import pytest

from contracts.exchanges import Answer
from contracts.policies import SHIPPED, PolicyError, load_policy, policy
from contracts.profiles import Profile, ProfileError, Report, load_profile


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
    ("document", "words"),
    [
        pytest.param([], "is a mapping", id="a list"),
        pytest.param({"retry": {}}, "did you mean 'retries'", id="a misspelled key"),
        pytest.param({"retries": {"5x": {}}}, "did you mean '5xx'", id="a misspelled answer"),
        pytest.param({"retries": {"5xx": {"atmost": 3}}}, "did you mean 'at_most'", id="a misspelled rule"),
        pytest.param({"retries": {"5xx": {"at_least": 2, "at_most": 1}}}, "more than at_most", id="bounds that cross"),
    ],
)
def test_a_policy_that_cannot_be_read_says_why(document, words):
    with pytest.raises(PolicyError, match=words):
        policy(document, "p.yaml")


def test_an_unknown_policy_names_the_shipped_ones():
    with pytest.raises(PolicyError, match="did you mean 'documented'"):
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("comand: [x]", "did you mean 'command'", id="a misspelled key"),
        pytest.param("outcome: {exit: {0: availible}}", "did you mean 'available'", id="a misspelled outcome"),
        pytest.param("[]", "is a mapping", id="a list"),
        pytest.param("a: [", "cannot be read", id="no YAML"),
    ],
)
def test_a_profile_that_cannot_be_read_says_why(tmp_path, text, words):
    with pytest.raises(ProfileError, match=words):
        load_profile(a_profile(tmp_path, text))


@pytest.mark.parametrize(
    ("profile", "report", "outcome"),
    [
        pytest.param({"outcome_member": "o"}, Report(0, 'hello\n{"o": "available"}\n'), "available", id="a line"),
        pytest.param({"outcome_member": "o"}, Report(0, "hello\n"), None, id="no such line"),
        pytest.param({"outcome_member": "o"}, Report(0, '{"o": "fine"}'), None, id="a word that is no outcome"),
        pytest.param({"outcome_exits": {3: "not_available"}}, Report(3), "not_available", id="an exit status"),
        pytest.param({"outcome_exits": {3: "not_available"}}, Report(139), None, id="another exit status"),
    ],
)
def test_an_outcome_is_read_from_a_line_or_from_the_exit_status(profile, report, outcome):
    assert Profile(**profile).outcome(report) == outcome
