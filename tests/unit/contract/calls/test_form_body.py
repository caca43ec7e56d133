import pytest

from mockserver.contract.calls.form_body import FormReader
from mockserver.contract.calls.json_body import UNREAD
from tests.support.builders import CONTRACT

SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "whole": {"type": "integer"},
        "real": {"type": "number"},
        "flag": {"type": "boolean"},
        "texts": {"type": "array", "items": {"type": "string"}},
        "numbers": {"type": "array", "items": {"type": "integer"}},
        "id": {"$ref": "#/components/schemas/AccountId"},
    },
}
READER = FormReader(SCHEMA, CONTRACT.resolved, CONTRACT.call_clauses)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        pytest.param(b"", {}, id="nothing"),
        pytest.param(b"text=a+b%2Bc", {"text": "a b+c"}, id="plus and escape"),
        pytest.param(b"text=%C3%A9%E2%82%AC", {"text": "é€"}, id="escaped UTF-8"),
        pytest.param("text=é".encode(), {"text": "é"}, id="plain UTF-8"),
        pytest.param(b"te%78t=a", {"text": "a"}, id="escape in a name"),
        pytest.param(b"text=a=b", {"text": "a=b"}, id="equals sign in a value"),
        pytest.param(b"text", {"text": ""}, id="name alone"),
        pytest.param(b"&&text=a&", {"text": "a"}, id="empty pieces"),
        pytest.param(b"whole=30&real=1.5&flag=true", {"whole": 30, "real": 1.5, "flag": True}, id="typed"),
        pytest.param(b"whole=-0&real=-1e3&flag=false", {"whole": 0, "real": -1000.0, "flag": False}, id="signs"),
        pytest.param(b"whole=1.0&real=x&flag=1", {"whole": "1.0", "real": "x", "flag": "1"}, id="of no such type"),
        pytest.param(b"whole=01&real=1e400", {"whole": "01", "real": "1e400"}, id="no numbers of JSON"),
        pytest.param(b"whole=+1&real=%20", {"whole": " 1", "real": " "}, id="blanks"),
        pytest.param(b"texts=a&texts=b", {"texts": ["a", "b"]}, id="list"),
        pytest.param(b"texts=a", {"texts": ["a"]}, id="list of one"),
        pytest.param(b"numbers=1&numbers=x", {"numbers": [1, "x"]}, id="list of numbers, one of them none"),
        pytest.param(b"id=7", {"id": "7"}, id="behind a reference"),
        pytest.param(b"colour=red&colour=blue", {"colour": "red"}, id="not listed"),
    ],
)
def test_a_form_becomes_what_its_schema_says(body, value):
    assert READER.read(body) == (value, [])


@pytest.mark.parametrize(
    ("body", "what", "clause"),
    [
        (b"a&" * 10_000, "is no form: it has more than 10000 members; send fewer", "GE-400-BODY"),
        (b"text=100%", "is no form: the % at offset 8 begins no escape; write %25 for the sign itself", "GE-400-BODY"),
        (b"a=1&te%zzt=", "is no form: the % at offset 6 begins no escape", "GE-400-BODY"),
        (b"text=%ff", "is no form: byte 0xff in the text at offset 5 is no UTF-8; send it in UTF-8", "REQ-400-UNICODE"),
        ("text=é".encode("latin-1"), "is no form: byte 0xe9 in the text at offset 5", "REQ-400-UNICODE"),
    ],
)
def test_a_body_that_is_no_form_is_told_with_the_place(body, what, clause):
    value, (violation,) = READER.read(body)

    assert value is UNREAD
    assert (violation.where, violation.clause) == ("body", clause)
    assert violation.what.startswith(what)


def test_a_member_that_is_no_list_is_sent_once():
    value, (violation,) = READER.read(b"text=a&text=b")

    assert value == {"text": "a"}
    assert (violation.where, violation.clause) == ("body.text", "REQ-400-TWICE")
    assert violation.what == "stands more than once in the form; send it once"
