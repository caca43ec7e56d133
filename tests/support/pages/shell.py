"""A bash that runs one command after the other, as a reader's terminal would."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from threading import Timer

#: Ends what a command printed; no example prints it.
END = re.compile(rb"\x1e(\d+)\n$")

#: No example takes longer, in seconds.
PATIENCE = 120


class Shell:
    """Keeps variables and the working directory from one command to the next."""

    def __init__(self, cwd: Path, env: Mapping[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self, command: str) -> tuple[str, int]:
        """Return what *command* printed, on both streams, and its exit status."""
        script = f"{{ {command}\n}} </dev/null\nprintf '\\036%d\\n' $?\n"
        self._bash.stdin.write(script.encode())
        self._bash.stdin.flush()
        alarm = Timer(PATIENCE, self._kill)
        alarm.start()
        try:
            return self._answer(command)
        finally:
            alarm.cancel()

    def close(self) -> None:
        """End the shell and whatever it left running."""
        self._kill()
        self._bash.communicate()

    def _answer(self, command: str) -> tuple[str, int]:
        printed = b""
        while chunk := self._bash.stdout.read1(65536):
            printed += chunk
            if end := END.search(printed):
                return printed[: end.start()].decode(), int(end[1])
        raise AssertionError(f"the shell ended, or {PATIENCE} s passed, in: {command}\n{printed.decode()}")

    def _kill(self) -> None:
        if self._bash.poll() is None:
            os.killpg(self._bash.pid, signal.SIGKILL)
