"""Two readers read each exchange of a client; where they disagree, nobody is to be believed there."""

import json

import pytest

from contracts.contract.shapes import Shapes
from contracts.judging.agreement import SecondOpinion
from contracts.judging.calls.rules import CallRules
from contracts.judging.findings import ExitStatus, Finding, Result, Verdict, doubts_in, without_doubts
from contracts.report import FORMATS
from tests.support.harness.client_builders import AVAILABLE, DOCUMENT, ROUTES, a_record, read
from tests.support.harness.client_calls import BEYOND, BROKEN, RIGHT

SHAPES = Shapes(DOCUMENT)
RULES = CallRules(DOCUMENT, SHAPES, ROUTES)
ALL = {**RIGHT, **{name: record for name, (record, _) in BROKEN.items()}, **BEYOND}


@pytest.fixture(scope="module")
def second():
    return SecondOpinion(DOCUMENT, SHAPES)


@pytest.mark.parametrize("name", ALL)
def test_the_readers_agree_on_a_call(second, name):
    attempts = read(ALL[name])

    assert [doubt.got for doubt in second.doubts(attempts, RULES.judge(attempts), "here")] == []


@pytest.mark.parametrize("name", BROKEN)
def test_our_reader_finds_it_too(name):
    record, places = BROKEN[name]
    judgements = RULES.judge(read(record))

    assert {".".join(one.where.split(".")[:2]) for one in judgements if not one.kept} == places


@pytest.mark.parametrize(
    ("status", "media_type", "body"),
    [
        pytest.param(200, "application/json", json.dumps(AVAILABLE), id="one that lacks members"),
        pytest.param(200, "text/html", "<html>", id="another media type"),
        pytest.param(200, "application/json", "<html>", id="no JSON"),
        pytest.param(200, "application/json", '\ufeff{"status": "NotAvailable"}', id="a byte order mark"),
        pytest.param(200, "application/json", '{"status": 1e400}', id="a number that no double holds"),
        pytest.param(200, "Application/JSON", '{"status": "\\ud800"}', id="half a character"),
        pytest.param(500, "application/json", '\ufeff{"time": 1, "internalCode": 18}', id="a mark before an error"),
        pytest.param(299, "application/json", "{}", id="an undocumented status"),
        pytest.param(400, "application/json", '{"time": 1, "message": null, "internalCode": 5}', id="an error"),
        pytest.param(400, "application/json", '{"time": "now"}', id="an error of another shape"),
    ],
)
def test_the_readers_agree_on_a_reply(second, status, media_type, body):
    record = a_record(status=status)
    record["reply"] |= {"headers": [["Content-Type", media_type]], "body": body}
    attempts = read(record)

    assert [doubt.got for doubt in second.doubts(attempts, RULES.judge(attempts), "here")] == []


def test_a_defect_that_only_one_reader_sees_is_a_finding_about_the_judge():
    attempts = read(a_record(query=[["v", "2.0"]]))
    (doubt,) = SecondOpinion(DOCUMENT, SHAPES).doubts(attempts, (), "first-500")

    assert (doubt.rule, doubt.clause) == ("readers-disagree", None)
    assert doubt.where == "first-500: exchange 1, query.v"
    assert doubt.got.startswith('our reader says nothing; Schemathesis says "2.0" does not match')


def test_what_is_not_read_is_not_counted_as_read():
    second = SecondOpinion(DOCUMENT, SHAPES)
    attempts = read(a_record(), a_record(1, broken_by="reset"), a_record(2, body="[" * 300 + "]" * 300))
    second.doubts(attempts, RULES.judge(attempts), "here")

    assert str(second) == "mockserver's own on 3 exchanges, Schemathesis on 2 calls and 1 reply of them"


def test_a_verdict_in_doubt_is_no_verdict_on_the_client():
    attempts = read(a_record(query=[["v", "2.0"]]))
    doubts = SecondOpinion(DOCUMENT, SHAPES).doubts(attempts, (), "first-500")
    verdict = Verdict("client x", "openapi.yaml", results=(Result("first-500", "clients"),), doubts=doubts, readers="r")

    assert verdict.status is ExitStatus.NOT_EXAMINED
    text = FORMATS["text"](verdict)
    assert "IN DOUBT  readers-disagree" in text
    assert "BROKEN" not in text
    assert "1 places are in doubt: two readers of the contract disagree there." in text
    assert "Nothing was examined" not in text
    told = json.loads(FORMATS["json"](verdict))
    assert (told["readers"], [one["rule"] for one in told["doubts"]]) == ("r", ["readers-disagree"])
    assert "1 places are in doubt" in FORMATS["junit"](verdict)
    assert "What is in doubt" in FORMATS["html"](verdict)


def test_a_server_is_not_accused_where_the_readers_of_its_reply_disagree():
    doubt, fault = (Finding(rule, "case 1", "a rule", "a reply") for rule in ("readers-disagree", "body_schema"))

    result = Result("case 1", "cases", findings=(doubt, fault))

    assert without_doubts(result).findings == (fault,)
    assert doubts_in([result]) == (doubt,)
