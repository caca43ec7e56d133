"""Where the peers are installed, from the locks in bench/peers, and in which version."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from bench.work import CHECKOUT

HOME = CHECKOUT / "bench/peers"
MODULES = HOME / "node_modules"
BIN = MODULES / ".bin"


def npm_version(package: str) -> Callable[[], str]:
    """Return what reads the version of an installed package of npm."""

    def version() -> str:
        return str(json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["version"])

    return version


def python_program(name: str) -> Path:
    """Return where a program of the peers' own Python environment stands."""
    return HOME / "venv/bin" / name


def python_version(package: str) -> Callable[[], str]:
    """Return what reads the version of an installed package of Python."""

    def version() -> str:
        found = next(HOME.glob(f"venv/lib/python*/site-packages/{package}-*.dist-info"))
        return found.name.removeprefix(f"{package}-").removesuffix(".dist-info")

    return version
