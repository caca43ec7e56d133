"""The store that a URL asks for; only its module is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from mockserver.errors import SettingsError, nearest
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
    from mockserver.stores.sqlite import SqliteStore

    return SqliteStore(url.removeprefix("sqlite:"), limits)


def _open_lmdb(url: str, limits: Limits) -> Store:
    with _extra("lmdb"):
        from mockserver.stores.lmdb import LmdbStore
    return LmdbStore(url.removeprefix("lmdb:"), limits)


def _open_redis(url: str, limits: Limits) -> Store:
    with _extra("redis"):
        from mockserver.stores.redis import RedisStore
    return RedisStore(url, limits)


@contextmanager
def _extra(package: str) -> Iterator[None]:
    """Say how to install *package* when it is what the import inside lacks."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise SettingsError(
            f"this store needs the {package} package, which is not installed; pip install 'mockserver[{package}]'"
        ) from error


#: What opens the URLs of each scheme.
OPENERS: Mapping[str, Callable[[str, Limits], Store]] = {
    "memory": _open_memory,
    "sqlite": _open_sqlite,
    "lmdb": _open_lmdb,
    "redis": _open_redis,
    "rediss": _open_redis,
    "unix": _open_redis,
}
