from random import Random

import pytest

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.errors import ScenarioError
from mockserver.model import Reply
from mockserver.scenarios.faults import FAULTS, MOST_FAULTS, FaultContext, counts_calls, distorted, read_faults
from mockserver.scenarios.faults.delay import Delay
from mockserver.scenarios.faults.status import Status


def test_faults_are_read_in_their_order():
    faults = read_faults([{"delay": {"ms": 1}}, {"status": {"code": 500}}, {"delay": {"ms": 2}}], "faults", wire=True)

    assert faults == (Delay(1), Status(500), Delay(2))


def test_an_unknown_fault_is_refused_with_the_nearest_and_all_there_are():
    with pytest.raises(ScenarioError) as refusal:
        read_faults([{"dellay": {"ms": 1}}], "faults", wire=True)

    assert str(refusal.value) == (
        f"faults[0].dellay: unknown fault 'dellay'; did you mean 'delay'? Valid faults: {', '.join(FAULTS)}"
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param({"delay": {"ms": 1}}, "faults: wanted a list, got a mapping", id="no list"),
        pytest.param(["delay"], "faults[0]: wanted a mapping, got the text 'delay'", id="a name alone"),
        pytest.param(
            [{}],
            "faults[0]: wanted one fault with its settings, such as {delay: {ms: 200}}, and perhaps its window, "
            "got 0 faults",
            id="no fault in an entry",
        ),
        pytest.param(
            [{"delay": {"ms": 1}, "status": {"code": 500}}],
            "faults[0]: wanted one fault with its settings, such as {delay: {ms: 200}}, and perhaps its window, "
            "got 2 faults",
            id="two faults in an entry",
        ),
        pytest.param(
            [{"delay": {"ms": 1}}] * (MOST_FAULTS + 1), "faults: wanted at most 100 faults, got 101", id="too many"
        ),
    ],
)
def test_a_list_of_faults_in_another_form_is_refused(document, message):
    with pytest.raises(ScenarioError) as refusal:
        read_faults(document, "faults", wire=True)

    assert str(refusal.value) == message


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.on_the_wire])
def test_a_fault_that_the_transport_cannot_carry_is_refused_with_those_that_it_can(name):
    with pytest.raises(ScenarioError) as refusal:
        read_faults([{name: {}}], "faults", wire=False)

    assert str(refusal.value) == (
        f"faults[0].{name}: the fault {name!r} needs the connection itself, which this server does not hand out; "
        "start the mock with `mockserver serve`, or use one of delay, status, malformed"
    )


def test_a_list_of_faults_counts_its_calls_only_if_a_window_asks_for_their_number():
    plain = read_faults([{"delay": {"ms": 1}}], "faults", wire=False)
    windowed = read_faults([{"delay": {"ms": 1}, "window": {"first": 1}}], "faults", wire=False)

    assert not counts_calls(plain)
    assert counts_calls([*plain, *windowed])


def test_a_reply_carries_the_names_of_the_faults_that_did_not_spare_it():
    faults = read_faults(
        [
            {"delay": {"ms": 1}},
            {"malformed": {}, "window": {"first": 1}},
            {"reset": {}, "window": {"first": 2}},
        ],
        "faults",
        wire=True,
    )

    reply = distorted(Reply(200, b"{}"), faults, FaultContext(Random(1), now_ms=0, calls=2, error_shape=ERROR_SHAPE))

    assert reply.faults == ("delay", "reset")
    assert reply.body == b"{}"
