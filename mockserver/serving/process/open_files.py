"""How many connections a worker can hold, each of which is an open file."""

from __future__ import annotations

import resource

#: Connections that a worker holds at a time, if the system lets it have as many files.
MOST_CONNECTIONS = 10_000

#: Files of a process besides its connections, and those that each thread may have open in a store.
_FILES = 64
_FILES_OF_A_THREAD = 4


def connections(threads: int) -> int:
    """Say how many connections a worker can hold, having asked the system for as many files as it grants."""
    wanted = MOST_CONNECTIONS + _FILES + _FILES_OF_A_THREAD * threads
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft not in range(wanted):  # enough, or without a bound
        return MOST_CONNECTIONS
    granted = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (granted, hard))
    return max(granted - _FILES - _FILES_OF_A_THREAD * threads, threads + 1)
