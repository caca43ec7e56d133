"""Sees to it that a worker which was just forked ends when it is told to.

Until it sets up handlers of its own, a worker has those of the server's main process, which take note of a signal
and leave the rest to a loop that no worker runs: a signal of these moments would be lost, and the stop wait for it.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


def end_new_workers_by_signals() -> None:
    """Do so from now on, for every process that this one forks."""
    os.register_at_fork(before=_hold, after_in_parent=_let_go, after_in_child=_end_by_signals)


def _hold() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def _let_go() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


def _end_by_signals() -> None:
    for number in _SIGNALS:
        signal.signal(number, _end)
    _let_go()


def _end(_signal: int, _frame: FrameType | None) -> None:
    os._exit(0)  # nothing has begun that would have to be finished
