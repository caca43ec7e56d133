"""Starts the servers that the pages start."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread, Timer

#: In the line that says that the server answers.
URL = re.compile(r"https?://[\w.\[\]-]+:(\d+)")

#: No server takes longer to start or to end, in seconds, not even one that is installed first.
PATIENCE = 300


class Server:
    """A running server; `announced` is all that it printed until it answered."""

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> None:
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 closed with the server
        self._process = subprocess.Popen(
            command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        alarm = Timer(PATIENCE, self._process.kill)
        alarm.start()
        try:
            self.announced, self.port = self._ready()
        finally:
            alarm.cancel()
        # What it prints from now on is read and dropped, so that it never waits for a reader.
        self._reader = Thread(target=deque, args=(self._process.stdout, 0), daemon=True)
        self._reader.start()

    def close(self) -> None:
        """Ask the server to end, and wait until it has."""
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._reader.join()
        self._process.stdout.close()
        self._errors.close()

    def _ready(self) -> tuple[str, int]:
        announced = ""
        for line in self._process.stdout:
            announced += line
            if url := URL.search(line):
                return announced, int(url[1])
        self._process.wait()
        self._process.stdout.close()
        with self._errors as errors:
            errors.seek(0)
            raise AssertionError(f"{self._process.args} never said its URL\n{announced}{errors.read()}")
