from dataclasses import fields

import pytest

from contracts.errors import FileError
from contracts.mock.arrangement import Arrangement
from contracts.reading.placeholders import Pattern
from contracts.server_suite.cases import files as case_files
from contracts.server_suite.cases.case import OUTSIDE, CallSpec, Expectation, Step
from contracts.server_suite.cases.files import load
from tests.support.harness.contract import CONTRACT

GOOD = """
title: A later call carries the session on
clauses: [GE-CONTINUE]
needs: {rules: {second_request: ids}}
steps:
  - call: {operation: getEngagement, body: {}}
    expect: {status: 200, keep: {vid: visitorId}}
  - arrange: {advance_ms: 10}
  - call: {operation: getEngagement, body: {vid: "{vid}"}}
    expect: {status: 401, clause: GE-401-SID, message: !pattern '.*sid.*'}
"""


@pytest.fixture
def folder(tmp_path):
    def write(text, name="getEngagement/case"):
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_a_case_is_read_as_it_reads_aloud(folder):
    [case] = load(CONTRACT, folder(GOOD))

    assert case.name == "getEngagement/case"
    assert case.needs.rules == {"second_request": "ids"}
    assert case.steps[1].arrange.advance_ms == 10
    assert case.steps[2].expect == Expectation(status=401, clause=("GE-401-SID",), message=Pattern(".*sid.*"))


def test_a_case_is_examined_once_for_every_row(folder):
    rows = "each: {one: {n: 1, s: 400}, two: {n: x, s: 401}}\n"
    call = "{operation: getEngagement, body: {a: '{n}', b: 'is {n}', c: '{later}'}}"
    steps = f"steps: [{{call: {call}, expect: {{status: '{{s}}'}}}}]\n"

    one, two = load(CONTRACT, folder("title: T\nclauses: [GE-CONTINUE]\n" + rows + steps))

    assert (one.title, two.title) == ("T [one]", "T [two]")
    assert one.steps[0].call.body == {"a": 1, "b": "is 1", "c": "{later}"}
    assert two.steps[0].expect.status == 401


def test_a_long_text_is_written_short(folder):
    text = GOOD.replace("body: {}", "body: {padding: !repeat [ab, 3]}")

    [case] = load(CONTRACT, folder(text))

    assert case.steps[0].call.body == {"padding": "ababab"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("title:", "titel:", "2:1: titel: unknown key; did you mean 'title'", id="a key of the case"),
        pytest.param("status: 200", "statuss: 200", r"7:14: steps.0.expect.statuss: unknown key", id="a key of a step"),
        pytest.param("second_request: ids}}", "x: 1}, rule: 2}", "did you mean 'rules'", id="a key of a need"),
        pytest.param(
            "operation: getEngagement",
            "operation: getEngagment",
            "6:12: .*did you mean 'getEngagement'",
            id="an operation",
        ),
        pytest.param("GE-CONTINUE", "GE-CONTINU", "clauses.0: .*did you mean 'GE-CONTINUE'", id="a clause"),
        pytest.param(
            "status: 401", "status: 400", "answers GE-401-SID with 401", id="a status that is not the clause's"
        ),
        pytest.param("clauses: [GE-CONTINUE]", "clauses: []", "names no clause", id="no clause"),
        pytest.param("status: 200,", "", "expect.status: is missing", id="no status"),
        pytest.param(
            "status: 200,", "status: '200',", "must be a whole number from 0 up, got '200'", id="status as text"
        ),
        pytest.param(
            "expect: {status: 200", "expct: {status: 200", "has call and expect, or arrange", id="no expectation"
        ),
        pytest.param("rules: {", "mock: yes, rules: {", "mock: must be true or false, got 'yes'", id="yes for true"),
        pytest.param(
            "title:", "title: x\ntitle:", "title: this key stands twice, first in line 2", id="a key given twice"
        ),
        pytest.param("title:", "each: {}\ntitle:", "each: names no row", id="no row"),
        pytest.param("!pattern '.*sid.*'", "!pattern [a]", "!pattern takes one text", id="a pattern of several"),
        pytest.param(
            "!pattern", "!patern", "the tag !patern is not known here; known are !pattern", id="an unknown tag"
        ),
        pytest.param("body: {}", "body: !repeat x", "!repeat takes", id="a repetition without a number"),
        pytest.param("steps:", "steps: [", "case.yaml:.*not YAML", id="no YAML"),
    ],
)
def test_a_case_that_the_contract_cannot_mean_is_refused(folder, old, new, said):
    with pytest.raises(FileError, match=said):
        load(CONTRACT, folder(GOOD.replace(old, new)))


@pytest.mark.parametrize(
    ("shape", "made"),
    [
        (case_files._ArrangementShape, Arrangement),
        (case_files._CallShape, CallSpec),
        (case_files._ExpectationShape, Expectation),
        (case_files._StepShape, Step),
    ],
)
def test_a_file_can_say_whatever_a_case_can_hold(shape, made):
    assert {*shape().fields} == {field.name for field in fields(made)}


def test_a_case_stands_in_the_folder_of_its_operation(folder):
    with pytest.raises(FileError, match="the folder 'getEngagements'"):
        load(CONTRACT, folder(GOOD, "getEngagements/case"))


def test_calls_of_no_operation_have_a_folder_too(folder):
    [case] = load(CONTRACT, folder(GOOD, f"{OUTSIDE}/case"))

    assert case.folder == OUTSIDE


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        pytest.param(GOOD, True, id="rules"),
        pytest.param(GOOD.replace("needs: {rules: {second_request: ids}}", ""), True, id="a later arrangement"),
        pytest.param(
            GOOD.replace("needs: {rules: {second_request: ids}}", "").replace("  - arrange: {advance_ms: 10}\n", ""),
            False,
            id="nothing",
        ),
    ],
)
def test_a_case_says_whether_it_needs_an_admin_api(folder, text, needs):
    [case] = load(CONTRACT, folder(text))

    assert case.needs_admin is needs
