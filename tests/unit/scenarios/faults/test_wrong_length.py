import pytest

from mockserver.model import Wire
from mockserver.scenarios.faults.wrong_length import WrongLength
from tests.support.distorting import distorted, read, refusal


@pytest.mark.parametrize(("by", "announced"), [(5, 15), (-4, 6), (-10, 0), (-11, 0)])
def test_another_length_than_ten_is_announced_and_everything_sent(by, announced):
    assert distorted(WrongLength(by)).wire == Wire(announced=announced, ending="fin")


def test_it_is_read_with_its_difference_which_is_one():
    assert read("wrong_length", {"by": -4}) == WrongLength(-4)
    assert refusal("wrong_length", {"by": 0}) == (
        "faults[0].wrong_length.by: 0 is the right length; use a number above or below it"
    )
