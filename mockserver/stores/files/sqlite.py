"""The store for many workers on one host: one SQLite file.

An answered exchange survives the death of any process (kill -9), because a commit is in the operating system's
hands before the store returns. It may not survive a power loss: commits are not forced to the disk one by one.
"""

from __future__ import annotations

from mockserver.stores.base import Limits
from mockserver.stores.files.sqlite_connections import BUSY_MS, Connections
from mockserver.stores.files.transactional import TransactionalStore


class SqliteStore(TransactionalStore):
    """A store in the file *path*, which is made when it is not there; its directory must be.

    A file that is not *lasting*, because it goes with the server, may be lost with the machine.
    """

    def __init__(
        self, path: str, limits: Limits | None = None, *, busy_ms: int = BUSY_MS, lasting: bool = True
    ) -> None:
        super().__init__(f"sqlite:{path}", Connections(path, busy_ms, lasting=lasting), limits or Limits())
