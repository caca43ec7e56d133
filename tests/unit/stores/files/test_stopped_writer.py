"""A worker that is stopped while it writes is waited for no longer than a caller waits."""

import os
import signal
from contextlib import closing

import pytest

from mockserver.errors import StoreUnavailable, WouldBlock
from mockserver.stores.files.lmdb import LmdbStore
from mockserver.stores.files.sqlite import SqliteStore

STORES = {
    "sqlite": lambda path: SqliteStore(path, busy_ms=100),
    "lmdb": lambda path: LmdbStore(path, patience_s=0.1),
}


@pytest.fixture(params=STORES)
def store(request, tmp_path):
    with closing(STORES[request.param](str(tmp_path / "state"))) as made:
        yield made


@pytest.fixture
def worker(store):
    """Return a worker that is stopped within a transaction."""
    pid = os.fork()
    if pid == 0:
        with store.transaction():
            store.append("s", "log", {})
            os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(pid, os.WUNTRACED)
    yield pid
    os.kill(pid, signal.SIGCONT)
    os.waitpid(pid, 0)


@pytest.mark.usefixtures("worker")
def test_who_does_not_wait_is_told_so_at_once(store):
    with pytest.raises(WouldBlock, match="another worker writes"), store.transaction(wait=False):
        pass


@pytest.mark.usefixtures("worker")
def test_who_waits_gives_up_and_hears_why(store):
    with pytest.raises(StoreUnavailable, match="another worker has held the store"):
        store.append("s", "log", {})


@pytest.mark.usefixtures("worker")
def test_the_store_is_not_healthy_meanwhile(store):
    with pytest.raises(StoreUnavailable):
        store.ping()


def test_writing_goes_on_when_the_worker_does(store, worker):
    os.kill(worker, signal.SIGCONT)
    for _ in range(100):  # until it has come to its end
        try:
            number = store.append("s", "log", {})
        except StoreUnavailable:
            continue
        break

    assert number == 2
