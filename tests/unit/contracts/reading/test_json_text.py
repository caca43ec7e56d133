"""What comes over a wire may be anything: it is read or refused, and never ends the judge."""

import json

import pytest

from contracts.contract.shapes import Shapes
from contracts.judging.calls.rules import CallRules
from contracts.judging.replies.examiner import Examiner
from contracts.reading.json_text import DEEPEST, parsed
from contracts.wire.messages import Call, Reply
from tests.support.harness.client_builders import DOCUMENT, JS_DOOR, ROUTES, a_record, broken, read
from tests.support.harness.contract import CONTRACT

#: Each is refused by some reader of JSON, and accepted or not survived by another.
ODD = [
    pytest.param("[" * 100_000, id="brackets without end"),
    pytest.param('{"a":' * 3000 + "1" + "}" * 3000, id="nested 3000 deep"),
    pytest.param('{"vid": "\\ud800"}', id="half a character"),
    pytest.param('{"status": NaN}', id="NaN"),
    pytest.param('{"status": 1e400}', id="a number beyond all bounds"),
    pytest.param('{"vid": ' + "9" * 5000 + "}", id="a number of 5000 digits"),
    pytest.param('"', id="half a text"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize("text", ODD)
def test_what_not_every_reader_takes_is_no_json(text):
    with pytest.raises(ValueError, match=r"\w"):
        parsed(text)


def test_what_is_nested_as_deep_as_any_call_is_read():
    text = "[" * DEEPEST + "]" * DEEPEST

    assert parsed(text) == json.loads(text)


@pytest.mark.parametrize("text", ODD[:-1])
@pytest.mark.parametrize("path", [{}, {"path": JS_DOOR}], ids=["REST", "JS"])
def test_a_client_that_sends_it_is_judged_by_it(text, path):
    rules = CallRules(DOCUMENT, Shapes(DOCUMENT), ROUTES)

    assert broken(rules.judge(read(a_record(body=text, **path)))) != []


def test_a_client_may_nest_what_the_contract_does_not_name_as_deep_as_it_says():
    rules = CallRules(DOCUMENT, Shapes(DOCUMENT), ROUTES)

    judgements = rules.judge(read(a_record(path=JS_DOOR, body='{"a":' * 900 + "1" + "}" * 900)))

    assert broken(judgements) == []


@pytest.mark.parametrize("body", [*(pytest.param(one.values[0].encode(), id=one.id) for one in ODD), b"\xff\xfe{"])
@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=nope", "text/plain", "\xff/\xff", ""]
)
def test_a_server_that_sends_it_is_told_so_by_both_readers(body, media_type):
    reply = Reply(200, (("Content-Type", media_type), ("Set-Cookie", "\xff=;;;")), body)

    findings = Examiner(CONTRACT).findings(CONTRACT.operations["getEngagement"], Call("POST", "/"), reply, "here")

    assert findings != []
    assert "readers-disagree" not in {finding.rule for finding in findings}
