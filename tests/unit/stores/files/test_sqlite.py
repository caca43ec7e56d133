import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from mockserver.errors import SettingsError, StoreUnavailable, WouldBlock
from mockserver.stores.base import Limits
from mockserver.stores.files.sqlite import SqliteStore
from mockserver.stores.opening import open_store
from tests.support.store_contract import SharedStoreContract


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "state.db")


class TestSqliteStore(SharedStoreContract):
    @pytest.fixture
    def place(self, path):
        return lambda limits: SqliteStore(path, limits)

    @pytest.fixture
    def url(self, path):
        return f"sqlite:{path}"


def test_many_processes_may_open_a_new_file_at_the_same_time(tmp_path):
    script = f"""
import os, time
from mockserver.stores.files.sqlite import SqliteStore
for number in range(30):
    at_once = time.monotonic() + 0.02
    children = []
    for _ in range(8):
        child = os.fork()
        if not child:
            while time.monotonic() < at_once:
                pass
            SqliteStore({str(tmp_path)!r} + f"/{{number}}.db").append("s", "log", {{}})
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)

    with closing(SqliteStore(str(tmp_path / "29.db"))) as store:
        assert store.usage("s", "log").entries == 8


def test_what_a_clear_left_behind_when_its_process_died_is_taken_away_at_the_next_start(path):
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path)) as db:
        for _ in range(3):
            store.append("s", "log", {})
        db.execute("UPDATE collection SET space = NULL")
        db.commit()
        SqliteStore(path).close()

        assert db.execute("SELECT count(*) FROM item").fetchone() == (0,)
        assert store.append("s", "log", {}) == 1


def test_a_large_clear_takes_everything_away(path):
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path)) as db:
        for _ in range(2_000):
            store.append("s", "log", {})
        store.clear("s")

        assert db.execute("SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM collection)").fetchone() == (0, 0)


def test_a_store_that_was_used_before_a_fork_works_on_both_sides(path):
    script = f"""
import os
from mockserver.stores.files.sqlite import SqliteStore
store = SqliteStore({path!r})
def count():
    for _ in range(50):
        store.update("s", "kind", "a", lambda r: {{"n": (r or {{"n": 0}})["n"] + 1}})
count()
(before,) = store._file._writers
child = os.fork()
count()
(after,) = store._file._writers
assert after is not before, "a connection was carried over the fork"
store.close()
if child:
    assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=60)

    with closing(SqliteStore(path)) as store:
        assert store.get("s", "kind", "a") == {"n": 150}


def test_an_answered_write_survives_the_death_of_the_process(path):
    script = f"""
import os, signal
from mockserver.stores.files.sqlite import SqliteStore
store = SqliteStore({path!r})
store.append("s", "log", {{"n": 1}})
os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)

    assert ended.returncode == -9
    with closing(SqliteStore(path)) as store:
        assert list(store.entries("s", "log")) == [(1, {"n": 1})]


def test_threads_that_end_leave_no_connection_behind(path):
    with closing(SqliteStore(path)) as store:
        for _ in range(20):
            thread = threading.Thread(target=store.spaces)
            thread.start()
            thread.join()

        assert len(store._file._readers) == 1


def test_a_change_that_raises_gives_its_connection_back(path):
    with closing(SqliteStore(path)) as store:
        with pytest.raises(ZeroDivisionError):
            store.update("s", "kind", "a", lambda _: 1 / 0)

        assert len(store._file._writers) == 1


def test_close_lets_go_of_the_file(tmp_path, path):
    store = SqliteStore(path)
    store.append("s", "log", {})
    store.close()

    assert sorted(file.name for file in tmp_path.iterdir()) == ["state.db", "state.db-reserve"]


def test_a_file_that_others_keep_locked_is_unavailable_and_works_again_afterwards(path):
    with closing(SqliteStore(path, busy_ms=1)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match=r"state\.db does not answer: database is locked"):
            store.append("s", "log", {})
        other.execute("ROLLBACK")

        assert store.append("s", "log", {}) == 1


def test_a_connection_is_made_patiently_while_another_process_closes_the_file(path):
    with closing(SqliteStore(path)) as store, ThreadPoolExecutor() as threads:
        store._file.let_go()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            # As the last one to close a file does: nobody may even read it meanwhile.
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            written = threads.submit(store.append, "s", "log", {})
            with pytest.raises(TimeoutError):
                written.result(timeout=0.2)

        assert written.result(timeout=10) == 1


def test_a_file_that_others_keep_locked_at_the_start_is_refused(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(SettingsError, match="database is locked"):
            SqliteStore(path, busy_ms=1)


def test_a_full_disk_is_unavailable_and_leaves_what_was_there(path):
    with closing(SqliteStore(path)) as store:
        store.append("s", "log", {"n": 1})
        (connection,) = store._file._writers
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(StoreUnavailable, match="full"):
            store.append("s", "log", {"text": "x" * 1_000_000})

        assert list(store.entries("s", "log")) == [(1, {"n": 1})]


@pytest.mark.parametrize("made", ["PRAGMA user_version = 1; CREATE TABLE place (id)", "CREATE TABLE mine (a)"])
def test_a_file_of_another_version_or_of_somebody_else_is_refused_and_left_as_it_is(path, made):
    with closing(sqlite3.connect(path)) as db:
        db.executescript(made)
        with pytest.raises(SettingsError, match="name another file, or remove this one"):
            SqliteStore(path)

        assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_who_does_not_want_to_wait_for_another_program_is_told_so_and_nothing_is_done(path):
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(WouldBlock, match="is locked by another program"), store.transaction(wait=False):
            pass
        other.execute("ROLLBACK")
        with store.transaction(wait=False):
            assert store.append("s", "log", {}) == 1


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "state.db").write_text("This is a letter to a friend, and not a database at all.")

    with pytest.raises(SettingsError, match="not a database"):
        SqliteStore(str(tmp_path / "state.db"))


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("sqlite:/nosuch/state.db", "the directory '/nosuch' does not exist", id="no directory"),
        pytest.param("sqlite:/", "cannot open the store sqlite:/: unable to open", id="a directory"),
        pytest.param("sqlite:", "needs a file", id="no path"),
        pytest.param("sqlite::memory:", "or use memory:", id="SQLite's own memory"),
        pytest.param("sqlite:a\0b", "cannot open", id="NUL"),
    ],
)
def test_a_path_that_cannot_be_opened_is_refused_with_the_way_out(url, message):
    with pytest.raises(SettingsError, match=message):
        open_store(url, Limits())


def test_a_record_is_found_by_its_index(path):
    with closing(SqliteStore(path)), closing(sqlite3.connect(path)) as db:
        plan = db.execute("EXPLAIN QUERY PLAN SELECT id, value FROM item WHERE key = x'61'").fetchall()

    assert "item_by_key (key=?)" in plan[0][3]
