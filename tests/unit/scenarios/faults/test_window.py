from random import Random

import pytest

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.model import Reply
from mockserver.scenarios.faults import FaultContext
from mockserver.scenarios.faults.empty import Empty
from mockserver.scenarios.faults.window import Window, Windowed
from tests.support.builders import NOW_MS
from tests.support.distorting import BODY, distorted, read, refusal


def a_context(rng, calls):
    return FaultContext(rng, NOW_MS, calls, error_shape=ERROR_SHAPE)


def met(window, calls=9):
    """Return the numbers of the calls that *window* is open for."""
    return [number for number in range(1, calls + 1) if window.meets(a_context(Random(1), number))]


@pytest.mark.parametrize(
    ("window", "numbers"),
    [
        pytest.param(Window(first=2), [1, 2], id="first"),
        pytest.param(Window(every=3), [3, 6, 9], id="every"),
        pytest.param(Window(begin=8), [8, 9], id="from"),
        pytest.param(Window(end=2), [1, 2], id="to"),
        pytest.param(Window(begin=4, end=5), [4, 5], id="from and to"),
        pytest.param(Window(every=2, begin=3, end=7), [4, 6], id="every within"),
        pytest.param(Window(first=3, every=2), [2], id="every of the first"),
        pytest.param(Window(probability=0), [], id="never"),
        pytest.param(Window(probability=1), list(range(1, 10)), id="always"),
        pytest.param(Window(probability=1, first=1), [1], id="always of the first"),
    ],
)
def test_a_window_is_open_for_the_calls_that_fit_all_its_conditions(window, numbers):
    assert met(window) == numbers


def test_chance_meets_about_as_many_calls_as_it_should():
    rng = Random(7)

    hits = sum(Window(probability=0.25).meets(a_context(rng, number)) for number in range(1, 1001))

    assert 200 <= hits <= 300


def test_the_same_seed_meets_the_same_calls():
    def hits(seed):
        rng = Random(seed)
        return [Window(probability=0.5).meets(a_context(rng, number)) for number in range(1, 21)]

    assert hits(7) == hits(7)
    assert hits(7) != hits(8)


def test_outside_its_window_a_fault_leaves_the_reply_as_it_is():
    reply = Reply(200, BODY)
    fault = Windowed(Empty(), Window(first=1))

    assert distorted(fault, reply, calls=2) is reply
    assert distorted(fault, reply, calls=1) == distorted(Empty(), reply)


def test_a_window_is_read_beside_any_fault():
    assert read("empty", {}, window={"every": 2, "from": 3, "to": 9}) == Windowed(
        Empty(), Window(every=2, begin=3, end=9)
    )
    assert read("empty", {}, window={"first": 2, "probability": 0.5}) == Windowed(
        Empty(), Window(first=2, probability=0.5)
    )


@pytest.mark.parametrize(
    ("window", "message"),
    [
        pytest.param({}, "faults[0].window: wanted one of first, every, from, to, probability, got a mapping", id="{}"),
        pytest.param(
            {"from": 3, "to": 2}, "faults[0].window.to: the window ends before it begins, from 3 to 2", id="backwards"
        ),
        pytest.param(
            {"frist": 3},
            "faults[0].window.frist: unknown key 'frist'; did you mean 'first'? "
            "Valid keys: first, every, from, to, probability",
            id="misspelt",
        ),
        pytest.param(
            {"every": 0},
            "faults[0].window.every: wanted a whole number from 1 to 1000000000, got the number 0",
            id="every none",
        ),
        pytest.param(
            {"probability": 50},
            "faults[0].window.probability: wanted a number from 0 to 1, got the number 50",
            id="per cent",
        ),
    ],
)
def test_a_window_that_cannot_be_read_is_refused(window, message):
    assert refusal("empty", {}, window=window) == message
