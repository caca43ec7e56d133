"""Moments as people write them: ISO 8601 beside epoch milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: The last moment that every part of the server can write as a date: the end of the year 9999.
LATEST_MS = 253_402_300_799_999

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def ms_of(text: str) -> int:
    """Read a date or a date with a time, in UTC unless it names an offset, as epoch milliseconds.

    Raises `ValueError`, which says what is wrong and what is expected, also for a moment that the clock cannot show.
    """
    try:
        read = datetime.fromisoformat(text)
        moment = read if read.tzinfo else read.replace(tzinfo=UTC)
        ms = (moment - _EPOCH) // _MS
    except (ValueError, OverflowError):
        raise ValueError(
            f"{text[:60]!r} is no date that can be read; write it as 2026-07-26, 2026-07-26T09:30:00Z "
            "or 2026-07-26T09:30:00+02:00"
        ) from None
    if not 0 <= ms <= LATEST_MS:
        raise ValueError(f"{text[:60]!r} is outside of what the clock can show, from 1970 to the end of the year 9999")
    return ms


def iso_of(ms: int) -> str:
    """Write epoch milliseconds in UTC, to the millisecond: 2026-07-26T09:30:00.000Z."""
    return (_EPOCH + ms * _MS).isoformat(timespec="milliseconds").replace("+00:00", "Z")
