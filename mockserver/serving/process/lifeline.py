"""Ends the workers when the server's main process is gone, however it went."""

from __future__ import annotations

import os
import threading

_NONE = -1


class Lifeline:
    """A pipe whose other end only the main process holds: the system closes it when that process ends.

    To be made before the workers are forked. Unlike a signal at the parent's death, every system has it.
    """

    def __init__(self) -> None:
        self._followed, self._held = os.pipe()
        os.register_at_fork(after_in_child=self._let_go)

    def follow(self) -> None:
        """End this worker at once when the main process ends: nobody would be left to stop it."""
        threading.Thread(target=self._wait, daemon=True, name="lifeline").start()

    def _wait(self) -> None:
        os.read(self._followed, 1)
        os._exit(1)

    def _let_go(self) -> None:
        if self._held != _NONE:
            os.close(self._held)
            self._held = _NONE
