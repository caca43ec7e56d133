"""What each worker does before its first request."""

from __future__ import annotations

import json
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TextIO
from urllib.parse import urlsplit

from mockserver.command import discard_output
from mockserver.engine.engine import Engine
from mockserver.errors import StoreUnavailable
from mockserver.serving.process.addresses import is_every_address
from mockserver.serving.process.lifeline import Lifeline
from mockserver.serving.process.starter import Starter
from mockserver.settings import Settings
from mockserver.state.losses import WORKER_DIED

_SWEEPS = 10


@dataclass(frozen=True, slots=True)
class Start:
    """Sees to idle spaces, and says on one line of standard output where the server answers."""

    engine: Engine
    settings: Settings
    url: str
    new_token: str
    out: TextIO
    #: Whoever stops the server by closing its standard input.
    starter: Starter | None = None
    lifeline: Lifeline = field(default_factory=Lifeline)

    def worker(self, *, first: bool, server_pid: int) -> None:
        """Start a worker; the *first* one announces the server."""
        self.lifeline.follow()
        if not first and not self.engine.store.shared:
            self.engine.losses.note(WORKER_DIED)
        if self.starter:
            self.starter.follow(server_pid, aloud=first)
        self._sweep_for_ever(max(self.settings.space_idle_s / _SWEEPS, 1))
        if not first:
            return
        self._announce(server_pid)
        if self.new_token and self.settings.ready == "text":
            sys.stderr.write(f"Admin token: {self.new_token}\n")

    def _announce(self, pid: int) -> None:
        try:
            print(self._announcement(pid), file=self.out, flush=True)
        except OSError as error:
            discard_output()
            sys.stderr.write(f"Serving at {self.url}; standard output could not be told: {error.strerror}\n")

    def _announcement(self, pid: int) -> str:
        url, host, port = self.url, self.settings.host, urlsplit(self.url).port
        if self.settings.ready == "text":
            others = f", and on port {port} of every address of this machine" * is_every_address(host)
            return (
                f"Serving LivePerson's engagement API at {url}{others} (admin API: {url}/__admin/health). "
                "Ctrl-C stops it."
            )
        told: dict[str, Any] = {"ready": True, "url": url, "host": host, "port": port, "pid": pid}
        told["scenario"] = self.settings.scenario
        if self.new_token:
            told["admin_token"] = self.new_token
        return json.dumps(told)

    def _sweep_for_ever(self, pause_s: float) -> None:
        def run() -> None:
            with suppress(StoreUnavailable):
                self.engine.losses.of_server()  # meets the store as it is now; the start does not wait for it
            while not threading.Event().wait(pause_s):
                try:
                    self.engine.losses.of_server()
                    self.engine.spaces.sweep()
                except Exception as error:  # noqa: BLE001 the next round may find the store alive again
                    sys.stderr.write(f"idle spaces could not be removed: {error}\n")

        threading.Thread(target=run, daemon=True, name="sweeper").start()
