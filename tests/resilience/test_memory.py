"""What a call needed is given back when it is answered, and not when Python happens to look for cycles."""

import gc
import json
import tracemalloc

import pytest
from werkzeug.test import create_environ

from mockserver.app import create_app
from mockserver.settings import Settings

MANY = 5
LONG = "x" * 200_000
#: So much may stay, of MANY calls: much less than their bodies.
MOST_KEPT = 300_000

JS = "/api/account/1/getEngagement"
REST = "/api/account/1/app/engagement/visitors/"
STUBS = "scenario: a\nstubs:\n" + "  - then: not_available\n" * 100


def as_json(document):
    return json.dumps(document).encode()


CALLS = {
    "a call": ("POST", JS, as_json({"appDetails": {"os": "IOS", "osVersion": LONG}})),
    "a call with a query": ("POST", f"{REST}?v=1.0", as_json({"appType": "MSDK", "appDetails": {"osVersion": LONG}})),
    "a call that breaks the contract": ("POST", JS, as_json({"appType": LONG})),
    "a call that is no JSON": ("POST", JS, b"{" + LONG.encode()),
    "a call to nowhere": ("POST", "/nowhere", LONG.encode()),
    "a call by a method that is not allowed": ("PATCH", JS, LONG.encode()),
    "a call of a space that cannot be": ("POST", f"/__space/__X{JS}", LONG.encode()),
    "a call that is too large": ("POST", JS, LONG.encode() * 6),
    "a scenario": ("PUT", "/__admin/scenario", as_json({"text": f"{STUBS}# {LONG}"})),
    "a scenario that is wrong": ("PUT", "/__admin/scenario", as_json({"text": f"{STUBS}  - {{nope: 1}}\n# {LONG}"})),
    "a scenario that is no YAML": ("PUT", "/__admin/scenario", as_json({"text": f"{STUBS}# {LONG}\n]"})),
    "a scenario with a key twice": ("PUT", "/__admin/scenario", as_json({"text": f"{STUBS}# {LONG}\nstubs: []"})),
    "a scenario that is too long": ("PUT", "/__admin/scenario", as_json({"text": LONG * 25})),
    "a scenario in the wrong form": ("PUT", "/__admin/scenario", as_json({"txet": LONG})),
    "faults that are wrong": ("PUT", "/__admin/faults", as_json({"faults": [{LONG: {}}]})),
    "an admin request that is no JSON": ("PUT", "/__admin/faults", LONG.encode()),
    "an admin request to nowhere": ("PUT", "/__admin/nowhere", LONG.encode()),
}


@pytest.fixture(scope="module")
def app():
    return create_app(Settings(seed=7, journal_bytes=1024))


@pytest.fixture
def no_collections():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def asked(app, method, target, body):
    environ = create_environ(target, method=method, data=body, content_type="application/json")
    pieces = app(environ, lambda *_: None)
    b"".join(pieces)
    getattr(pieces, "close", bool)()


@pytest.mark.usefixtures("no_collections")
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_nothing_large_waits_for_the_collector_when_a_call_is_answered(app, call):
    asked(app, *call)
    tracemalloc.start()
    try:
        for _ in range(MANY):
            asked(app, *call)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < MOST_KEPT
