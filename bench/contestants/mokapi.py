"""Mokapi: a native program (Go) that does all of the work by an OpenAPI document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.contestants.contestant import JOURNAL_ENTRIES, Ask, Contestant, Journal, Ports
from bench.contestants.documents import for_mokapi
from bench.contestants.installed import MODULES, npm_version
from bench.work import Work, read_contract

_PACKAGE = "@go-mokapi/linux-x64"
_PROGRAM = MODULES / _PACKAGE / "bin/mokapi"


def mokapi_contestant() -> Contestant:
    """Return Mokapi."""
    note = "native (Go); a derived OpenAPI 3.1 document, the ids by a pattern; events bounded to 10,000; no reset"
    return Contestant("Mokapi", _command, _JOURNAL, note, [_PROGRAM], npm_version(_PACKAGE), native=True)


def _counted(metrics: list[dict[str, Any]]) -> int:
    return int(sum(metric["value"] for metric in metrics if metric["name"].startswith("http_requests_total")))


_JOURNAL = Journal(
    count=lambda _ports: Ask("GET", "/api/metrics/http", own_port=True),
    counted=_counted,
    everything=lambda _ports: Ask("GET", "/api/events?namespace=http", own_port=True),
    entries=list,
    reset=None,
)


def _command(folder: Path, ports: Ports, work: Work) -> Sequence[str]:
    file = folder / "openapi.json"
    file.write_text(json.dumps(for_mokapi(read_contract(), work, ports)), encoding="utf-8")
    # Joined by `=`: it reads what follows an option after a space as more values of it.
    options = {
        "providers-file-filename": file,
        "api-port": ports.admin,
        "event-store-default-size": JOURNAL_ENTRIES,
        "log-level": "error",
        "api-search-enabled": "false",  # each call would be indexed for the dashboard
    }
    return [str(_PROGRAM), *(f"--{name}={value}" for name, value in options.items())]
