import pytest

from contracts.errors import CannotExamine
from contracts.report.endings import ended


def failing(fault):
    def examine():
        raise fault

    return examine


@pytest.mark.parametrize("status", [0, 1, 2])
def test_an_examination_that_came_to_its_end_gives_its_own_status(status):
    assert ended(lambda: status) == status


def test_what_cannot_be_examined_is_told_with_status_2(capsys):
    assert ended(failing(CannotExamine("nobody is there"))) == 2
    assert capsys.readouterr().err == "nothing was examined: nobody is there\n"


def test_a_fault_of_the_harness_is_one_line_and_never_status_1(capsys):
    assert ended(failing(KeyError("sid"))) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "the harness itself failed" in line
    assert "KeyError: 'sid' (test_endings.py, line " in line
    assert "--traceback" in line


def test_a_fault_of_the_harness_shows_its_traceback_to_those_who_ask(capsys):
    assert ended(failing(KeyError("sid")), show_traceback=True) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_output_that_nobody_reads_any_more_is_left_to_the_command():
    with pytest.raises(BrokenPipeError):
        ended(failing(BrokenPipeError()))
