"""Waiting costs no thread: however many callers wait, or let the server wait, nobody else does."""

from contextlib import ExitStack

import pytest

from tests.support.calling.callers import JS_DOOR
from tests.support.calling.waiting import WAYS, kept_waiting
from tests.support.calling.wire import request
from tests.support.programs import RedisServer
from tests.support.serving.running import running

#: More than there are threads.
CROWD = 20
CALL = request("POST", JS_DOOR, b"{}")


@pytest.fixture(scope="module", params=["memory", "sqlite", "redis"])
def served(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        store = {"memory": "memory:", "sqlite": f"sqlite:{folder}/state"}.get(request.param)
        store = store or stack.enter_context(RedisServer(folder)).url
        yield stack.enter_context(running("--store", store))


@pytest.mark.parametrize("sent", WAYS.values(), ids=WAYS)
def test_those_who_wait_stop_neither_calls_nor_health_nor_admin_api(served, sent):
    with kept_waiting(served.url, sent, CROWD):
        asked = [("POST", JS_DOOR), ("GET", "/__admin/health"), ("GET", "/__admin/spaces"), ("GET", "/nowhere")]

        assert [served.ask(*what).status for what in asked * 2] == [200, 200, 200, 404] * 2
