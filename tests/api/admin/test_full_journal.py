"""A journal that is full: it drops the oldest, says so, and passes no verification that could be wrong."""

import pytest

from tests.support.serving.in_process import Mock


def verify(mock, **wanted):
    return mock.steer("POST", "/journal/verify", wanted)


@pytest.fixture
def full():
    """Serve with a journal of three exchanges, and two already dropped."""
    mock = Mock(journal_entries=3)
    for _ in range(5):
        mock.js()
    return mock


def test_a_full_journal_drops_the_oldest_and_counts_them(full):
    page = full.steer("GET", "/journal")

    assert [exchange["number"] for exchange in page["exchanges"]] == [3, 4, 5]
    assert (page["entries"], page["dropped"]) == (3, 2)


@pytest.mark.parametrize("wanted", [{"exactly": 3}, {"at_most": 3}, {"at_most": 99}, {"at_least": 1, "at_most": 9}])
def test_a_verification_that_dropped_exchanges_could_change_fails(full, wanted):
    verdict = verify(full, **wanted)

    assert (verdict["verified"], verdict["count"], verdict["dropped"]) == (False, 3, 2)
    assert "2 exchanges were dropped" in verdict["message"]
    assert "journal_entries" in verdict["message"]


def test_a_lower_bound_that_is_kept_needs_no_dropped_exchange(full):
    assert verify(full, at_least=3)["verified"] is True


def test_a_lower_bound_that_is_missed_says_that_exchanges_were_dropped(full):
    verdict = verify(full, at_least=4)

    assert verdict["verified"] is False
    assert "2 exchanges were dropped" in verdict["message"]


def test_the_journal_is_bounded_in_bytes_too():
    mock = Mock(journal_bytes=20_000)
    for _ in range(10):
        mock.js({"consumerSections": ["x" * 5000]})

    page = mock.steer("GET", "/journal")
    assert page["bytes"] <= 20_000
    assert page["entries"] + page["dropped"] == 10
    assert page["dropped"] > 0


def test_a_cleared_journal_has_nothing_and_dropped_nothing(full):
    full.steer("DELETE", "/journal")

    page = full.steer("GET", "/journal")
    assert (page["exchanges"], page["dropped"]) == ([], 0)
    assert verify(full, exactly=0)["verified"] is True
