import itertools

import pytest

from mockserver.errors import CallError
from mockserver.settings import Settings
from mockserver.state.moments import LATEST_MS
from mockserver.state.spaces import CORE_RULES, SPACE_NAME, Clock, Spaces, rules_of
from mockserver.stores.memory import MemoryStore
from tests.support.builders import NOW_MS
from tests.support.serving.in_process import WallClock


def spaces(store=None, wall=None, **settings):
    return Spaces(
        store or MemoryStore(),
        Settings(**settings),
        rules_of(Settings(**settings), ["second_request"]),
        wall_ms=wall or WallClock(),
        draw_seed=itertools.count(100).__next__,
    )


@pytest.mark.parametrize("name", ["a", "0", "default", "blue-1", "a" * 63, "a-"])
def test_a_space_may_be_called(name):
    assert SPACE_NAME.match(name)


@pytest.mark.parametrize("name", ["", "-a", "A", "a_b", "a.b", "a" * 64, "a\n", "*", "é"])
def test_a_space_may_not_be_called(name):
    assert not SPACE_NAME.match(name)


def test_a_running_clock_follows_real_time_and_a_frozen_one_does_not():
    assert Clock(offset_ms=5).read(100) == 105
    assert Clock(frozen_ms=7).read(100) == 7


@pytest.mark.parametrize("frozen", [True, False])
def test_a_clock_shows_what_it_was_set_to(frozen):
    clock = Clock().set(1000, now_ms=5, frozen=frozen)

    assert clock.read(1000) == 5
    assert clock.read(1001) == (5 if frozen else 6)


@pytest.mark.parametrize("clock", [Clock(offset_ms=3), Clock(frozen_ms=3)])
def test_an_advanced_clock_is_later(clock):
    assert clock.advanced(10).read(0) == 13


@pytest.mark.parametrize(("clock", "shown"), [(Clock(offset_ms=-10), 0), (Clock(frozen_ms=LATEST_MS + 9), LATEST_MS)])
def test_a_clock_stays_within_the_calendar(clock, shown):
    assert clock.read(1) == shown


def test_the_rules_of_a_space_are_settings_of_the_server_in_their_order():
    rules = rules_of(Settings(id_type="number", accounts=("1",)), ["id_type"])

    assert list(rules.items()) == [
        ("id_type", "number"), ("text_members", "refuse"), ("unknown_members", "accept"), ("accounts", ("1",)),
    ]  # fmt: skip
    assert rules.keys() - CORE_RULES == {"id_type"}


def test_a_world_is_made_once_and_read_again():
    ours = spaces()

    first, second = ours.world("a"), ours.world("a")

    assert (first.seed, second.seed) == (100, 100)
    assert first.now_ms == NOW_MS
    assert ours.world("b").seed == 101


def test_changes_of_a_world_are_kept_beside_one_another():
    ours = spaces(seed=7)
    ours.change("a", scenario="digest")
    ours.change("a", overrides={"accounts": ["1"], "second_request": "ids"})
    ours.change_clock("a", lambda clock, real_ms: clock.set(real_ms, now_ms=5, frozen=True))

    world = ours.world("a")

    assert (world.scenario, world.now_ms, world.seed) == ("digest", 5, 7)
    assert (world.rules["accounts"], world.rules["second_request"]) == (("1",), "ids")


def test_a_space_is_in_use_from_its_first_use_until_it_is_removed():
    ours = spaces()
    before = ours.exists("a")
    ours.world("a")
    during = ours.exists("a"), ours.names()
    ours.remove("a")

    assert before is False
    assert during == (True, ["a", "default"])
    assert (ours.exists("a"), ours.names()) == (False, ["default"])
    assert ours.exists("default")


def test_asking_whether_a_space_exists_makes_none():
    ours = spaces()
    ours.exists("a")

    assert ours.names() == ["default"]


def test_a_space_is_marked_as_used_ten_times_in_its_idle_time_and_not_more_often():
    store, wall = MemoryStore(), WallClock()
    ours = spaces(store, wall, space_idle_s=100)

    marks = set()
    for _ in range(100):
        ours.world("a")
        marks.add(store.get("a", "touched", "touched")["real_ms"])
        wall.now_ms += 1000

    assert len(marks) == 10


def test_a_space_that_another_worker_removed_and_this_one_opened_again_is_not_idle():
    store, wall = MemoryStore(), WallClock()
    one, other = spaces(store, wall), spaces(store, wall)
    one.world("a")
    other.remove("a")
    one.world("a")

    assert other.sweep() == []
    assert one.exists("a")


def test_a_space_that_another_worker_uses_is_not_idle():
    store, wall = MemoryStore(), WallClock()
    one, other = spaces(store, wall, space_idle_s=60), spaces(store, wall, space_idle_s=60)
    one.world("a")
    wall.now_ms += 50_000
    other.world("a")
    wall.now_ms += 50_000

    assert one.sweep() == []


def test_the_default_space_is_never_refused_for_want_of_room():
    ours = spaces(max_spaces=1)
    ours.world("a")

    assert ours.world("default")
    with pytest.raises(CallError, match="1 spaces at most"):
        ours.world("b")


@pytest.mark.parametrize("open_space", [
    lambda ours: ours.change("b", seed=1),
    lambda ours: ours.change_clock("b", lambda clock, _: clock),
])  # fmt: skip
def test_steering_opens_no_more_spaces_than_calls_do(open_space):
    ours = spaces(max_spaces=1)
    ours.world("a")

    with pytest.raises(CallError, match="max_spaces"):
        open_space(ours)
    assert ours.names() == ["a", "default"]


def test_room_that_another_worker_made_is_found():
    store = MemoryStore()
    one, other = spaces(store, max_spaces=1), spaces(store, max_spaces=1)
    one.world("a")
    other.remove("a")

    assert one.world("b").space == "b"
