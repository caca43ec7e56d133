"""Whether the server has lost its state, and which spaces may have had some of it.

A store in memory ends with its process. The process that follows says so here, and every verification fails until
somebody who knows makes the space new: what was lost may have been what the verification is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from mockserver.model import Json
from mockserver.stores.base import SERVER, Store

_LOSS = "loss"
#: The spaces that were made new since, by name. Should some be dropped, they count as lost again.
_RENEWED = "renewed"


@dataclass(frozen=True, slots=True)
class Loss:
    """All that was kept before *at_ms*, in real time, is gone."""

    at_ms: int

    @property
    def message(self) -> str:
        """Say what it means for a space, and the way out."""
        moment = datetime.fromtimestamp(self.at_ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return (
            f"the server lost its state at {moment}, because the worker that kept it in memory died: "
            "exchanges, sessions, scenarios, rules and clocks of every space. "
            "POST /__admin/reset makes this space new, DELETE /__admin/spaces all of them"
        )

    def as_json(self) -> Json:
        """Write it for the admin API."""
        return {"at_ms": self.at_ms, "message": self.message}


class Losses:
    """What was lost, for each space; the store knows, and nothing else."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def note(self, at_ms: int) -> Loss:
        """Note that the state of every space was lost."""
        self._store.clear(SERVER, _RENEWED)
        self._store.update(SERVER, _LOSS, _LOSS, lambda _: {"at_ms": at_ms})
        return Loss(at_ms)

    def of_server(self) -> Loss | None:
        """Return the loss, unless all spaces were made new since."""
        record = self._store.get(SERVER, _LOSS, _LOSS)
        return None if record is None else Loss(record["at_ms"])

    def of(self, space: str) -> Loss | None:
        """Return the loss, unless *space* was made new since."""
        loss = self.of_server()
        return loss if loss and self._store.get(SERVER, _RENEWED, space) is None else None

    def renew(self, space: str) -> None:
        """Note that *space* was made new by somebody who meant to."""
        if self.of(space):
            self._store.update(SERVER, _RENEWED, space, lambda _: {})

    def renew_all(self) -> None:
        """Note that all spaces were."""
        if self.of_server():
            self._store.clear(SERVER, _LOSS)
            self._store.clear(SERVER, _RENEWED)
