"""Lines of the logs: nothing of a client can pose as another line, or be obeyed by a terminal."""

import io
import logging

import pytest

from mockserver.engine.engine import log_failure
from mockserver.serving.logs import OneLine

FORGED = 'x\n127.0.0.1 "GET /forged" 200\x1b[31m'


@pytest.fixture
def said():
    """Return what the logger of the server writes."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(OneLine())
    log = logging.getLogger("mockserver")
    log.addHandler(handler)
    yield out
    log.removeHandler(handler)


def test_a_message_stays_on_its_line(said):
    logging.getLogger("mockserver").warning("got %s", FORGED)

    assert said.getvalue() == 'got x\\n127.0.0.1 "GET /forged" 200\\x1b[31m\n'


def test_a_failure_shows_its_trace_behind_a_margin(said):
    try:
        int(FORGED)
    except ValueError as error:
        log_failure(error)

    first, *rest = said.getvalue().splitlines()
    assert first == "the mock server failed; please report this"
    assert rest[0] == "    Traceback (most recent call last):"
    assert all(line.startswith("    ") for line in rest)
    assert "\x1b" not in said.getvalue()
