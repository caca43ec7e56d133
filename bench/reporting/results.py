"""The figures as they are kept: every round in bench/results.json, and medians of them."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench.measuring.processes import Failed
from bench.measuring.rounds import Plan

Results = dict[str, Any]


def gathered(machine: Mapping[str, Any], plan: Plan, servers: Mapping[str, Any], growth: Mapping[str, Any]) -> Results:
    """Put the figures together with what they were measured on."""
    return {"machine": dict(machine), "plan": asdict(plan), "servers": dict(servers), "growth": dict(growth)}


def read(file: Path) -> Results:
    """Read the figures of the last run. Raises `Failed` when there are none."""
    try:
        told: Results = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Failed(f"{file} does not exist yet; `make bench` measures and writes it") from error
    return told


def write(file: Path, results: Results) -> None:
    """Keep the figures, in a form whose changes can be read."""
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def figure(server: Mapping[str, Any], *path: str) -> float | None:
    """Return the median over all rounds of what stands at *path* in each; None where nothing was measured."""
    found: list[float] = []
    for one in server["rounds"]:
        value: Any = one
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        found.extend(value if isinstance(value, list) else [] if value is None else [value])
    return median(found) if found else None


def trait(server: Mapping[str, Any], name: str) -> bool:
    """Say whether the server showed the trait in every round."""
    return all(one["traits"][name] for one in server["rounds"])


def best_peer(
    servers: Mapping[str, Any], path: Iterable[str], pick: Callable[..., Any], *, with_journal: bool = False
) -> tuple[str, float] | None:
    """Return the peer that is best by *pick* (min or max) in one figure, with the figure."""
    steps = tuple(path)
    found = {
        name: value
        for name, server in servers.items()
        if not server["ours"]
        and (trait(server, "journal") or not with_journal)
        and (value := figure(server, *steps)) is not None
    }
    if not found:
        return None
    name = pick(found, key=found.__getitem__)
    return name, found[name]


def cost_us(loads: list[Mapping[str, float]]) -> float:
    """Return the median processor time of a call."""
    return median(load["cpu_us"] for load in loads)


def this_machine() -> dict[str, Any]:
    """Describe the machine, and how busy it is before anything is measured."""
    return {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "kernel": platform.release().partition("-")[0],
        "python": platform.python_version(),
        "node": _said("node", "--version").lstrip("v"),
        "java": _said("java", "--version").partition("\n")[0],
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _said(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
