"""The faster store for many workers on one host: one LMDB file, and a second one for its locks.

An answered exchange survives the death of any process (kill -9), because a commit is in the operating system's
hands before the store returns. A power loss may cost the whole file: nothing is forced to the disk.
"""

from __future__ import annotations

from mockserver.stores.base import Limits
from mockserver.stores.files.lmdb_environments import PATIENCE_S, Environment
from mockserver.stores.files.transactional import TransactionalStore


class LmdbStore(TransactionalStore):
    """A store in the file *path*, which is made when it is not there; its directory must be."""

    def __init__(self, path: str, limits: Limits | None = None, *, patience_s: float = PATIENCE_S) -> None:
        super().__init__(f"lmdb:{path}", Environment(path, patience_s), limits or Limits())
