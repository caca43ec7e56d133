import json

import pytest

from contracts.contract.shapes import Shapes
from contracts.judging.replies.checks import violations
from contracts.judging.replies.exchange import Exchange, ReplyViolation
from contracts.judging.replies.readers import SecondReader, disagreement
from contracts.wire.messages import Call, Reply
from tests.support.harness.contract import CONTRACT

SECOND = SecondReader(CONTRACT)
SHAPES = Shapes(CONTRACT)

GOOD = {"status": "NotAvailable", "sessionId": "abc", "visitorId": "xyz", "pageId": "1"}
ERROR = {"time": 1469543282471, "internalCode": 5}
DOMAIN = {"service": "smt", "account": "1", "baseURI": "127.0.0.1:8080"}
SCRIPT = Reply(200, (("Content-Type", "application/javascript"),), b'cb({"ResultSet":{}});')


def of_json(body, status=200, *headers):
    return Reply(status, (("Content-Type", "application/json; charset=utf-8"), *headers), json.dumps(body).encode())


REPLIES = [
    pytest.param("getEngagement", of_json(GOOD), True, id="good"),
    pytest.param("getEngagement", of_json({**GOOD, "more": 1}), True, id="unknown member"),
    pytest.param("getEngagement", of_json({**GOOD, "pageId": 1}), False, id="wrong type"),
    pytest.param("getEngagement", of_json({**GOOD, "engagementDetails": None}), False, id="null"),
    pytest.param("getEngagement", of_json(GOOD, 201), False, id="undocumented status"),
    pytest.param("getEngagement", of_json(ERROR, 401), True, id="good error"),
    pytest.param("getEngagement", of_json({"error": ERROR}, 401), False, id="wrapped error"),
    pytest.param("getEngagement", of_json(GOOD, 200, ("mock-exchange", "12")), True, id="header"),
    pytest.param("getEngagement", of_json(GOOD, 200, ("mock-exchange", "x")), False, id="wrong header"),
    pytest.param("getEngagement", Reply(200, (("Content-Type", "text/html"),), b"{}"), False, id="media type"),
    pytest.param("getEngagement", Reply(200, (("Content-Type", "application/json"),), b"{"), False, id="broken JSON"),
    pytest.param("getEngagement", of_json({**GOOD, "sessionId": "abc\n"}), False, id="line feed"),
    pytest.param("getEngagement", of_json({**ERROR, "message": "\ud800"}, 500), False, id="half a character"),
    pytest.param("updateSession", Reply(200), True, id="empty"),
    pytest.param("getDomain", of_json(DOMAIN), True, id="host"),
    pytest.param("getDomain", of_json({**DOMAIN, "baseURI": "http://a"}), False, id="scheme"),
    pytest.param("getDomainScript", SCRIPT, True, id="script"),
    pytest.param("getDomainScript", Reply(200, SCRIPT.headers, rb'cb({"a":"\u00e9"});'), True, id="escaped script"),
    pytest.param("getDomainScript", Reply(200, SCRIPT.headers, b"cb(1)"), False, id="no script"),
]


@pytest.mark.parametrize(("operation", "reply", "kept"), REPLIES)
def test_both_readers_say_the_same(operation, reply, kept):
    operation = CONTRACT.operations[operation]

    first = violations(Exchange(CONTRACT, SHAPES, operation, Call("POST", "/"), reply))
    second = SECOND.objection(operation, reply)

    assert (not first, not second) == (kept, kept)
    assert disagreement(first, second) == ""


@pytest.mark.parametrize(
    ("checks", "objection", "said"),
    [
        pytest.param(
            [], "no", "the first reader says nothing; the second reader says no", id="only the second objects"
        ),
        pytest.param(
            ["body_schema"], "", "the first reader says bad; the second reader says nothing", id="only the first"
        ),
        pytest.param(["body_schema"], "no", "", id="both object"),
        pytest.param(["error_time"], "", "", id="only one reader can know"),
    ],
)
def test_a_disagreement_is_told_with_what_each_says(checks, objection, said):
    told = [ReplyViolation(check, "", "bad", "", "") for check in checks]

    assert disagreement(told, objection) == said
