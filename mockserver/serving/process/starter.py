"""Stops the server with whoever started it: with the end of its standard input."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from mockserver.errors import StartupError

_STANDARD_INPUT = 0
_SOME = 4096


class Starter:
    """Whoever keeps the other end of standard input open; the system closes it when that process ends."""

    def __init__(self) -> None:
        """Raise `StartupError` when nobody can have the other end. To be made before the workers are forked."""
        try:
            self._input = os.dup(_STANDARD_INPUT)  # multiprocessing gives workers another standard input
            ends_at_once = os.path.samestat(os.fstat(self._input), Path(os.devnull).stat())
        except OSError:
            ends_at_once = True
        if ends_at_once:
            raise StartupError(
                "stop_with_stdin is on, and standard input is closed or /dev/null, so the server would stop at once; "
                "start it with a pipe as standard input and keep the other end open, or leave stop_with_stdin off"
            )

    def follow(self, server_pid: int, *, aloud: bool) -> None:
        """Stop the server, whose main process is *server_pid*, when standard input ends; *aloud* says why."""
        threading.Thread(target=self._wait, args=(server_pid, aloud), daemon=True, name="starter").start()

    def _wait(self, server_pid: int, aloud: bool) -> None:  # noqa: FBT001 a thread takes no names
        try:
            while os.read(self._input, _SOME):
                pass
        except OSError:  # a terminal that was closed, or that another process reads from
            pass
        if aloud:
            sys.stderr.write("Standard input has ended: the server stops.\n")
        os.kill(server_pid, signal.SIGTERM)
