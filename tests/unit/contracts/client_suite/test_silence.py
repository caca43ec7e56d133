"""A client that calls nobody is given up early, and told what it was given."""

from dataclasses import dataclass

import pytest

from contracts.client_suite.judge import Run
from contracts.client_suite.profiles import Report
from contracts.client_suite.running.silence import no_call, silent
from tests.support.harness.client_builders import a_record, read

GIVEN = ("ENGAGEMENT_URL", "http://127.0.0.1:8080/__space/one")
SILENT = Run(None, given=GIVEN, report=Report(0, stderr="no variable CHAT_URL\n"))
CALLED = Run(None, read(a_record()), given=GIVEN)
NOT_DELIVERED = Run(None, trouble="not delivered")


@dataclass
class Mock:
    """The mock beside its spaces, where so many calls arrived."""

    calls: int
    url: str = "http://127.0.0.1:8080"

    def journal(self):
        return [a_record()] * self.calls, 0


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        pytest.param([SILENT], False, id="one of many proves nothing"),
        pytest.param([SILENT] * 3, True, id="three are no accident"),
        pytest.param([SILENT, SILENT, SILENT, CALLED], False, id="one call is enough"),
        pytest.param([SILENT, SILENT, NOT_DELIVERED], False, id="a run that was none does not count"),
        pytest.param([NOT_DELIVERED] * 9, False, id="nothing ran"),
        pytest.param([SILENT] + [NOT_DELIVERED] * 8, True, id="all there were"),
    ],
)
def test_a_client_that_calls_nobody_is_known_by_its_first_runs(runs, expected):
    assert silent(runs, 9) is expected


@pytest.mark.parametrize("mock", [None, Mock(0)], ids=["a mock of others", "our own mock"])
def test_what_the_client_was_given_is_told_with_its_last_words(mock):
    told = str(no_call(SILENT, mock))

    assert "no call arrived at the URL that the client was given" in told
    assert "ENGAGEMENT_URL=http://127.0.0.1:8080/__space/one (exit status 0, no variable CHAT_URL)" in told
    assert "`url_variable`" in told


def test_calls_that_lost_the_path_of_their_url_are_told():
    told = str(no_call(SILENT, Mock(2)))

    assert "but 2 at http://127.0.0.1:8080: append to the whole of that URL" in told
    assert "`address: host`" in told


def test_a_run_without_a_call_names_the_variable():
    assert SILENT.missing == "no call arrived at the URL in ENGAGEMENT_URL (exit status 0, no variable CHAT_URL)"
