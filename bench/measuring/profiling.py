"""Runs the profile of a call in processes of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.measuring.processes import Failed
from bench.work import CHECKOUT


def measure_profile(rounds: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Return the processor time of a call that comes alone, and the share of each step of it; medians of *rounds*."""
    seen = []
    for number in range(1, rounds + 1):
        say(f"profile: round {number} of {rounds}")
        command = [sys.executable, "-m", "bench.profile", "--json"]
        ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise Failed(f"the profile failed: {ran.stderr.strip()}")
        seen.append(json.loads(ran.stdout))
    steps = seen[0]["shares"]
    return {
        "cpu_us": median(one["cpu_us"] for one in seen),
        "shares": {step: median(one["shares"][step] for one in seen) for step in steps},
    }
