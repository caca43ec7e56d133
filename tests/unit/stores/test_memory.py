import tracemalloc

import pytest

from mockserver.stores.memory import MemoryStore
from tests.support.store_contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def place(self):
        return MemoryStore


def test_a_memory_store_says_that_it_is_not_shared():
    assert not MemoryStore().shared


def test_a_record_takes_little_more_memory_than_its_bytes():
    store = MemoryStore()
    tracemalloc.start()
    try:
        for number in range(1_000):
            store.update("s", "kind", str(number), lambda _: {"text": "x" * 100})
            store.append("s", "log", {"text": "x" * 100})
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert held < 3 * (store.usage("s", "kind").bytes + store.usage("s", "log").bytes)
