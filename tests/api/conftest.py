"""What the tests of this folder are handed."""

import pytest

from tests.support.builders import NOW_MS
from tests.support.serving.in_process import DOORS, Mock


@pytest.fixture(scope="session")
def _shared():
    return Mock()


@pytest.fixture
def mock(_shared):
    """Serve with the default settings, the seed 7 and a wall clock that stands still; as new for each test."""
    _shared.steer("DELETE", "/spaces")
    _shared.wall.now_ms = NOW_MS
    return _shared


@pytest.fixture(params=DOORS, ids=lambda door: door.name)
def door(request):
    """Name each of the two doors in turn."""
    return request.param
