"""What the tests of faults have in common."""

from random import Random

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.errors import ScenarioError
from mockserver.model import Reply
from mockserver.scenarios.faults import FaultContext, read_faults
from tests.support.builders import NOW_MS

#: Ten bytes of JSON.
BODY = b'{"a":"bc"}'


def distorted(fault, reply=None, *, seed=1, calls=0):
    """Return *reply* after *fault*."""
    return fault.distort(reply or Reply(200, BODY), FaultContext(Random(seed), NOW_MS, calls, error_shape=ERROR_SHAPE))


def read(name, settings, **window):
    """Read one fault under a server that carries everything."""
    [fault] = read_faults([{name: settings, **window}], "faults", wire=True)
    return fault


def refusal(name, settings, *, wire=True, **window):
    """Return the words in which a fault is refused."""
    try:
        read_faults([{name: settings, **window}], "faults", wire=wire)
    except ScenarioError as error:
        return str(error)
    return "not refused"
