import json
from dataclasses import dataclass, field

import pytest

from contracts.errors import AdminRefused
from contracts.mock.admin import AdminApi, WithToken
from contracts.mock.arrangement import Arrangement, arrange
from contracts.wire.messages import Call, Reply


@dataclass
class FakeMock:
    """Answers each call with the next of its replies, or with an empty 204, and remembers what it was asked."""

    replies: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    base: str = "http://mock"

    def within(self, prefix):
        return self

    def ask(self, call):
        self.calls.append(call)
        return self.replies.pop(0) if self.replies else Reply(204)

    @property
    def asked(self):
        return [(call.method, call.target, json.loads(call.body or "null")) for call in self.calls]


def page(numbers, **more):
    body = {"exchanges": [{"number": number} for number in numbers], "dropped": 0, "lost": None, **more}
    return Reply(200, body=json.dumps(body).encode())


def test_what_a_case_needs_is_arranged_in_a_fixed_order_with_its_values():
    mock = FakeMock()
    needs = Arrangement(scenario="loading", rules={"accounts": ["{account}"]}, frozen=True, advance_ms=5)

    arrange(AdminApi(mock), needs, {"account": "7"})

    assert mock.asked == [
        ("PUT", "/__admin/rules", {"accounts": ["7"]}),
        ("PUT", "/__admin/scenario", {"preset": "loading"}),
        ("PUT", "/__admin/clock", {"frozen": True}),
        ("POST", "/__admin/clock/advance", {"ms": 5}),
    ]


def test_a_journal_is_read_page_by_page():
    mock = FakeMock([page(range(1, 1001)), page([1001], dropped=2)])

    journal = AdminApi(mock).journal()

    assert (len(journal.exchanges), journal.dropped, journal.lost) == (1001, 2, "")
    assert [target for _, target, _ in mock.asked] == [
        "/__admin/journal?after=0&limit=1000",
        "/__admin/journal?after=1000&limit=1000",
    ]


def test_a_journal_that_lost_something_says_what():
    mock = FakeMock([page([1], lost={"message": "the server was restarted"})])

    assert AdminApi(mock).journal().lost == "the server was restarted"


def test_a_refusal_says_what_was_asked_and_what_came_back():
    mock = FakeMock([Reply(422, (("Content-Type", "application/json"),), b'{"error": "no such fault"}')])

    with pytest.raises(AdminRefused) as refusal:
        AdminApi(mock).set_faults([{"melt": {}}])

    assert str(refusal.value) == (
        'the admin API refused PUT /__admin/faults with 422 application/json: {"error": "no such fault"}'
    )
    assert (refusal.value.status, refusal.value.text) == (422, '{"error": "no such fault"}')


def test_a_token_goes_to_the_admin_api_and_nowhere_else():
    mock = FakeMock()

    AdminApi(WithToken(mock, "secret")).reset()
    WithToken(mock, "secret").ask(Call("GET", "/api/account/1/getEngagement"))

    assert [call.headers.get("Authorization") for call in mock.calls] == ["Bearer secret", None]


@pytest.mark.parametrize(
    ("reply", "is_mock"),
    [
        (Reply(200, body=b'{"status": "up", "version": "1", "contract": "c", "store": "memory"}'), True),
        (Reply(200, body=b'{"status": "up"}'), False),
        (Reply(404, body=b"<html>"), False),
    ],
    ids=["a mock", "another health", "no JSON"],
)
def test_a_mock_is_known_by_the_words_of_its_health(reply, is_mock):
    assert AdminApi(FakeMock([reply])).is_there() is is_mock
