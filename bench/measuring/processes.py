"""Processes that are measured: started, weighed, and stopped whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

#: How long a server may take to stop by itself, in seconds.
_STOP_S = 10
_PAUSE_S = 0.01
_BYTES_PER_MB = 1 << 20


class Failed(Exception):
    """A contestant did not do its work, so there is nothing to measure."""


@dataclass(frozen=True)
class Memory:
    """What a process tree holds, in megabytes."""

    #: Proportional set size: pages shared between processes are counted once.
    pss_mb: float
    #: Resident set size: pages shared between processes are counted for each.
    rss_mb: float


@dataclass(frozen=True)
class Tree:
    """A process and all that it started."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]

    def refuse_dead(self) -> None:
        """Raise `Failed` with the last words of the process when it has ended."""
        if self.process.poll() is not None:
            raise Failed(f"{self.process.args!r} ended with {self.process.returncode}: {self.last_words()}")

    def last_words(self) -> str:
        """Return the end of what the process wrote to standard error."""
        self.log.seek(0)
        return self.log.read()[-2000:].decode(errors="replace")

    def memory(self) -> Memory:
        """Weigh the tree as it is now."""
        pss = rss = 0
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                weighed = process.memory_full_info()
                pss, rss = pss + weighed.pss, rss + weighed.rss
        return Memory(round(pss / _BYTES_PER_MB, 1), round(rss / _BYTES_PER_MB, 1))

    def cpu_s(self) -> float:
        """Return the processor time that the tree has used, in seconds."""
        used_s = 0.0
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                used_s += times.user + times.system
        return used_s

    def processes(self) -> list[psutil.Process]:
        """Return the processes of the tree, also those whose parent has gone."""
        return _session(self.process.pid)


@contextmanager
def started(command: Sequence[str], folder: Path, env: Mapping[str, str]) -> Iterator[Tree]:
    """Run *command* in *folder* until the block ends; then nothing of it is left."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**_environment(), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield Tree(process, log)
        finally:
            _stop(process)


def free_port() -> int:
    """Return a TCP port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _environment() -> dict[str, str]:
    """Return the variables of this process without any that set a server or its Python up."""
    ours = ("MOCKSERVER_", "MOCKOON_", "PYTHON")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # whatever is left of the group that we started
    process.wait()
    while _session(process.pid):  # or the next contestant would be measured beside the last one's remains
        time.sleep(_PAUSE_S)


def _session(leader: int) -> list[psutil.Process]:
    """Return the processes of the session that *leader* leads or led, without those that have ended."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found
