"""Dates as people write them, and back."""

import pytest

from mockserver.state.moments import LATEST_MS, iso_of, ms_of


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1970-01-01", "1970-01-01T00:00:00.000Z"),
        ("2026-07-26", "2026-07-26T00:00:00.000Z"),
        ("2026-07-26T09:30", "2026-07-26T09:30:00.000Z"),
        ("2026-07-26 09:30:01.5", "2026-07-26T09:30:01.500Z"),
        ("2026-07-26T00:30:00+02:00", "2026-07-25T22:30:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ],
)
def test_a_date_is_read_and_written_in_utc(text, iso):
    assert iso_of(ms_of(text)) == iso


def test_the_last_moment_can_be_written():
    assert ms_of(iso_of(LATEST_MS)) == LATEST_MS


@pytest.mark.parametrize("text", ["", "now", "2026-02-30", "1785058200000", "2026-07-26T25:00Z"])
def test_what_is_no_date_is_refused_with_how_to_write_one(text):
    with pytest.raises(ValueError, match="is no date that can be read; write it as 2026-07-26"):
        ms_of(text)


@pytest.mark.parametrize("text", ["1969-12-31T23:59:59Z", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-01:00"])
def test_what_the_clock_cannot_show_is_refused(text):
    with pytest.raises(ValueError, match="is outside of what the clock can show"):
        ms_of(text)
