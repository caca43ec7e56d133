"""What each signal does to the server: it stops, or nothing happens.

The HTTP servers below give meanings of their own to some: they reload, start more workers, or start a second server.
Each of these would make a second memory beside the first, so none of them is left; `docs/reference/processes.md` has
the table.
"""

from __future__ import annotations

import signal
from types import FrameType

#: These stop the server: the first two after the calls that are being answered, the others at once.
STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
#: Nothing happens, neither in the main process nor in a worker.
WITHOUT_EFFECT = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN, signal.SIGTTOU, signal.SIGWINCH)
#: A closed terminal sends it to every process, and it is for the main process to stop the others.
NOT_FOR_WORKERS = (*WITHOUT_EFFECT, signal.SIGHUP)


def outlives_terminals() -> bool:
    """Say whether the server was started to go on when its terminal is closed, as `nohup` does."""
    return signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def obey_while_starting() -> None:
    """Leave at once by a signal that stops, until the HTTP server takes over; from now on ignore the rest."""
    for number in WITHOUT_EFFECT:
        signal.signal(number, signal.SIG_IGN)
    for number in STOPPING:
        if number != signal.SIGINT and not (number == signal.SIGHUP and outlives_terminals()):
            signal.signal(number, _leave)


def ignore_in_worker() -> None:
    """Leave to the main process what is its to decide."""
    for number in NOT_FOR_WORKERS:
        signal.signal(number, signal.SIG_IGN)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
