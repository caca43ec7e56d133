"""What each worker does before its first request."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from mockserver.settings import Settings

_SWEEPS = 10


@dataclass(frozen=True, slots=True)
class Start:
    """Sees to idle spaces, and says on one line of standard output where the server answers."""

    sweep: Callable[[], Any]
    settings: Settings
    url: str
    new_token: str
    out: TextIO

    def worker(self, *, first: bool, server_pid: int) -> None:
        """Start a worker; the *first* one announces the server."""
        self._sweep_for_ever(max(self.settings.space_idle_s / _SWEEPS, 1))
        if not first:
            return
        print(self._announcement(server_pid), file=self.out, flush=True)
        if self.new_token and self.settings.ready == "text":
            sys.stderr.write(f"Admin token: {self.new_token}\n")

    def _announcement(self, pid: int) -> str:
        url = self.url
        if self.settings.ready == "text":
            return f"Serving LivePerson's engagement API at {url} (admin API: {url}/__admin/health). Ctrl-C stops it."
        told: dict[str, Any] = {"ready": True, "url": url, "pid": pid, "scenario": self.settings.scenario}
        if self.new_token:
            told["admin_token"] = self.new_token
        return json.dumps(told)

    def _sweep_for_ever(self, pause_s: float) -> None:
        def run() -> None:
            while not threading.Event().wait(pause_s):
                try:
                    self.sweep()
                except Exception as error:  # noqa: BLE001 the next round may find the store alive again
                    sys.stderr.write(f"idle spaces could not be removed: {error}\n")

        threading.Thread(target=run, daemon=True, name="sweeper").start()
