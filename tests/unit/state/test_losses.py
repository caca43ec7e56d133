"""When a store that others may empty has forgotten everything; a shared store in memory stands for it."""

import itertools

import pytest

from mockserver.errors import StoreUnavailable
from mockserver.state.losses import Losses
from mockserver.state.store_identity import StoreIdentity
from mockserver.stores.base import SERVER
from mockserver.stores.memory import MemoryStore
from tests.support.builders import NOW_MS

NAMES = itertools.count(1)


class SharedStore(MemoryStore):
    """A store that several servers have, that can be emptied behind their backs, and that may refuse to be written."""

    shared = True
    full = False

    def forget_everything(self):
        for space in (*self.spaces(), SERVER):
            self.clear(space)

    def update(self, *what):
        if self.full:
            raise StoreUnavailable("full")
        return super().update(*what)


@pytest.fixture
def store():
    return SharedStore()


@pytest.fixture
def said():
    return []


@pytest.fixture
def server(store, said):
    """Return a way to start a server, which has met its store."""

    def start():
        losses = Losses(
            store, StoreIdentity(store, lambda: f"name-{next(NAMES)}"), wall_ms=lambda: NOW_MS, say=said.append
        )
        losses.of_server()
        return losses

    return start


def test_a_store_that_was_emptied_is_a_loss_until_a_space_is_made_new(server, store, said):
    losses = server()
    store.forget_everything()

    assert "its store has forgotten everything" in losses.of("blue").message
    losses.renew("blue")
    assert (losses.of("blue"), losses.of("green") is None) == (None, False)
    assert len(said) == 1, "it is said once"


def test_a_space_that_was_made_new_before_anybody_noticed_is_new(server, store):
    losses = server()
    store.forget_everything()
    losses.renew("blue")

    assert losses.of("blue") is None
    assert losses.of("green") is not None


def test_a_server_that_begins_with_a_full_store_has_lost_nothing(server):
    server()

    assert server().of("blue") is None


def test_a_server_that_begins_after_a_loss_knows_of_it_and_of_the_next(server, store):
    first = server()
    store.forget_everything()
    first.renew("blue")
    second = server()
    before = second.of("blue"), second.of("green") is None
    store.forget_everything()

    assert before == (None, False)
    assert second.of("blue") is not None


def test_every_server_on_the_store_knows_what_one_has_noticed_and_notices_it_only_once(server, store, said):
    one, other = server(), server()
    store.forget_everything()

    assert one.of("blue") == other.of("blue")
    other.renew("blue")
    assert one.of("blue") is None
    one.renew_all()
    assert (one.of_server(), other.of_server()) == (None, None)
    assert len(said) == 1


def test_a_server_that_began_after_the_loss_does_not_hide_it_from_one_that_was_there(server, store):
    old = server()
    store.forget_everything()
    new = server()

    assert old.of("blue") is not None
    assert new.of("blue") is not None


def test_a_store_that_forgets_again_is_a_loss_again(server, store, said):
    losses = server()
    for _ in range(2):
        store.forget_everything()
        losses.of_server()
        losses.renew("blue")
    store.forget_everything()

    assert losses.of("blue") is not None
    assert len(said) == 3


def test_a_store_that_can_be_read_and_not_written_has_lost_nothing(store, server):
    store.full = True
    losses = server()
    store.full = False

    assert losses.of("blue") is None


def test_a_loss_that_cannot_be_noted_is_not_passed_over(store, server):
    losses = server()
    store.forget_everything()
    store.full = True

    with pytest.raises(StoreUnavailable):
        losses.of("blue")
