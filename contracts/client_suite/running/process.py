"""Runs a client's command until its process ends, stops what that leaves behind, and keeps the end of what it wrote.

The process is waited for, not its pipes: a child that holds one open neither lengthens the run nor counts against it.
Nor does one that ignores signals or has a session of its own: whatever the run started is killed.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import IO, Final

from ...processes.interruption import ProcessGroups, end_group
from ...processes.stragglers import VARIABLE, end_stragglers
from ..profiles import Report
from .commands import not_runnable

#: How much of the end of each stream is kept.
TAIL_BYTES: Final = 1024 * 1024
_PIECE: Final = 64 * 1024


def run_command(
    command: Sequence[str],
    environment: Mapping[str, str],
    directory: Path | None,
    limit_s: float,
    groups: ProcessGroups,
) -> Report:
    """Run *command* until its process ends or *limit_s* seconds are over; all that it started ends with it.

    It stands in *groups* meanwhile, for whoever has to end it earlier.
    Raises CommandError when the command cannot be run.
    """
    began = time.monotonic()
    mark = token_hex(8)
    try:
        process = subprocess.Popen(  # noqa: S603 - the command is what the user asks to have examined
            list(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**environment, VARIABLE: mark}, cwd=directory, start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise not_runnable(command, directory, error) from error
    out, err = _Tail(process.stdout), _Tail(process.stderr)
    with groups.including(process.pid, mark):
        try:
            finished = _listen(process, (out, err), began + limit_s)
        finally:
            end_group(process.pid)
            end_stragglers([mark])
    seconds = time.monotonic() - began
    for tail in (out, err):
        tail.finish()
    return Report(
        process.returncode, out.text, err.text, finished=finished, seconds=seconds,
        dropped={name: tail.dropped for name, tail in {"standard output": out, "standard error": err}.items()},
    )  # fmt: skip


@dataclass
class _Tail:
    """The end of one stream."""

    stream: IO[bytes] | None
    tail: bytearray = field(default_factory=bytearray)
    #: How much came before what is kept.
    dropped: int = 0

    def take(self) -> int:
        """Read what is there and return its length, 0 at the end; raises BlockingIOError when there is nothing yet."""
        piece = os.read(self.stream.fileno(), _PIECE) if self.stream else b""
        self.tail += piece
        surplus = len(self.tail) - TAIL_BYTES
        if surplus > 0:
            del self.tail[:surplus]
            self.dropped += surplus
        return len(piece)

    def finish(self) -> None:
        """Take what the pipe still holds; whoever goes on writing to it is not waited for."""
        left = TAIL_BYTES
        with suppress(BlockingIOError):
            while left > 0 and (taken := self.take()):
                left -= taken
        if self.stream:
            self.stream.close()

    @property
    def text(self) -> str:
        """Return the end of what was written."""
        return self.tail.decode(errors="replace")


def _listen(process: subprocess.Popen[bytes], tails: Sequence[_Tail], deadline: float) -> bool:
    """Listen until the process ends, and say whether it did so by itself; at the *deadline* it is ended."""
    over, ended = os.pipe()
    waiter = threading.Thread(target=_close_after, args=(process, ended))
    waiter.start()
    finished = True
    with selectors.DefaultSelector() as selector, os.fdopen(over, "rb"):
        selector.register(over, selectors.EVENT_READ)
        for tail in tails:
            if tail.stream:
                os.set_blocking(tail.stream.fileno(), False)
                selector.register(tail.stream, selectors.EVENT_READ, tail)
        while True:
            if finished and time.monotonic() >= deadline:
                finished = False
                end_group(process.pid)
            ready = selector.select(deadline - time.monotonic() if finished else None)
            if any(key.data is None for key, _ in ready):
                break
            for key, _ in ready:
                if not key.data.take():
                    selector.unregister(key.fileobj)
    waiter.join()
    return finished


def _close_after(process: subprocess.Popen[bytes], ended: int) -> None:
    process.wait()
    os.close(ended)
