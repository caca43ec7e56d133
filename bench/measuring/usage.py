"""Processor time: what a server used, and what the rest of the machine did meanwhile."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import psutil

from bench.measuring.processes import Tree


@dataclass(frozen=True)
class Usage:
    """Processor time that was used up to a moment, in seconds."""

    wall_s: float
    server_s: float
    #: By programs that have nothing to do with the measurement, and by other guests of the machine's host.
    others_s: float

    def others_share_since(self, earlier: Usage) -> float:
        """Return the share of all processors that went to others since *earlier*, from 0 to 1."""
        available_s = (self.wall_s - earlier.wall_s) * (os.cpu_count() or 1)
        return round(max(0.0, self.others_s - earlier.others_s) / available_s, 3)


def usage(server: Tree) -> Usage:
    """Read the clocks of the machine, of *server*, and of this program with all that it waited for (wrk)."""
    machine, bench, server_s = psutil.cpu_times(), os.times(), server.cpu_s()
    # Interrupts are left out: most of them carry the measured calls, and belong to nobody.
    everybody_s = machine.user + machine.nice + machine.system + getattr(machine, "steal", 0.0)
    return Usage(time.monotonic(), server_s, everybody_s - server_s - sum(bench[:4]))
