"""The store for many hosts: one Redis server (not a cluster: a script touches keys of several slots).

Everything of a space lives under `mockserver:<space>:`, with the name of the kind or log last:

* `names`          set: what the space holds, so that `clear` need not look for it
* `usage:<name>`   hash: entries, bytes, dropped, last (the youngest number)
* `values:<kind>`  hash: the records by key
* `order:<kind>`   sorted set: the keys by number
* `log:<log>`      stream: the entries by number

`mockserver:spaces` is a sorted set of the spaces by how many records and entries they hold.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from mockserver.errors import Conflict, SettingsError, StoreUnavailable
from mockserver.stores.base import SERVER, Change, Limits, Record, Usage
from mockserver.stores.ping import PING, pinged
from mockserver.stores.records import CHUNK, key_bytes, key_text, packed, unpacked
from mockserver.stores.redis import scripts as redis_scripts
from mockserver.stores.redis.batch import Batch, Guesses, Word
from mockserver.stores.redis.patience import CONNECTING_S, PATIENCE_S, Patience, bounded
from mockserver.stores.redis.scripts import LATE

#: How often an update that lost against others is tried again, and how long it waits each time, in seconds.
ATTEMPTS = 1_000
PAUSE = 0.0005

_SPACES = "mockserver:spaces"


class RedisStore:
    """A store at *url*; it connects at the first use, and again after Redis was away.

    A change runs here, between a read and a script that writes only if nothing changed meanwhile, so it may run
    several times. A command is sent once: after a lost connection nobody knows whether a write was carried out,
    and a second one would count twice.
    What was written last is never dropped, even if it alone is over the bound: a caller reads its write.
    """

    shared = True
    remote = True
    rolls_back = False  # in one space only, the first that is named

    def __init__(self, url: str, limits: Limits | None = None, *, attempts: int = ATTEMPTS) -> None:
        self.name = masked(url)
        self._limits = limits or Limits()
        self._attempts = attempts
        self._redis, self._patience = _client(url, self.name)
        self._guesses = Guesses()
        self._local = threading.local()
        # Threads of one process would only overtake one another.
        self._one_at_a_time = threading.Lock()
        self._append = self._redis.register_script(redis_scripts.APPEND)
        self._together = self._redis.register_script(redis_scripts.TOGETHER)
        self._replace = self._redis.register_script(redis_scripts.REPLACE)
        self._forget = self._redis.register_script(redis_scripts.FORGET)

    @contextmanager
    def transaction(self, *, wait: bool = True) -> Iterator[None]:
        """Ask nothing meanwhile, and do everything in one round trip at the end; see `redis_batch`."""
        with self._patience.span():
            self._take_turn()
            batch = self._local.batch = Batch(self._guesses, self._limits.of)
            try:
                yield
                self._prove(batch, write=True)
            except (Conflict, StoreUnavailable):
                raise
            except Exception:
                self._prove(batch, write=False)  # it may have been raised for a wrong guess
                raise
            finally:
                self._local.batch = None
                self._one_at_a_time.release()

    def _take_turn(self) -> None:
        """Wait for the turn among the threads of this process; while Redis is silent, no one waits behind another."""
        was_silent = self._patience.silent
        taken = self._one_at_a_time.acquire(timeout=0 if was_silent else self._patience.left_s())
        if taken and (was_silent or not self._patience.silent):
            return
        if taken:  # the one before has found it silent
            self._one_at_a_time.release()
        raise StoreUnavailable(f"the store {self.name} does not answer: others wait for it, too")

    def _prove(self, batch: Batch, *, write: bool) -> None:
        if batch.space is None:  # nothing was done
            return
        others = self._run(self._together, batch.space, batch.arguments(write=write))
        if others is None:
            self._local.lost = 0
            if write:
                batch.was_right()
            return
        batch.was_wrong(others)
        self._local.lost = lost = getattr(self._local, "lost", 0) + 1
        if lost >= self._attempts:
            self._local.lost = 0
            raise StoreUnavailable(
                f"space {batch.space!r} was changed by others {lost} times while one call tried; "
                "let fewer callers use the same space at once"
            )
        if lost > 1:
            time.sleep(PAUSE)
        raise Conflict

    def _batch(self, space: str) -> Batch | None:
        batch: Batch | None = getattr(self._local, "batch", None)
        return batch if batch and batch.is_about(space) else None

    def get(self, space: str, kind: str, key: str) -> Record | None:
        """Return the record, or None."""
        if batch := self._batch(space):
            return batch.get(kind, key)
        data = self._ask("HGET", _at(space, "values", kind), key_bytes(key))
        return None if data is None else unpacked(data)

    def update(self, space: str, kind: str, key: str, change: Change) -> Record | None:
        """Change one record, again if another caller was faster, and return what is there now."""
        if batch := self._batch(space):
            return batch.update(kind, key, change)
        with self._patience.span():
            return self._updated(space, kind, key, change)

    def _updated(self, space: str, kind: str, key: str, change: Change) -> Record | None:
        name, limit = key_bytes(key), self._limits.of(kind)
        old: bytes = self._ask("HGET", _at(space, "values", kind), name) or b""
        for attempt in range(self._attempts):
            if attempt:
                time.sleep(PAUSE)
            record = change(unpacked(old) if old else None)
            new = b"" if record is None else packed(record)
            if new != old:
                words: list[Word] = [key_bytes(kind), name, old, new, limit.entries, limit.bytes]
                found = self._run(self._replace, space, words)
                if found is not None:
                    old = found
                    continue
            return unpacked(new) if new else None
        raise StoreUnavailable(
            f"{kind} {key!r} in space {space!r} was changed by others {self._attempts} times while one update tried; "
            "let fewer callers change the same record at once"
        )

    def keys(self, space: str, kind: str) -> list[str]:
        """Return the keys of *kind*, the oldest record first."""
        return [key_text(key) for key in self._ask("ZRANGE", _at(space, "order", kind), 0, -1)]

    def append(self, space: str, log: str, entry: Record) -> int:
        """Add *entry* to *log* in one round trip and return its number."""
        if batch := self._batch(space):
            return batch.append(log, entry)
        limit = self._limits.of(log)
        return int(self._run(self._append, space, [key_bytes(log), packed(entry), limit.entries, limit.bytes]))

    def entries(self, space: str, log: str, *, after: int = 0) -> Iterator[tuple[int, Record]]:
        """Yield the entries above *after* that were there when reading began."""
        last = int(self._ask("HGET", _at(space, "usage", log), "last") or 0)
        while after < last:
            chunk = self._ask("XRANGE", _at(space, "log", log), f"{after + 1}-0", f"{last}-0", "COUNT", CHUNK)
            for number, fields in chunk:
                after = int(number.partition(b"-")[0])
                yield after, unpacked(fields[b""])
            if len(chunk) < CHUNK:
                return

    def usage(self, space: str, name: str) -> Usage:
        """Return how much the kind or log *name* holds."""
        counters = self._ask("HMGET", _at(space, "usage", name), "entries", "bytes", "dropped")
        return Usage(*(int(counter or 0) for counter in counters))

    def clear(self, space: str, name: str | None = None) -> None:
        """Forget one kind or log of *space*, or all of it; Redis frees the memory in the background."""
        self._run(self._forget, space, [] if name is None else [key_bytes(name)])

    def spaces(self) -> list[str]:
        """Return the names of all spaces that hold anything, without the server's own, sorted."""
        names = [key_text(name) for name in self._ask("ZRANGEBYSCORE", _SPACES, 1, "+inf")]
        return sorted(name for name in names if name != SERVER)

    def ping(self) -> None:
        """Write something, or raise `StoreUnavailable`: a full Redis and a replica read, and do not write."""
        self.update(SERVER, PING, PING, pinged)

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def _ask(self, *command: Word) -> Any:
        with self._translated():
            return self._redis.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped

    def _run(self, script: Script, space: str, words: Sequence[Word]) -> Any:
        with self._translated():
            if not self._patience.knows_clock():
                self._patience.set_clock(*self._redis.time())
            try:
                return self._sent(script, space, words)
            except redis.ResponseError as error:
                if LATE not in str(error):
                    raise
            # It was answered in time, so that only the clocks can differ from what they were.
            self._patience.set_clock(*self._redis.time())
            return self._sent(script, space, words)

    def _sent(self, script: Script, space: str, words: Sequence[Word]) -> Any:
        return script(keys=[_SPACES], args=[key_bytes(space), _at(space), *words, self._patience.deadline_ms()])

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with self._patience.span():
                yield
            self._patience.silent = False
        except redis.RedisError as error:
            self._patience.silent = isinstance(error, redis.TimeoutError)
            self._patience.forget_clock()
            raise StoreUnavailable(f"the store {self.name} does not answer: {error}") from error


