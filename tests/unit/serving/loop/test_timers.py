"""Timers come in their order, each once, and cost nothing when they were cancelled."""

import math

from mockserver.serving.loop.timers import Timers


def run(timers, now_s):
    for action in timers.due(now_s):
        action()


def test_what_is_due_is_done_in_the_order_of_its_moments_and_once():
    timers, done = Timers(), []
    for when in (3, 1, 2, 1):
        timers.set(when, lambda when=when: done.append(when))

    run(timers, 2)
    assert (done, timers.next_s) == ([1, 1, 2], 3)

    run(timers, 9)
    assert (done, timers.next_s) == ([1, 1, 2, 3], math.inf)


def test_a_cancelled_timer_is_not_done_even_by_one_of_the_same_moment():
    timers, done = Timers(), []
    timers.set(1, lambda: timers.cancel(second))
    second = timers.set(1, lambda: done.append("second"))

    run(timers, 1)

    assert done == []


def test_what_is_set_meanwhile_waits_for_the_next_time():
    timers, done = Timers(), []
    timers.set(1, lambda: timers.set(0, lambda: done.append("later")))

    run(timers, 1)
    assert done == []

    run(timers, 1)
    assert done == ["later"]


def test_timers_of_clients_that_gave_up_do_not_pile_up():
    timers = Timers()
    for _ in range(10_000):
        timers.cancel(timers.set(600, bool))

    assert len(timers._heap) < 2_000
