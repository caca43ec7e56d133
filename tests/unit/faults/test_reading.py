import pytest

from mockserver.errors import ScenarioError
from mockserver.faults import FAULTS, MOST_FAULTS, read_faults
from mockserver.faults.delay import Delay
from mockserver.faults.status import Status


def test_faults_are_read_in_their_order():
    faults = read_faults([{"delay": {"ms": 1}}, {"status": {"code": 500}}, {"delay": {"ms": 2}}], "faults")

    assert faults == (Delay(1), Status(500), Delay(2))


def test_an_unknown_fault_is_refused_with_the_nearest_and_all_there_are():
    with pytest.raises(ScenarioError) as refusal:
        read_faults([{"dellay": {"ms": 1}}], "faults")

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
            "faults[0]: wanted one fault with its settings, such as {delay: {ms: 200}}, got 0 keys",
            id="no fault in an entry",
        ),
        pytest.param(
            [{"delay": {"ms": 1}, "status": {"code": 500}}],
            "faults[0]: wanted one fault with its settings, such as {delay: {ms: 200}}, got 2 keys",
            id="two faults in an entry",
        ),
        pytest.param(
            [{"delay": {"ms": 1}}] * (MOST_FAULTS + 1), "faults: wanted at most 100 faults, got 101", id="too many"
        ),
    ],
)
def test_a_list_of_faults_in_another_form_is_refused(document, message):
    with pytest.raises(ScenarioError) as refusal:
        read_faults(document, "faults")

    assert str(refusal.value) == message
