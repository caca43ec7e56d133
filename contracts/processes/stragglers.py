"""Ends what a client started in a session of its own, where no signal to its process group arrives.

A browser that a client drives is such a process. Each is known by a variable that its run was given; where the
system does not show the variables of a process (it is no Linux), stragglers are left to themselves.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Tells the processes of one run from those of all others.
VARIABLE: Final = "CONTRACT_RUN"
_PROCESSES: Final = Path("/proc")
#: A process that is being ended may have started another just before.
_LOOKS: Final = 5


def end_stragglers(marks: Collection[str]) -> None:
    """Kill every process whose variable holds one of *marks*, and what they start meanwhile."""
    wanted = frozenset(f"{VARIABLE}={mark}".encode() for mark in marks)
    for _ in range(_LOOKS):
        if not wanted or not sum(_killed(process, wanted) for process in _own_processes()):
            return


def _own_processes() -> Iterator[int]:
    """Yield every process of this user but this one."""
    with suppress(OSError):
        for entry in os.scandir(_PROCESSES):
            with suppress(OSError):
                if entry.name.isdecimal() and entry.stat().st_uid == os.getuid() and int(entry.name) != os.getpid():
                    yield int(entry.name)


def _killed(process: int, wanted: frozenset[bytes]) -> bool:
    """Kill *process* if it is wanted; a number that another process got meanwhile is not mistaken for it."""
    with suppress(OSError):
        handle = os.pidfd_open(process)
        try:
            variables = (_PROCESSES / str(process) / "environ").read_bytes().split(b"\0")
            if wanted.isdisjoint(variables):
                return False
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
        return True
    return False
