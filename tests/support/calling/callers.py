"""Callers that never stop: what they were answered is remembered, to be looked for in the journal afterwards."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from tests.support.calling.asking import ask_over, connection_to
from tests.support.serving.running import Served, eventually

JS_DOOR = "/api/account/1/getEngagement"
_PAGE = 1_000


@dataclass
class Seen:
    """What callers saw; threads append to it."""

    #: The number of the exchange and the session, of each call that was answered with 200.
    answered: list[tuple[int, str]] = field(default_factory=list)
    #: Bodies of replies that say the store does not answer.
    unavailable: list[bytes] = field(default_factory=list)
    #: Whatever else was answered.
    amiss: list[tuple[int, bytes]] = field(default_factory=list)
    #: Connections that were closed without an answer.
    closed: list[str] = field(default_factory=list)

    def count(self) -> int:
        """Return how many calls were answered as they should be."""
        return len(self.answered)

    def more(self, calls: int = 20) -> None:
        """Wait until so many more calls were answered."""
        enough = self.count() + calls
        eventually(self.count, lambda count: count >= enough)


@contextmanager
def calling(served: Served, callers: int = 4) -> Iterator[Seen]:
    """Let *callers* call all the time while the block runs, over connections that they open anew when closed."""
    seen = Seen()
    over = threading.Event()
    threads = [threading.Thread(target=_call, args=(served.url, seen, over), daemon=True) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _call(url: str, seen: Seen, over: threading.Event) -> None:
    while not over.is_set():
        with closing(connection_to(url)) as connection:
            try:
                while not over.is_set():
                    _remember(seen, ask_over(connection, "POST", JS_DOOR, json_body={}))
            except (OSError, http.client.HTTPException) as error:
                seen.closed.append(repr(error))
                time.sleep(0.01)  # who cannot connect does not try all the time


def _remember(seen: Seen, answer) -> None:
    if answer.status == 200:
        seen.answered.append((int(answer.headers["Mock-Exchange"]), answer.json["sessionId"]))
    elif answer.status == 503 and json.loads(answer.body).keys() == {"time", "message", "internalCode"}:
        seen.unavailable.append(answer.body)
    else:
        seen.amiss.append((answer.status, answer.body))


def in_journal(served: Served) -> set[tuple[int, str]]:
    """Return number and session of every exchange that the journal has."""
    found: set[tuple[int, str]] = set()
    after, more = 0, True
    while more:
        page = served.ask("GET", f"/__admin/journal?after={after}&limit={_PAGE}").json
        found |= {(exchange["number"], exchange["session_id"]) for exchange in page["exchanges"]}
        more = page["more"]
        after = page["exchanges"][-1]["number"] if more else after
    return found


def missing(served: Served, answered: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return what was answered and is not in the journal."""
    return set(answered) - in_journal(served)
