"""A server is measured when its rate is stable, and not before."""

import itertools
from dataclasses import dataclass

from bench.measuring.warm_up import warm_up


@dataclass(frozen=True)
class ALook:
    rps: float
    requests: int = 10


def every_two_seconds():
    return itertools.count(step=2.0).__next__


def test_it_ends_when_the_rate_no_longer_changes():
    rates = iter([100.0, 400.0, 900.0, 980.0, 1000.0, 990.0, 1010.0, 5000.0])

    warm = warm_up(lambda: ALook(next(rates)), longest_s=60, clock=every_two_seconds())

    assert (warm.stable, warm.rates[-1], warm.calls) == (True, 1010.0, 70)


def test_a_rate_that_climbs_slowly_is_not_stable():
    rates = itertools.count(100.0, step=4.0)

    warm = warm_up(lambda: ALook(next(rates)), longest_s=8, clock=every_two_seconds())

    assert not warm.stable


def test_a_rate_that_never_settles_ends_with_the_time_and_says_so():
    rates = itertools.cycle([100.0, 200.0])

    warm = warm_up(lambda: ALook(next(rates)), longest_s=10, clock=every_two_seconds())

    assert not warm.stable
    assert warm.took_s > 10
