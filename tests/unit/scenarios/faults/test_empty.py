from mockserver.model import Wire
from mockserver.scenarios.faults.empty import Empty
from tests.support.distorting import distorted, read, refusal


def test_nothing_is_to_be_sent_before_the_connection_is_closed():
    assert distorted(Empty()).wire == Wire(head="none", ending="fin")


def test_it_is_read_without_settings():
    assert read("empty", {}) == Empty()
    assert refusal("empty", None) == "faults[0].empty: wanted a mapping, got nothing"
