"""The server's own scenario, a preset or a file: one version of it is active at a time, for all workers.

Which one, and why a newer one is not, stands in the store. The worker that first sees the file changed reads it, and
says so on the console; the others, which see it with their next call, take over what that one found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mockserver.errors import ScenarioError, WouldBlock, nearest
from mockserver.scenarios.documents.files import text_of_file
from mockserver.scenarios.presets import Presets
from mockserver.scenarios.reading.loading import load_preset, load_scenario
from mockserver.scenarios.scenario import Scenario
from mockserver.scenarios.vocabulary import Vocabulary
from mockserver.stores.base import SERVER, Limit, Record, Store

#: The kind of the records that say which version is active, one for each server whose file has changed.
OWN = "own-scenario"
#: Several servers may share a store, and nobody tells when one of them is gone for good.
OWN_LIMIT = Limit(entries=100, bytes=64 << 20)

#: What tells one state of a file from another; nothing for a file that is not there.
Stamp = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """What is active."""

    scenario: Scenario
    text: str
    #: The state of the file that was looked at last, whether it could be read or not.
    stamp: Stamp = ()
    #: Why that one is not active; None when it is.
    error: str | None = None


class _Moved(Exception):
    """The file has changed again, while it was read."""


class OwnScenario:
    """Knows which version is active."""

    def __init__(  # noqa: PLR0913 each is handed in
        self,
        chosen: str,
        store: Store,
        vocabulary: Vocabulary,
        *,
        wire: bool = True,
        server: str = "",
        say: Callable[[str], object] = str,
    ) -> None:
        """Read the scenario *chosen*, a preset or a file. Raises `ScenarioError`.

        All workers of one *server* call it by one name, which no other server has.
        """
        self._store = store
        self._vocabulary = vocabulary
        self._wire = wire
        self._server = server
        self._say = say
        self._file = None if chosen in vocabulary.presets.names() else _file(chosen, vocabulary.presets)
        self._one_at_a_time = threading.Lock()
        self.source = chosen
        if self._file is None:
            self.active = Version(load_preset(chosen, vocabulary, wire=wire), vocabulary.presets.text(chosen))
        else:
            stamp = _stamp(self._file)  # before it is read: should it change meanwhile, it is read again
            text = text_of_file(self._file)
            self.active = Version(self._loaded(text), text, stamp)

    def look(self, *, wait: bool = True) -> None:
        """See whether the file has changed, at the cost of one `stat`, and agree with the other workers on what then.

        Raises `WouldBlock` instead of reading it, unless it is to *wait*.
        """
        if self._file is None or _stamp(self._file) == self.active.stamp:
            return
        if not wait:
            raise WouldBlock(f"{self.source} has changed")
        with self._one_at_a_time:
            while (stamp := _stamp(self._file)) != self.active.stamp:
                try:
                    self.active = self._agreed(self._file, stamp)
                except _Moved:
                    continue

    def _agreed(self, file: Path, stamp: Stamp) -> Version:
        record = self._store.get(SERVER, OWN, self._server)
        if record is None or tuple(record["stamp"]) != stamp:
            record = self._judged(file, stamp)
        text: str = record["text"]
        known = self.active
        scenario = known.scenario if text == known.text else self._loaded(text)
        return Version(scenario, text, stamp, record["error"])

    def _judged(self, file: Path, stamp: Stamp) -> Record:
        """Read the file, and return what all are to go by: that, or what another worker has found meanwhile."""
        text, error, news = self.active.text, None, ""
        try:
            text = text_of_file(file)
            scenario = self._loaded(text)
            news = f"{file} was read again: scenario {scenario.name!r} with {len(scenario.stubs)} stubs is active"
        except ScenarioError as refusal:
            error = str(refusal)
            news = f"{file} has changed and cannot be read; the version before it stays active:\n{error}"
        is_mine = False

        def agree(record: Record | None) -> Record:
            nonlocal is_mine
            if _stamp(file) != stamp:
                raise _Moved
            is_mine = record is None or tuple(record["stamp"]) != stamp
            if record is not None and not is_mine:
                return record
            before = record["text"] if record else self.active.text
            return {"stamp": list(stamp), "text": before if error else text, "error": error}

        record = self._store.update(SERVER, OWN, self._server, agree) or {}
        if is_mine:
            self._say(f"mockserver: {news}\n")
        return record

    def _loaded(self, text: str) -> Scenario:
        return load_scenario(text, self.source, self._vocabulary, wire=self._wire)


def _file(chosen: str, presets: Presets) -> Path:
    path = Path(chosen)
    if not path.is_file():
        names = presets.names()
        raise ScenarioError(
            f"the scenario {chosen!r} is neither a file nor a preset{nearest(chosen, names)}; "
            f"presets: {', '.join(names)}"
        )
    return path


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return ()
    # The time of the last change of any kind as well: a file that may be read from now on has changed.
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
