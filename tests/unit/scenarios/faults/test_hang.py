from mockserver.model import Reply, Wire
from mockserver.scenarios.faults.base import LONGEST_MS
from mockserver.scenarios.faults.hang import Hang
from tests.support.distorting import BODY, distorted, read, refusal


def test_the_connection_is_closed_without_a_byte_after_a_silence():
    assert distorted(Hang(500), Reply(200, BODY, delay_ms=20)) == Reply(
        200, BODY, delay_ms=520, wire=Wire(head="none", ending="fin")
    )


def test_the_silence_has_an_end():
    assert distorted(Hang(LONGEST_MS), Reply(200, delay_ms=1)).delay_ms == LONGEST_MS
    assert refusal("hang", {"ms": LONGEST_MS + 1}).startswith("faults[0].hang.ms: wanted a whole number from 1")


def test_it_is_read_with_its_bound():
    assert read("hang", {"ms": 500}) == Hang(500)
    assert refusal("hang", {}) == "faults[0].hang: the key 'ms' is missing"
