"""Schemathesis by itself reads what a client sent and got; our own reader is not asked here."""

import json

import pytest

from contracts.errors import BeyondReader
from contracts.judging.calls.schemathesis_reader import SchemathesisReader
from tests.support.harness.client_builders import AVAILABLE, DOCUMENT, a_record, read
from tests.support.harness.client_calls import BROKEN, RIGHT

READER = SchemathesisReader(DOCUMENT)
TYPED = {"Content-Type": "application/json"}


def answered(status, body, headers=TYPED, **call):
    record = a_record(status=status, **call)
    text = body if isinstance(body, str) else json.dumps(body)
    record["reply"] |= {"headers": list(headers.items()), "body": text}
    (attempt,) = read(record)
    return attempt


def printed(name):
    return DOCUMENT.data["components"]["examples"][name]["value"]


@pytest.mark.parametrize("name", BROKEN)
def test_it_finds_each_defect_of_a_call_by_itself(name):
    record, places = BROKEN[name]
    (attempt,) = read(record)

    assert READER.objections_to_call(attempt).keys() == places


@pytest.mark.parametrize("name", RIGHT)
def test_it_accuses_no_call_that_keeps_the_contract(name):
    (attempt,) = read(RIGHT[name])

    assert READER.objections_to_call(attempt) == {}


@pytest.mark.parametrize("name", RIGHT)
def test_it_finds_the_operation_that_a_call_means(name):
    (attempt,) = read(RIGHT[name])

    assert READER.operation_of(attempt) == attempt.operation


def test_what_is_nested_deeper_than_it_reads_is_left_unread():
    (attempt,) = read(a_record(body='{"appType": "EXTERNAL", "x": ' + "[" * 300 + "]" * 300 + "}"))

    with pytest.raises(BeyondReader):
        READER.objections_to_call(attempt)


def test_a_reply_as_the_pages_print_it_is_right():
    assert READER.objection_to_reply(answered(200, printed("Available"))) == ""


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(answered(418, AVAILABLE), "Undocumented status code", id="an undocumented status"),
        pytest.param(answered(200, AVAILABLE, {"Content-Type": "text/html"}), "content-type", id="a media type"),
        pytest.param(answered(200, AVAILABLE, {}), "Missing Content-Type", id="no media type"),
        pytest.param(answered(200, "<html>"), "Expecting value", id="no JSON"),
        pytest.param(answered(200, "\ufeff{}"), "BOM", id="a byte order mark"),
        pytest.param(answered(200, {"status": 1}), "is not valid under any", id="a wrong type"),
        pytest.param(answered(400, {"error": "no"}), "is a required property", id="another error entity"),
    ],
)
def test_it_finds_what_is_wrong_with_a_reply(reply, words):
    assert words.lower() in READER.objection_to_reply(reply).lower()


def test_a_schemathesis_toml_of_somebody_else_is_not_obeyed(tmp_path, monkeypatch):
    (tmp_path / "schemathesis.toml").write_text("no such key = 1\n")
    monkeypatch.chdir(tmp_path)

    SchemathesisReader(DOCUMENT)
