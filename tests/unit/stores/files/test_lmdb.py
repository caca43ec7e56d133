import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import lmdb
import pytest

from mockserver.errors import SettingsError, StoreFull, StoreUnavailable
from mockserver.stores.base import Limits
from mockserver.stores.files import lmdb_environments
from mockserver.stores.files.lmdb import LmdbStore
from mockserver.stores.opening import open_store
from tests.support.store_contract import SharedStoreContract


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "state.lmdb")


class TestLmdbStore(SharedStoreContract):
    @pytest.fixture
    def place(self, path):
        return lambda limits: LmdbStore(path, limits)

    @pytest.fixture
    def url(self, path):
        return f"lmdb:{path}"


def count(record=None):
    return {"n": (record or {"n": 0})["n"] + 1}


def script(path, body):
    """Run *body* with a store in another process, and return its exit status."""
    text = f"""
import os, signal, sys, threading
from mockserver.stores.files.lmdb import LmdbStore
store = LmdbStore({path!r})
def count(record=None):
    return {{"n": (record or {{"n": 0}})["n"] + 1}}
{body}
"""
    return subprocess.run([sys.executable, "-W", "error", "-c", text], check=False, timeout=60).returncode


def test_an_answered_write_survives_the_death_of_the_process(path):
    ended = script(path, 'store.append("s", "log", {"n": 1}); os.kill(os.getpid(), signal.SIGKILL)')

    assert ended == -signal.SIGKILL
    with closing(LmdbStore(path)) as store:
        assert list(store.entries("s", "log")) == [(1, {"n": 1})]


def test_who_dies_while_writing_leaves_nothing_half_done_and_holds_up_nobody(path):
    with closing(LmdbStore(path)) as store:
        store.append("s", "log", {"n": 1})
        ended = script(
            path,
            """
with store.transaction():
    store.append("s", "log", {"n": 2})
    store.update("s", "kind", "a", count)
    os.kill(os.getpid(), signal.SIGKILL)
""",
        )

        assert ended == -signal.SIGKILL
        assert store.append("s", "log", {"n": 3}) == 2
        assert list(store.entries("s", "log")) == [(1, {"n": 1}), (2, {"n": 3})]
        assert store.get("s", "kind", "a") is None


def test_who_dies_while_reading_does_not_make_the_file_grow_once_another_has_come(path):
    # The file stays open meanwhile: else LMDB itself would begin with no readers.
    with closing(LmdbStore(path)) as store:

        def write(times):
            for _ in range(times):
                store.update("s", "kind", "a", lambda record: {**count(record), "text": "x" * 50_000})
            return Path(path).stat().st_size

        size = write(50)
        died = script(path, "with store._file.reading(): store.ping(); os.kill(os.getpid(), signal.SIGKILL)")
        came = script(path, "store.ping()")

        assert (died, came) == (-signal.SIGKILL, 0)
        assert write(500) < 2 * size


def test_a_store_that_was_used_before_a_fork_works_on_both_sides(path):
    ended = script(
        path,
        """
def many():
    for _ in range(50):
        store.update("s", "kind", "a", count)
many()
child = os.fork()
many()
if child:
    assert os.waitpid(child, 0)[1] == 0
store.close()
""",
    )

    assert ended == 0
    with closing(LmdbStore(path)) as store:
        assert store.get("s", "kind", "a") == {"n": 150}


def test_two_stores_of_one_file_in_one_process_are_one_place_and_close_by_themselves(path):
    first, second = LmdbStore(path), LmdbStore(path)
    first.append("s", "log", {})
    first.close()

    assert second.append("s", "log", {}) == 2
    second.close()


def test_a_large_clear_takes_everything_away(path):
    with closing(LmdbStore(path)) as store:
        for number in range(2_000):
            store.append("s", "log", {})
            store.update("s", "kind", str(number), lambda _: {})
        store.clear("s")

        with store._file.reading() as db:
            assert [key[:1] for key in db.db.cursor().iternext(values=False)] == [b"N"]


