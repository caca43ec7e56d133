"""The store that a URL asks for; only its module is imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockserver.errors import SettingsError, extra, nearest
from mockserver.stores.base import Limits, Store


def open_store(url: str, limits: Limits) -> Store:
    """Open the store at *url*, or raise `SettingsError`."""
    scheme = url.partition(":")[0]
    if scheme not in OPENERS or ":" not in url:
        known = "memory:, sqlite:PATH, lmdb:PATH, redis://host:port/db, rediss://host:port/db or unix://PATH"
        raise SettingsError(f"there is no store {scheme!r}; expected {known}{nearest(scheme, OPENERS)}")
    return OPENERS[scheme](url, limits)


def _open_memory(url: str, limits: Limits) -> Store:
    from mockserver.stores.memory import MemoryStore

    if url != "memory:":
        raise SettingsError(f"the store {url!r} is not understood; memory: takes nothing after its colon")
    return MemoryStore(limits)


def _open_sqlite(url: str, limits: Limits) -> Store:
    from mockserver.stores.files.sqlite import SqliteStore

    return SqliteStore(url.removeprefix("sqlite:"), limits)


def _open_lmdb(url: str, limits: Limits) -> Store:
    with extra("lmdb", "this store"):
        from mockserver.stores.files.lmdb import LmdbStore
    return LmdbStore(url.removeprefix("lmdb:"), limits)


def _open_redis(url: str, limits: Limits) -> Store:
    with extra("redis", "this store"):
        from mockserver.stores.redis.store import RedisStore
    return RedisStore(url, limits)


#: What opens the URLs of each scheme.
OPENERS: Mapping[str, Callable[[str, Limits], Store]] = {
    "memory": _open_memory,
    "sqlite": _open_sqlite,
    "lmdb": _open_lmdb,
    "redis": _open_redis,
    "rediss": _open_redis,
    "unix": _open_redis,
}
