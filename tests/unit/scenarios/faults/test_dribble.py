from mockserver.model import Reply, Wire
from mockserver.scenarios.faults.base import LONGEST_MS
from mockserver.scenarios.faults.dribble import Dribble
from tests.support.distorting import distorted, read, refusal


def test_the_body_is_to_be_sent_in_pieces_on_a_connection_that_stays():
    assert distorted(Dribble(3, 50)) == Reply(200, distorted(Dribble(3, 50)).body, wire=Wire(3, 50))


def test_a_body_that_would_take_more_than_ten_minutes_comes_in_larger_pieces():
    wire = distorted(Dribble(1, LONGEST_MS // 9), Reply(200, bytes(1000))).wire

    assert wire.piece_bytes == 100
    assert wire.pause_ms == LONGEST_MS // 9


def test_it_is_read_with_both_its_settings():
    assert read("dribble", {"bytes": 10, "pause_ms": 50}) == Dribble(10, 50)
    assert refusal("dribble", {"bytes": 10}) == "faults[0].dribble: the key 'pause_ms' is missing"
    assert refusal("dribble", {"bytes": 0, "pause_ms": 1}).startswith("faults[0].dribble.bytes: wanted a whole number")
