"""What a project may do with `mock_server`, each in a few lines."""

from datetime import UTC, datetime, timedelta

import pytest
from chat_button import Visit

OFFICE_HOURS = """
scenario: one campaign
stubs:
  - when: {account: "56072331"}
    then: {offer: {skillName: Gold}}
"""


def test_an_engagement_is_a_button(mock_server):
    assert Visit(mock_server.url).has_button()


@pytest.mark.parametrize("preset", ["not-available", "loading-forever", "maintenance"])
def test_without_an_engagement_there_is_no_button(mock_server, preset):
    mock_server.use(preset)

    assert not Visit(mock_server.url).has_button()


def test_a_scenario_can_be_written_beside_the_test(mock_server):
    mock_server.use(OFFICE_HOURS)

    assert [Visit(mock_server.url, account).has_button() for account in ("56072331", "1")] == [True, False]


def test_the_second_request_carries_the_ids_of_the_first(mock_server):
    visit = Visit(mock_server.url)

    visit.has_button()
    visit.has_button()

    first, second = mock_server.journal
    assert second["session_id"] == first["session_id"]
    mock_server.assert_called(operation="getEngagement", status=200, session=first["session_id"], times=2)


def test_a_broken_server_is_no_button(mock_server):
    mock_server.fault(status={"code": 500}, window={"first": 1})
    visit = Visit(mock_server.url)

    assert [visit.has_button(), visit.has_button()] == [False, True]


def test_hours_pass_at_once(mock_server):
    mock_server.clock.freeze(at="2026-07-26T09:30:00Z")

    mock_server.clock.advance(timedelta(hours=6))

    assert mock_server.clock.now() == datetime(2026, 7, 26, 15, 30, tzinfo=UTC)


def test_what_was_sent_is_verified(mock_server):
    Visit(mock_server.url).has_button()

    mock_server.assert_called(body={"appType": "EXTERNAL"}, header={"Content-Type": "application/json"}, times=1)
    assert mock_server.journal[0]["call"]["json"]["appType"] == "EXTERNAL"


@pytest.fixture(scope="module")
def visit(module_mock_server):
    visit = Visit(module_mock_server.url)
    visit.has_button()
    return visit


def test_a_fixture_of_a_module_has_a_mock_server_too(visit, module_mock_server):
    visit.has_button()

    module_mock_server.assert_called(times=2)


@pytest.mark.parametrize("number", range(4))
def test_each_test_sees_its_own_calls_only(mock_server, number):
    assert mock_server.journal == []

    for _ in range(number):
        Visit(mock_server.url).has_button()

    mock_server.assert_called(operation="getEngagement", times=number)
