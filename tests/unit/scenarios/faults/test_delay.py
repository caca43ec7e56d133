from random import Random

import pytest

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.errors import ScenarioError
from mockserver.model import Reply
from mockserver.scenarios.faults import FaultContext, read_faults
from mockserver.scenarios.faults.base import LONGEST_MS
from mockserver.scenarios.faults.delay import Delay


def distorted(fault, reply=None, seed=1):
    return fault.distort(reply or Reply(200, b"{}"), FaultContext(Random(seed), now_ms=0, error_shape=ERROR_SHAPE))


def test_a_delay_is_described_and_changes_nothing_else():
    assert distorted(Delay(200)) == Reply(200, b"{}", delay_ms=200)


def test_delays_add_up():
    assert distorted(Delay(200), Reply(200, delay_ms=50)).delay_ms == 250


def test_delays_add_up_to_the_longest_at_most():
    assert distorted(Delay(LONGEST_MS), Reply(200, delay_ms=1)).delay_ms == LONGEST_MS


def test_jitter_stays_within_its_bounds_and_varies():
    late = {distorted(Delay(100, jitter_ms=20), seed=seed).delay_ms for seed in range(200)}

    assert min(late) >= 80
    assert max(late) <= 120
    assert len(late) > 10


def test_jitter_never_makes_a_reply_early():
    late = [distorted(Delay(5, jitter_ms=1000), seed=seed).delay_ms for seed in range(50)]

    assert min(late) == 0


def test_the_same_seed_gives_the_same_jitter():
    assert distorted(Delay(100, 50), seed=7) == distorted(Delay(100, 50), seed=7)


def test_half_of_the_log_normal_delays_are_above_the_median_and_few_are_far_above():
    late = sorted(distorted(Delay(100, sigma=0.5), seed=seed).delay_ms for seed in range(400))

    assert 85 <= late[200] <= 115
    assert 200 <= late[392] <= 600
    assert late[0] > 0


def test_a_log_normal_delay_around_nothing_is_none():
    assert distorted(Delay(0, sigma=0.5)).delay_ms == 0


def test_a_log_normal_delay_is_the_longest_at_most():
    late = [distorted(Delay(LONGEST_MS, sigma=1), seed=seed).delay_ms for seed in range(50)]

    assert max(late) == LONGEST_MS


def test_a_delay_is_read_with_its_sigma():
    assert read_faults([{"delay": {"ms": 200, "sigma": 0.4}}], "faults", wire=False) == (Delay(200, sigma=0.4),)


def test_a_delay_is_read_with_its_jitter():
    assert read_faults([{"delay": {"ms": 200, "jitter_ms": 50}}], "faults", wire=False) == (Delay(200, 50),)


def test_a_delay_has_no_jitter_unless_it_is_given():
    assert read_faults([{"delay": {"ms": 200}}], "faults", wire=False) == (Delay(200),)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(
            {"ms": LONGEST_MS + 1},
            "faults[0].delay.ms: wanted a whole number from 0 to 600000, got the number 600001",
            id="too long",
        ),
        pytest.param(
            {"ms": -1}, "faults[0].delay.ms: wanted a whole number from 0 to 600000, got the number -1", id="negative"
        ),
        pytest.param(
            {"ms": True}, "faults[0].delay.ms: wanted a whole number from 0 to 600000, got true", id="a boolean"
        ),
        pytest.param(
            {"ms": 1.5}, "faults[0].delay.ms: wanted a whole number from 0 to 600000, got the number 1.5", id="fraction"
        ),
        pytest.param({}, "faults[0].delay: the key 'ms' is missing", id="no length"),
        pytest.param(
            {"ms": 1, "jiter_ms": 1},
            "faults[0].delay.jiter_ms: unknown key 'jiter_ms'; did you mean 'jitter_ms'? "
            "Valid keys: ms, jitter_ms, sigma",
            id="misspelt setting",
        ),
        pytest.param(
            {"ms": 1, "jitter_ms": 1, "sigma": 0.5},
            "faults[0].delay.sigma: jitter_ms and sigma exclude one another; keep one of them",
            id="two spreads",
        ),
        pytest.param(
            {"ms": 1, "sigma": 1.5},
            "faults[0].delay.sigma: wanted a number from 0 to 1, got the number 1.5",
            id="a wide spread",
        ),
        pytest.param(
            {"ms": 1, "sigma": True}, "faults[0].delay.sigma: wanted a number from 0 to 1, got true", id="a flag"
        ),
        pytest.param(200, "faults[0].delay: wanted a mapping, got the number 200", id="no settings"),
    ],
)
def test_a_delay_that_cannot_be_read_is_refused(settings, message):
    with pytest.raises(ScenarioError) as refusal:
        read_faults([{"delay": settings}], "faults", wire=False)

    assert str(refusal.value) == message
