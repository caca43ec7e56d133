"""The worker that gunicorn starts: our loop in gunicorn's process."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any, ClassVar, cast

from gunicorn.workers.base import Worker

from mockserver.serving.loop.bounds import Bounds, held_bytes
from mockserver.serving.loop.loop import Loop
from mockserver.serving.process import signals
from mockserver.web.application import MockServer


class PatientWorker(Worker):
    """Waits for all clients at once, and makes none wait for another."""

    #: Those for which there is something to do; gunicorn sets the others to what kills.
    SIGNALS: ClassVar = [signal.SIGABRT, signal.SIGQUIT, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD]

    def init_process(self) -> None:
        """Begin."""
        # gunicorn looks each setting up through two calls, some twenty times a request.
        vars(self.cfg).update({name: setting.get() for name, setting in self.cfg.settings.items()})
        super().init_process()

    def init_signals(self) -> None:
        """End by the signals by which the main process ends workers, and by no other of gunicorn's."""
        super().init_signals()
        signals.ignore_in_worker()

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """End at once. To leave as gunicorn does would wait for the threads."""
        os._exit(0)

    def run(self) -> None:
        """Serve until a signal ends it."""
        app = cast("MockServer", self.wsgi)
        pipe = (self.PIPE[0], self.PIPE[1])
        loop = Loop(app, self.sockets, bounds_of(app, self.cfg), cfg=self.cfg, log=self.log, pipe=pipe)
        loop.run(goes_on=lambda: self.alive, alive=self.notify)


def bounds_of(app: MockServer, cfg: Any) -> Bounds:
    """Return how much a worker takes on that serves *app* with gunicorn's settings *cfg*."""
    return Bounds(
        connections=cfg.worker_connections,
        threads=cfg.threads,
        idle_s=cfg.keepalive,
        drain_s=cfg.graceful_timeout,
        body_bytes=app.most_body_bytes,
        held_bytes=held_bytes(app.largest_body_bytes),
    )