def test_what_a_clear_left_behind_when_its_process_died_is_taken_away_at_the_next_start(path):
    with closing(LmdbStore(path)) as store:
        store.append("s", "log", {})
        with store._file.writing() as db:
            counters = db.db.pop(b"P1:s:log")
            db.db.put(b"Z" + counters[:8], b"")
    with closing(LmdbStore(path)) as store, store._file.reading() as db:
        assert [key[:1] for key in db.db.cursor().iternext(values=False)] == [b"N"]


def test_a_full_disk_is_unavailable_and_leaves_what_was_there(path):
    # A bound on the size of files stands for the disk.
    body = """
import resource
from mockserver.errors import StoreUnavailable
store.append("s", "log", {"n": 1})
resource.setrlimit(resource.RLIMIT_FSIZE, (os.stat(store._file.path).st_size, resource.RLIM_INFINITY))
for _ in range(3):
    try:
        store.append("s", "log", {"text": "x" * 1_000_000})
        sys.exit("written")
    except StoreUnavailable:
        pass
assert list(store.entries("s", "log")) == [(1, {"n": 1})]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert store.append("s", "log", {}) == 2
"""
    assert script(path, body) == 0


def test_a_room_that_is_full_is_unavailable(path, monkeypatch):
    monkeypatch.setattr("mockserver.stores.files.lmdb_environments.ROOM", 1 << 20)
    with closing(LmdbStore(path)) as store:
        store.append("s", "log", {})
        with pytest.raises(StoreUnavailable, match="MDB_MAP_FULL"):
            store.append("s", "log", {"text": "x" * 2_000_000})

        assert store.append("s", "log", {}) == 2


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("lmdb:/nosuch/state", "the directory '/nosuch' does not exist", id="no directory"),
        pytest.param("lmdb:/", "cannot open the store lmdb:/: ", id="a directory"),
        pytest.param("lmdb:", "needs a file", id="no path"),
        pytest.param("lmdb:a\0b", "cannot open", id="NUL"),
    ],
)
def test_a_path_that_cannot_be_opened_is_refused_with_the_way_out(url, message):
    with pytest.raises(SettingsError, match=message):
        open_store(url, Limits())


def test_a_file_of_something_else_is_refused(path):
    Path(path).write_text("This is a letter to a friend, and not a database at all. " * 200)

    with pytest.raises(SettingsError, match="cannot open the store"):
        LmdbStore(path)


def test_each_byte_of_the_lock_file_has_a_place_on_the_disk_because_one_without_would_kill_the_process(path):
    with closing(LmdbStore(path)):
        found = Path(f"{path}-lock").stat()

    assert found.st_blocks * 512 >= found.st_size


def fill(store):
    for _ in range(100):
        store.append("s", "log", {"text": "x" * 100_000})


def test_room_can_be_made_where_all_addresses_are_used_up(path, monkeypatch):
    monkeypatch.setattr(lmdb_environments, "ROOM", 4 << 20)
    with closing(LmdbStore(path)) as store:
        with pytest.raises(StoreFull, match="DELETE /__admin/spaces works all the same"):
            fill(store)
        store.clear("s")

        assert store.append("s", "log", {"text": "x" * 100_000}) == 1


def test_fewer_addresses_will_do_where_so_many_cannot_be_had(path, monkeypatch):
    asked = []
    opened = lmdb.open

    def stingy(file, *, map_size, **options):
        asked.append(map_size)
        if map_size > 1 << 30:
            raise lmdb.MemoryError("no")
        return opened(file, map_size=map_size, **options)

    monkeypatch.setattr(lmdb, "open", stingy)
    with closing(LmdbStore(path)) as store:
        store.ping()

    assert asked[-1] == 1 << 30


def test_where_hardly_any_can_be_had_the_way_out_is_named(path, monkeypatch):
    def none(*_, **__):
        raise lmdb.MemoryError("no")

    monkeypatch.setattr(lmdb, "open", none)

    with pytest.raises(SettingsError, match=r"raise the limit of memory \(ulimit -v\), or use sqlite:PATH"):
        LmdbStore(path)
