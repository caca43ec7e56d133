import json

import pytest

from mockserver.model import Reply
from mockserver.scenarios.faults.malformed import Malformed
from tests.support.distorting import distorted, read, refusal


def is_json(body):
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    "body",
    [b'{"a":"b"}', b'{"a":{}}', b"[1,[2]]", b"5", b'"text"', b"null", b"callback({})", b""],
    ids=lambda body: body.decode() or "nothing",
)
def test_what_is_left_of_any_body_is_no_json(body):
    assert not is_json(distorted(Malformed(), Reply(200, body)).body)


def test_an_object_is_not_closed_and_the_rest_of_the_reply_stays():
    reply = Reply(200, b'{"a":1}', (("Content-Type", "application/json"),), delay_ms=5)

    assert distorted(Malformed(), reply) == Reply(200, b'{"a":1', reply.headers, delay_ms=5)


def test_it_is_read_without_settings():
    assert read("malformed", {}) == Malformed()
    assert refusal("malformed", {"ms": 1}).startswith("faults[0].malformed.ms: unknown key 'ms'")
