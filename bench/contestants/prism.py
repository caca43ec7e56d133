"""Prism: reads and validates by the contract itself; keeps no journal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.contestants.contestant import Contestant, Ports
from bench.contestants.installed import BIN, npm_version
from bench.work import CHECKOUT, Work


def prism_contestants() -> list[Contestant]:
    """Return Prism with the contract's example as the answer, and with answers made up from the schema."""
    needs, version = [BIN / "prism"], npm_version("@stoplight/prism-cli")
    example = "reads openapi.yaml; the contract's example, word for word"
    return [
        Contestant("Prism", _command, None, example, needs, version),
        Contestant("Prism -d", _dynamic, None, "reads openapi.yaml; answers made up from the schema", needs, version),
    ]


def _command(_folder: Path, ports: Ports, _work: Work) -> Sequence[str]:
    # It would write several lines for each call; without them it is as fast as it can be.
    options = ["--host", "127.0.0.1", "--port", str(ports.mock), "--verboseLevel", "error"]
    return [str(BIN / "prism"), "mock", str(CHECKOUT / "openapi.yaml"), *options]


def _dynamic(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
    return [*_command(folder, ports, work), "--dynamic"]
