"""Describes the machine that figures come from."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil


def this_machine() -> dict[str, Any]:
    """Describe the machine, and how busy it is before anything is measured."""
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / (1 << 30)),
        "kernel": platform.release().partition("-")[0],
        "python": platform.python_version(),
        "node": _output("node", "--version").lstrip("v"),
        "java": _output("java", "--version").partition("\n")[0],
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
