"""Which scenario answers in a space: the one set for it, or the server's own."""

from __future__ import annotations

from collections import OrderedDict

from mockserver.scenarios.own_scenario import OwnScenario
from mockserver.scenarios.reading.loading import load_scenario
from mockserver.scenarios.scenario import Scenario
from mockserver.scenarios.vocabulary import Vocabulary
from mockserver.state.spaces import World
from mockserver.stores.base import Store

_KIND = "scenario"
_KEY = "in-force"  # as stores have it that were written before
#: Scenarios set at run time stand as text in the store and are read once per process. So many stay in memory;
_MOST_CACHED = 256
#: and texts of so many characters in all: what is read takes some twenty times as many bytes.
_MOST_CACHED_TEXT = 8 << 20


class ActiveScenarios:
    """Finds the scenario of a world."""

    def __init__(self, own: OwnScenario, store: Store, vocabulary: Vocabulary, *, wire: bool = True) -> None:
        self.own = own
        self._wire = wire
        self._store = store
        self._vocabulary = vocabulary
        #: By digest, each with the length of its text.
        self._read: OrderedDict[str, tuple[Scenario, int]] = OrderedDict()

    def of(self, world: World) -> Scenario:
        """Return the active scenario of *world*; the server's own as it was when `own.look` was called last."""
        if world.scenario is None:
            return self.own.active.scenario
        known = self._read.get(world.scenario)
        if known is not None:
            return known[0]
        record = self._store.get(world.space, _KIND, _KEY)
        if record is None:  # the space was reset since its world was read
            return self.own.active.scenario
        return self._cached(
            load_scenario(record["text"], record["source"], self._vocabulary, wire=self._wire), record["text"]
        )

    def put(self, space: str, text: str, source: str) -> Scenario:
        """Check the scenario *text* and store it for *space*; it is active once the caller has noted its digest.

        Raises `ScenarioError` and changes nothing when it cannot be read.
        """
        scenario = load_scenario(text, source, self._vocabulary, wire=self._wire)
        # One record that is replaced, so that no worker finds none while another puts one.
        self._store.update(space, _KIND, _KEY, lambda _: {"text": text, "source": source})
        return self._cached(scenario, text)

    def text_of(self, world: World) -> tuple[str, str]:
        """Return the source and the text of the active scenario."""
        record = self._store.get(world.space, _KIND, _KEY) if world.scenario else None
        if record:
            return record["source"], record["text"]
        return self.own.source, self.own.active.text

    def _cached(self, scenario: Scenario, text: str) -> Scenario:
        self._read[scenario.digest] = scenario, len(text)
        length = sum(length for _, length in list(self._read.values()))
        while len(self._read) > 1 and (len(self._read) > _MOST_CACHED or length > _MOST_CACHED_TEXT):
            _, (_, dropped) = self._read.popitem(last=False)
            length -= dropped
        return scenario
