from mockserver.model import Wire
from mockserver.scenarios.faults.reset import Reset
from mockserver.scenarios.faults.truncate import Truncate
from tests.support.distorting import distorted, read, refusal


def test_the_connection_is_reset_before_the_first_byte():
    assert distorted(Reset()).wire == Wire(head="none", ending="rst")


def test_the_connection_is_reset_after_the_head_and_so_much_of_the_body():
    assert distorted(Reset(4)).wire == Wire(body_bytes=4, ending="rst")


def test_of_two_faults_that_end_a_connection_the_last_one_counts():
    assert distorted(Reset(4), distorted(Truncate())).wire == Wire(announced=10, body_bytes=4, ending="rst")


def test_it_is_read_with_and_without_a_length():
    assert read("reset", {}) == Reset()
    assert read("reset", {"body_bytes": 0}) == Reset(0)
    assert refusal("reset", {"body_bytes": -1}).startswith("faults[0].reset.body_bytes: wanted a whole number from 0")
