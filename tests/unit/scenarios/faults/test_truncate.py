import pytest

from mockserver.model import Reply, Wire
from mockserver.scenarios.faults.truncate import Truncate
from tests.support.distorting import distorted, read, refusal


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        pytest.param(Truncate(), 5, id="half when nothing else is said"),
        pytest.param(Truncate(3), 3, id="as much as is said"),
        pytest.param(Truncate(0), 0, id="nothing"),
        pytest.param(Truncate(10), 9, id="never the whole"),
        pytest.param(Truncate(1000), 9, id="never more than there is"),
    ],
)
def test_a_part_of_the_ten_bytes_announced_is_sent(fault, left):
    assert distorted(fault).wire == Wire(announced=10, body_bytes=left, ending="fin")


def test_of_a_body_without_a_byte_one_is_announced():
    assert distorted(Truncate(), Reply(200)).wire == Wire(announced=1, body_bytes=0, ending="fin")


def test_it_is_read_with_and_without_a_length():
    assert read("truncate", {}) == Truncate()
    assert read("truncate", {"body_bytes": 3}) == Truncate(3)
    assert refusal("truncate", {"bytes": 3}).startswith("faults[0].truncate.bytes: unknown key 'bytes'")
