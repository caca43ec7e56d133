"""One writer at a time; whoever waits is woken, and waits no longer than it says."""

import os
import signal
import threading

import pytest

from mockserver.stores.files.writer_lock import WriterLock

#: Longer than any test takes.
LONG_S = 60


@pytest.fixture
def lock():
    made = WriterLock()
    yield made
    made.close()


@pytest.fixture
def holder(lock):
    """Return another process that holds the lock, and is stopped."""
    ready, done = os.pipe()
    pid = os.fork()
    if pid == 0:
        lock.acquire(LONG_S)
        os.write(done, b".")
        os.kill(os.getpid(), signal.SIGSTOP)
        lock.release()
        os._exit(0)
    os.read(ready, 1)
    os.waitpid(pid, os.WUNTRACED)
    yield pid
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(ready)
    os.close(done)


def test_one_has_it_at_a_time(lock):
    held = lock.acquire(LONG_S), lock.acquire(0)
    lock.release()

    assert held == (True, False)
    assert lock.acquire(0)


@pytest.mark.usefixtures("holder")
def test_a_holder_that_is_stopped_is_waited_for_no_longer_than_said(lock):
    assert not lock.acquire(0.1)


def test_a_holder_that_goes_on_hands_it_over(lock, holder):
    os.kill(holder, signal.SIGCONT)

    assert lock.acquire(LONG_S)


def test_who_waits_has_it_when_its_holder_dies(lock, holder):
    os.kill(holder, signal.SIGKILL)

    assert lock.acquire(LONG_S)


def test_who_waits_is_woken_by_another_process(lock, holder, monkeypatch):
    monkeypatch.setattr("mockserver.stores.files.writer_lock._LOOK_S", LONG_S)  # nobody looks by itself
    waiting = threading.Thread(target=lock.acquire, args=(LONG_S,), daemon=True)
    waiting.start()
    while not lock._is_awaited[0]:
        os.sched_yield()
    os.kill(holder, signal.SIGCONT)
    waiting.join(LONG_S / 6)  # it would look once more at the end of its patience

    assert not waiting.is_alive()


def test_a_thread_that_waits_is_woken(lock):
    lock.acquire(LONG_S)
    waiting = threading.Thread(target=lock.acquire, args=(LONG_S,))
    waiting.start()
    lock.release()
    waiting.join(LONG_S)

    assert not waiting.is_alive()
    assert not lock.acquire(0)


def test_who_gave_up_can_have_it_later(lock, holder):
    lock.acquire(0.05)

    os.kill(holder, signal.SIGCONT)
    assert lock.acquire(LONG_S)
