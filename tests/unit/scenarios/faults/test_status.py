from random import Random

import pytest

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.errors import ScenarioError
from mockserver.model import Reply
from mockserver.scenarios.faults import FaultContext, read_faults
from mockserver.scenarios.faults.status import Status

CONTEXT = FaultContext(Random(1), now_ms=1469543282471, error_shape=ERROR_SHAPE)
JSON_TYPE = ("Content-Type", "application/json")


def test_an_error_entity_with_the_clock_takes_the_place_of_the_body():
    reply = Status(503, 18, "Server temporarily unavailable").distort(Reply(200, b"{}", (JSON_TYPE,)), CONTEXT)

    assert reply == Reply(
        503, b'{"time":1469543282471,"message":"Server temporarily unavailable","internalCode":18}', (JSON_TYPE,)
    )


def test_without_a_message_the_member_is_left_out():
    reply = Status(500).distort(Reply(200), CONTEXT)

    assert reply.body == b'{"time":1469543282471,"internalCode":18}'


def test_the_cookie_and_the_type_of_the_reply_go_and_what_the_mock_tells_stays():
    headers = (("content-type", "text/plain"), ("Set-Cookie", "LPVID=xyz"), ("Mock-Stub", "available"))

    reply = Status(500).distort(Reply(200, b"", headers), CONTEXT)

    assert reply.headers == (JSON_TYPE, ("Mock-Stub", "available"))


def test_the_error_is_as_late_as_the_reply_would_have_been():
    assert Status(500).distort(Reply(200, delay_ms=70), CONTEXT).delay_ms == 70


def test_a_client_is_told_in_seconds_when_to_come_back():
    reply = Status(429, retry_after_s=30).distort(Reply(200, b"", (("Retry-After", "1"),)), CONTEXT)

    assert reply.headers == (JSON_TYPE, ("Retry-After", "30"))


def test_a_client_is_told_by_date_when_to_come_back_and_never_too_early():
    reply = Status(429, retry_after_s=30, retry_form="date").distort(Reply(200), CONTEXT)

    # The clock stands at 14:28:02.471.
    assert dict(reply.headers)["Retry-After"] == "Tue, 26 Jul 2016 14:28:33 GMT"


def test_the_date_to_come_back_is_one_that_a_date_can_name():
    at_the_end = FaultContext(Random(1), now_ms=253_402_300_799_999, error_shape=ERROR_SHAPE)

    reply = Status(429, retry_after_s=30, retry_form="date").distort(Reply(200), at_the_end)

    assert dict(reply.headers)["Retry-After"] == "Fri, 31 Dec 9999 23:59:59 GMT"


def test_a_status_is_read_with_its_retry_after():
    settings = {"code": 429, "retry_after_s": 1, "retry_form": "date"}

    faults = read_faults([{"status": settings}], "faults", wire=False)

    assert faults == (Status(429, retry_after_s=1, retry_form="date"),)


def test_a_status_is_read_with_code_and_message():
    faults = read_faults(
        [{"status": {"code": 404, "internal_code": 6, "message": "Data not found"}}], "faults", wire=False
    )

    assert faults == (Status(404, 6, "Data not found"),)


@pytest.mark.parametrize("settings", [{"code": 500}, {"code": 500, "message": None}])
def test_a_status_leaves_its_code_to_the_api_and_has_no_message_unless_they_are_given(settings):
    assert read_faults([{"status": settings}], "faults", wire=False) == (Status(500, None, None),)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param({}, "faults[0].status: the key 'code' is missing", id="no code"),
        pytest.param(
            {"code": 200},
            "faults[0].status.code: wanted a whole number from 400 to 599, got the number 200",
            id="no error",
        ),
        pytest.param(
            {"code": 500, "internalCode": 20},
            "faults[0].status.internalCode: unknown key 'internalCode'; did you mean 'internal_code'? "
            "Valid keys: code, internal_code, message, retry_after_s, retry_form",
            id="another spelling",
        ),
        pytest.param(
            {"code": 429, "retry_form": "date"},
            "faults[0].status.retry_form: it says how retry_after_s is written, which is missing",
            id="the form of no Retry-After",
        ),
        pytest.param(
            {"code": 429, "retry_after_s": 1, "retry_form": "dates"},
            "faults[0].status.retry_form: unknown form 'dates'; did you mean 'date'? Valid values: seconds, date",
            id="an unknown form",
        ),
        pytest.param(
            {"code": 500, "message": 5},
            "faults[0].status.message: wanted text, got the number 5; put it in quotes: '5'",
            id="a number for a message",
        ),
    ],
)
def test_a_status_that_cannot_be_read_is_refused(settings, message):
    with pytest.raises(ScenarioError) as refusal:
        read_faults([{"status": settings}], "faults", wire=False)

    assert str(refusal.value) == message
