"""Says how busy a machine was with other things while it measured."""

from __future__ import annotations

import os
from collections.abc import Sequence
from statistics import median

#: A machine that does more than this beside the measured work is too busy: the share of its processors that others
#: took in the middle, and the load average for each core before the run.
_BUSY_SHARE, _BUSY_LOAD = 0.1, 0.5


def noise(others: Sequence[float], load_before: float) -> str:
    """Say how busy the machine was with other things, and what that means where it was too busy."""
    seen = f"The load average was {load_before:.2f} before"
    if others:
        seen += f"; meanwhile other programs took {median(others):.0%} of the processors, {max(others):.0%} at most"
    if load_before <= _BUSY_LOAD * (os.cpu_count() or 1) and (not others or median(others) <= _BUSY_SHARE):
        return f"{seen}.\n"
    return f"{seen}.\n**The machine was busy: rates are lower than they could be; read the CPU per call.**\n"
