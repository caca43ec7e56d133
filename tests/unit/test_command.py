"""How a command ends; what its streams do to it is seen in tests/e2e/test_cli.py."""

import io
import sys

import pytest

from mockserver.command import BROKEN, COULD_NOT, KEPT, run
from mockserver.errors import StartupError


def raising(error):
    def command():
        raise error

    return command


@pytest.mark.parametrize("status", [KEPT, BROKEN, COULD_NOT])
def test_the_status_of_the_command_is_passed_on(status):
    assert run(lambda: status) == status


@pytest.mark.parametrize(
    ("error", "said"),
    [
        pytest.param(StartupError("no room"), "mockserver: no room\n", id="on purpose"),
        pytest.param(
            PermissionError(13, "Permission denied", "a.yaml"),
            "mockserver: the system refused a.yaml: Permission denied\n",
            id="the system",
        ),
    ],
)
def test_what_could_not_be_done_is_said_on_one_line(capsys, error, said):
    status = run(raising(error))

    assert (status, capsys.readouterr().err) == (COULD_NOT, said)


def test_a_fault_of_ours_shows_where_it_is_and_is_never_taken_for_a_verdict(capsys):
    status = run(raising(KeyError("x")))

    told = capsys.readouterr().err
    assert status == COULD_NOT
    assert "Traceback" in told
    assert told.endswith("a fault of mockserver itself; please report it with these lines\n")


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 141)])
def test_who_is_interrupted_or_not_read_any_more_ends_in_silence(capsys, error, status):
    assert run(raising(error)) == status
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_a_closed_stream_is_replaced_by_one_that_leads_nowhere(monkeypatch, name):
    monkeypatch.setattr(sys, name, None)

    with_stream = run(lambda: getattr(sys, name).fileno())

    assert with_stream > 0
    getattr(sys, name).close()


def test_no_sign_of_a_text_is_unprintable(monkeypatch):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)

    status = run(lambda: narrow.write("é\udcff") and KEPT)

    assert (status, narrow.buffer.getvalue()) == (KEPT, b"\\xe9\\udcff")
