from datetime import UTC, datetime

import pytest

from mockserver.errors import ScenarioError
from mockserver.scenarios.conditions.open_hours import OpenHours
from tests.support.scenario_fakes import RULES, a_call, read

MONDAY = (2026, 1, 5)
WEEK = {"timezone": "Europe/Berlin", "monday": ["09:00-12:30", "13:30-17:00"]}


def read_open_hours(node):
    return OpenHours.read(node, RULES)


def at(hour, minute=0, *, day=MONDAY):
    return datetime(*day, hour, minute, tzinfo=UTC)


def hours(**week):
    return read({"timezone": "UTC", **week}, read_open_hours)


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        pytest.param(at(7, 59), False, id="a minute before opening, in Berlin"),
        pytest.param(at(8), True, id="at opening"),
        pytest.param(at(11, 29), True, id="the last minute of the morning"),
        pytest.param(at(11, 30), False, id="when the break begins"),
        pytest.param(at(12, 30), True, id="after the break"),
        pytest.param(at(16), False, id="at closing"),
        pytest.param(at(9, day=(2026, 1, 6)), False, id="on a day without hours"),
    ],
)
def test_hours_hold_from_their_first_minute_to_the_one_before_their_last(now, is_open):
    open_hours = read(WEEK, read_open_hours)

    assert open_hours.hold(now) is is_open


@pytest.mark.parametrize(
    ("monday", "opens_at_utc"),
    [
        pytest.param((2026, 3, 23), 8, id="in winter"),
        pytest.param((2026, 3, 30), 7, id="in summer"),
    ],
)
def test_summer_time_moves_nothing_on_the_wall_clock(monday, opens_at_utc):
    open_hours = read(WEEK, read_open_hours)

    assert not open_hours.hold(at(opens_at_utc - 1, 59, day=monday))
    assert open_hours.hold(at(opens_at_utc, day=monday))


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        pytest.param(at(21, 59), False, id="before it begins"),
        pytest.param(at(23, 59), True, id="until midnight"),
        pytest.param(at(1, 59, day=(2026, 1, 6)), True, id="on the next day"),
        pytest.param(at(2, day=(2026, 1, 6)), False, id="at its end"),
        pytest.param(at(1), False, id="not in the night before"),
        pytest.param(at(23, day=(2026, 1, 6)), False, id="not in the next evening"),
    ],
)
def test_a_range_that_ends_before_it_begins_runs_on_into_the_next_day(now, is_open):
    assert hours(monday=["22:00-02:00"]).hold(now) is is_open


def test_the_night_of_sunday_runs_on_into_monday():
    assert hours(sunday=["22:00-02:00"]).hold(at(1))


def test_a_whole_day_is_open_from_midnight_to_midnight():
    open_hours = hours(monday=["00:00-24:00"])

    assert [open_hours.hold(now) for now in (at(0), at(23, 59), at(0, day=(2026, 1, 6)))] == [True, True, False]


def test_a_difference_names_the_hours_wanted_and_the_local_time():
    open_hours = read({"timezone": "Europe/Berlin", "monday": ["09:00-17:00"]}, read_open_hours)

    [difference] = open_hours.differences(a_call(), at(9, 12, day=(2026, 1, 4)))

    assert difference == "clock: wanted Monday 09:00-17:00 Europe/Berlin, got Sunday 10:12"


def test_several_days_and_ranges_are_all_named_in_a_difference():
    open_hours = hours(monday=["09:00-12:00", "13:00-24:00"], friday=["22:00-02:00"])

    assert open_hours.written() == "Monday 09:00-12:00, 13:00-24:00; Friday 22:00-02:00 UTC"


def test_there_is_no_difference_while_the_hours_hold():
    assert list(hours(monday=["09:00-17:00"]).differences(a_call(), at(9))) == []


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            {"timezone": "Europe/Berln", "monday": ["09:00-17:00"]},
            "timezone: unknown timezone 'Europe/Berln'; did you mean 'Europe/Berlin'?",
            id="misspelt timezone",
        ),
        pytest.param(
            {"timezone": "qqqqqqq", "monday": ["09:00-17:00"]},
            "timezone: unknown timezone 'qqqqqqq'; wanted one such as Europe/Berlin",
            id="no timezone at all",
        ),
        pytest.param(
            {"monday": ["09:00-17:00"]},
            "the key 'timezone' is missing",
            id="no timezone given",
        ),
        pytest.param(
            {"timezone": "UTC", "munday": ["09:00-17:00"]},
            "munday: unknown key 'munday'; did you mean 'sunday'? Valid keys: timezone, monday, tuesday, wednesday, "
            "thursday, friday, saturday, sunday",
            id="misspelt day",
        ),
        pytest.param(
            {"timezone": "UTC", "monday": ["9-17"]},
            "monday[0]: wanted hours such as '09:00-17:00', got '9-17'",
            id="hours in another form",
        ),
        pytest.param(
            {"timezone": "UTC", "monday": ["09:00-25:00"]},
            "monday[0]: wanted hours such as '09:00-17:00', got '09:00-25:00'",
            id="no such hour",
        ),
        pytest.param(
            {"timezone": "UTC", "monday": ["09:00-09:00"]},
            "monday[0]: '09:00-09:00' ends when it begins; a whole day is '00:00-24:00'",
            id="empty range",
        ),
        pytest.param(
            {"timezone": "UTC", "monday": "09:00-17:00"},
            "monday: wanted a list, got the text '09:00-17:00'",
            id="a text in place of a list",
        ),
        pytest.param(
            {"timezone": "UTC", "monday": []},
            "no day is open; name hours for at least one of monday, tuesday, wednesday, thursday, friday, saturday, "
            "sunday",
            id="never open",
        ),
    ],
)
def test_hours_that_cannot_be_read_are_refused(document, message):
    with pytest.raises(ScenarioError) as refusal:
        read(document, read_open_hours)

    assert str(refusal.value) == message
