"""The clock of a space: frozen, running, moved, and at both ends of the calendar."""

import pytest

from mockserver.state.moments import LATEST_MS, iso_of
from tests.support.builders import NOW_MS
from tests.support.serving.in_process import refusal_of

DAY_MS = 86_400_000


def test_the_clock_stands_still_when_it_is_frozen_and_runs_on_from_there(mock):
    frozen = mock.steer("PUT", "/clock", {"frozen": True})
    mock.wall.now_ms += 1000
    still = mock.steer("GET", "/clock")
    running = mock.steer("PUT", "/clock", {"frozen": False})
    mock.wall.now_ms += 7

    assert frozen == still == {"frozen": True, "now_ms": NOW_MS, "now": iso_of(NOW_MS)}
    assert running == {**frozen, "frozen": False}
    assert mock.steer("GET", "/clock")["now_ms"] == NOW_MS + 7


@pytest.mark.parametrize("frozen", [True, False])
def test_the_clock_is_moved_forward(mock, frozen):
    mock.steer("PUT", "/clock", {"frozen": frozen, "now_ms": 1000})

    moved = mock.steer("POST", "/clock/advance", {"ms": 500})

    assert moved == {"frozen": frozen, "now_ms": 1500, "now": "1970-01-01T00:00:01.500Z"}


@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("moment", [{"now_ms": 1_785_058_200_000}, {"now": "2026-07-26T11:30:00+02:00"}])
def test_the_clock_is_set_and_goes_on_as_before(mock, frozen, moment):
    mock.steer("PUT", "/clock", {"frozen": frozen})

    assert mock.steer("PUT", "/clock", moment) == {
        "frozen": frozen,
        "now_ms": 1_785_058_200_000,
        "now": "2026-07-26T09:30:00.000Z",
    }


@pytest.mark.parametrize("frozen", [True, False])
def test_the_clock_stops_at_the_end_of_the_year_9999(mock, frozen):
    mock.steer("PUT", "/clock", {"frozen": frozen, "now_ms": LATEST_MS - 1})

    for _ in range(3):
        assert mock.steer("POST", "/clock/advance", {"ms": 31_536_000_000})["now_ms"] == LATEST_MS
    mock.wall.now_ms += 1000
    assert mock.steer("GET", "/clock")["now_ms"] == LATEST_MS


@pytest.mark.parametrize("scenario", ["office-hours", "loading", "available"])
@pytest.mark.parametrize("now_ms", [0, 1, LATEST_MS - DAY_MS, LATEST_MS - 1, LATEST_MS])
def test_no_moment_is_too_early_or_too_late(mock, scenario, now_ms):
    mock.steer("PUT", "/scenario", {"preset": scenario})
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": now_ms})

    answer = mock.js()

    assert answer.status_code == (500 if scenario == "loading" else 200)
    assert mock.steer("GET", "/sessions") is not None
    assert refusal_of(mock.js({"appType": "WEB"}), at_ms=now_ms)[0] == 400


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("now_ms", [0, LATEST_MS])
def test_opening_hours_are_told_everywhere_on_the_first_and_the_last_day(mock, zone, now_ms):
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    week = {day: ["00:00-24:00"] for day in days}
    mock.play({"when": {"open_hours": {"timezone": zone, **week}}, "then": {"offer": {}}})
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": now_ms})

    assert mock.js().json["status"] == "Available"


@pytest.mark.parametrize(
    "clock",
    [
        {},
        {"now": "2026-07-26", "now_ms": 5},
        {"now": 5},
        {"frozen": "yes"},
        {"frozen": True, "now_ms": -1},
        {"frozen": True, "now_ms": LATEST_MS + 1},
        {"frozen": 1},
    ],
)
def test_a_clock_that_is_none_is_refused(mock, clock):
    assert mock.admin("PUT", "/clock", clock).status_code == 400


@pytest.mark.parametrize(
    "now", ["yesterday", "2026-13-01", "26.07.2026 09:30", "1969-12-31", "9999-12-31T23:59:59-14:00"]
)
def test_a_date_that_is_none_is_refused_with_how_to_write_one(mock, now):
    refusal = mock.admin("PUT", "/clock", {"now": now})

    assert refusal.status_code == 400
    assert refusal.json["error"].startswith(f"now: {now!r} is ")


@pytest.mark.parametrize(
    ("clock", "says"),
    [
        ({}, "body: names nothing; known: frozen, now_ms, now"),
        ({"now": "2026-07-26", "now_ms": 5}, "body: now and now_ms say the same thing; send one of them."),
        ({"frozn": True}, "body: 'frozn' is unknown here; did you mean 'frozen'?; known: frozen, now_ms, now"),
    ],
)
def test_a_clock_that_is_none_is_refused_with_the_way_out(mock, clock, says):
    assert mock.admin("PUT", "/clock", clock).json["error"] == says
