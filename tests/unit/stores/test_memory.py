import pytest

from mockserver.stores.memory import MemoryStore
from tests.unit.stores.contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def place(self):
        return MemoryStore


def test_a_memory_store_says_that_it_is_not_shared():
    assert not MemoryStore().shared
