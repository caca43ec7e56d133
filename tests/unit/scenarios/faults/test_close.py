from mockserver.model import Wire
from mockserver.scenarios.faults.close import Close
from tests.support.distorting import distorted, read, refusal


def test_half_of_the_head_is_to_be_sent_before_the_connection_is_closed():
    assert distorted(Close()).wire == Wire(head="half", ending="fin")


def test_it_is_read_without_settings():
    assert read("close", {}) == Close()
    assert refusal("close", True) == "faults[0].close: wanted a mapping, got true"