def masked(url: str) -> str:
    """Return *url* with its password hidden, wherever it stands."""
    return re.sub(r"(?<=password=)[^&]*", "***", re.sub(r"(?<=://)([^:@/?]*):.*@", r"\1:***@", url))


def _client(url: str, name: str) -> tuple[redis.Redis, Patience]:
    if "decode_responses" in url:
        raise SettingsError(f"the store {name} cannot use decode_responses, because records are bytes; leave it out")
    try:
        client = redis.Redis.from_url(
            url,
            protocol=2,
            socket_connect_timeout=CONNECTING_S,
            socket_timeout=PATIENCE_S,
            health_check_interval=30,
            retry=Retry(NoBackoff(), 0),
        )
        # Made but not connected: an option in the URL that does not exist is found now, not at the first call.
        pool = client.connection_pool
        pool.connection_class(**pool.connection_kwargs)
        longest_s, connecting_s = (
            float(pool.connection_kwargs[name] or PATIENCE_S) for name in ("socket_timeout", "socket_connect_timeout")
        )
        patience = Patience(longest_s, connecting_s)
        pool.connection_class = bounded(pool.connection_class, patience)
    except (ValueError, TypeError, redis.RedisError) as error:
        raise SettingsError(f"the store {name} cannot be used: {error}; expected redis://host:port/db") from error
    return client, patience


@lru_cache(maxsize=10_000)
def _at(space: str, *path: str) -> bytes:
    """Return the key of *path* in *space*; quoting keeps a colon in a space's name from reaching into another."""
    return key_bytes(":".join(("mockserver", quote(space, safe="*", errors="surrogatepass"), *(path or ("",)))))
