"""Which scenario answers in a space: the one set for it, or the server's own."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from mockserver.errors import ScenarioError, nearest
from mockserver.scenario_files import text_of_file
from mockserver.scenario_loading import ContractRules, load_preset, load_scenario, preset, preset_names
from mockserver.scenarios import Scenario
from mockserver.spaces import World
from mockserver.stores.base import Store

_KIND = "scenario"
_KEY = "in-force"
#: Scenarios set at run time are kept as text in the store and read once per process; this many stay read.
_KEPT = 256


class ScenariosInForce:
    """Finds the scenario of a world; the server's own is read again when its file changes."""

    def __init__(self, chosen: str, store: Store, rules: ContractRules, *, wire: bool = True) -> None:
        """Read the scenario *chosen*, a preset or a file. Raises `ScenarioError`."""
        self._wire = wire
        self._store = store
        self._rules = rules
        self._read: OrderedDict[str, Scenario] = OrderedDict()
        self._file = _file(chosen)
        self._stamp = _stamp(self._file)
        self.source = str(self._file or chosen)
        #: Why the changed file could not be read; the scenario read before stays in force meanwhile.
        self.error: str | None = None
        self._own_text = _text(chosen, self._file)
        if self._file is None:
            self._own = load_preset(chosen, rules, wire=wire)
        else:
            self._own = load_scenario(self._own_text, self.source, rules, wire=wire)

    def of(self, world: World) -> Scenario:
        """Return the scenario in force in *world*."""
        if world.scenario is None:
            return self._servers_own()
        known = self._read.get(world.scenario)
        if known is not None:
            return known
        record = self._store.get(world.space, _KIND, _KEY)
        if record is None:  # the space was reset since its world was read
            return self._servers_own()
        return self._keep(load_scenario(record["text"], record["source"], self._rules, wire=self._wire))

    def put(self, space: str, text: str, source: str) -> Scenario:
        """Check the scenario *text* and keep it for *space*; the caller puts its digest in force.

        Raises `ScenarioError` and changes nothing when it cannot be read.
        """
        scenario = load_scenario(text, source, self._rules, wire=self._wire)
        # One record that is replaced, so that no worker finds none while another puts one.
        self._store.update(space, _KIND, _KEY, lambda _: {"text": text, "source": source})
        return self._keep(scenario)

    def text_of(self, world: World) -> tuple[str, str]:
        """Return the source and the text of the scenario in force."""
        record = self._store.get(world.space, _KIND, _KEY) if world.scenario else None
        if record:
            return record["source"], record["text"]
        return self.source, self._own_text

    def _keep(self, scenario: Scenario) -> Scenario:
        self._read[scenario.digest] = scenario
        while len(self._read) > _KEPT:
            self._read.popitem(last=False)
        return scenario

    def _servers_own(self) -> Scenario:
        # One `stat` a call, so that workers never disagree for longer than it takes to write the file.
        if self._file is not None:
            stamp = _stamp(self._file)
            if stamp != self._stamp:
                self._stamp = stamp
                self._reload(self._file)
        return self._own

    def _reload(self, file: Path) -> None:
        try:
            text = _text(str(file), file)
            self._own, self._own_text = load_scenario(text, str(file), self._rules, wire=self._wire), text
            self.error = None
        except ScenarioError as error:
            self.error = str(error)


def _file(chosen: str) -> Path | None:
    if chosen in preset_names():
        return None
    path = Path(chosen)
    if not path.is_file():
        names = preset_names()
        raise ScenarioError(
            f"the scenario {chosen!r} is neither a file nor a preset{nearest(chosen, names)}; "
            f"presets: {', '.join(names)}"
        )
    return path


def _text(chosen: str, file: Path | None) -> str:
    if file is None:
        return preset(chosen)
    return text_of_file(file)


def _stamp(file: Path | None) -> tuple[int, int, int] | None:
    try:
        found = file.stat() if file else None
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found else None
