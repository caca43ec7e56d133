"""Connections that are held by a worker of one's choice, so that a test knows who answers."""

from __future__ import annotations

import http.client
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.support.calling.asking import Answer, ask_over, connection_to
from tests.support.serving.running import Served


@contextmanager
def round_robin(served: Served, workers: int) -> Iterator[NextWorker]:
    """Give a way to ask that goes round the workers: no two requests in a row meet the same one."""
    ids = served.workers(workers)
    with ExitStack() as stack:
        connections = [stack.enter_context(closing(held_by(served, worker, ids))) for worker in ids]
        yield NextWorker(connections)


class NextWorker:
    """Asks one worker after the other."""

    def __init__(self, connections: list[http.client.HTTPConnection]) -> None:
        self._connections = cycle(connections)

    def __call__(self, method: str, path: str, **what: Any) -> Answer:
        return ask_over(next(self._connections), method, path, **what)


def held_by(served: Served, worker: int, workers: list[int]) -> http.client.HTTPConnection:
    """Return an open connection that *worker* accepted, because no other could."""
    others = [other for other in workers if other != worker]
    with stopped(others):
        connection = connection_to(served.url)
        assert ask_over(connection, "GET", "/__admin/health").status == 200
    return connection


@contextmanager
def stopped(processes: list[int]) -> Iterator[None]:
    """Let *processes* stand still during the block."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        for process in processes:
            while state_of(process) != "T":
                os.sched_yield()
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def state_of(process: int) -> str:
    """Return the letter by which the kernel tells what a process does."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
