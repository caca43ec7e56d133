"""Whether the server has lost its state, and which spaces may have had some of it.

A store in memory ends with its process; the process that follows says so here. Any other store is asked whether it
still is what it was. After a loss every verification fails until somebody who knows makes the space new: what was lost
may have been what the verification is about.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from mockserver.errors import StoreUnavailable
from mockserver.model import Json
from mockserver.state.store_identity import StoreIdentity
from mockserver.stores.base import SERVER, Store

WORKER_DIED = "because the worker that kept it in memory died"
_FORGOTTEN = "because its store has forgotten everything: it was emptied, or restarted without its data"
_LOSS = "loss"
#: The spaces that were made new since, by name. Should some be dropped, they count as lost again.
_RENEWED = "renewed"


@dataclass(frozen=True, slots=True)
class Loss:
    """The state that the server had before *at_ms*, in epoch milliseconds of real time, is gone."""

    at_ms: int
    why: str

    @property
    def message(self) -> str:
        """Say what it means for a space, and the way out."""
        moment = datetime.fromtimestamp(self.at_ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return (
            f"the server lost its state before {moment}, {self.why}; gone are the "
            "exchanges, sessions, scenarios, rules and clocks of every space. "
            "POST /__admin/reset makes this space new, DELETE /__admin/spaces all of them"
        )

    def as_json(self) -> Json:
        """Write this loss as the JSON object that the admin API sends."""
        return {"at_ms": self.at_ms, "message": self.message}


class Losses:
    """Remembers in the store that state was lost, and which spaces were made new after that."""

    def __init__(
        self, store: Store, identity: StoreIdentity, *, wall_ms: Callable[[], int], say: Callable[[str], None]
    ) -> None:
        self._store = store
        self._identity = identity
        self._wall_ms = wall_ms
        self._say = say

    def note(self, why: str) -> Loss:
        """Note that the state of every space was lost, write that to the log, and return the loss.

        *why* is a clause that begins with `because`.
        """
        loss = Loss(self._wall_ms(), why)
        self._store.clear(SERVER, _RENEWED)
        self._store.update(SERVER, _LOSS, _LOSS, lambda _: {"at_ms": loss.at_ms, "why": why})
        self._say(f"Attention: {loss.message}; until then every verification fails.\n")
        return loss

    def of_server(self) -> Loss | None:
        """Return the last loss of state, or None where there was none, or all spaces were made new after it."""
        if loss := self._found():
            return loss
        record = self._store.get(SERVER, _LOSS, _LOSS)
        return Loss(**record) if record else None

    def of(self, space: str) -> Loss | None:
        """Return the last loss of state, or None where there was none, or *space* was made new after it."""
        loss = self.of_server()
        return loss if loss and self._store.get(SERVER, _RENEWED, space) is None else None

    def renew(self, space: str) -> None:
        """Note that somebody made *space* new on purpose, so that its verifications may pass again."""
        if self.of(space):
            self._store.update(SERVER, _RENEWED, space, lambda _: {})

    def renew_all(self) -> None:
        """Note that somebody made all spaces new on purpose, so that verifications may pass again."""
        if self.of_server():
            self._store.clear(SERVER, _LOSS)
            self._store.clear(SERVER, _RENEWED)

    def _found(self) -> Loss | None:
        """Look whether the store has forgotten everything since it was looked at last."""
        if not self._store.shared:
            return None
        if not self._identity.is_known:
            with suppress(StoreUnavailable):  # it can be read and not written: the next look may find it well
                self._identity.meet()
        elif self._identity.has_changed():
            loss = self.note(_FORGOTTEN)  # before it is accepted, so that nobody takes it for sound meanwhile
            self._identity.accept()
            return loss
        return None
