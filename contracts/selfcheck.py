"""Judges this installation by itself: the server suite on a mock of its own, then the shipped clients."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from importlib.util import find_spec
from typing import TextIO

from contracts import client_runs, servers
from contracts.findings import ExitStatus
from contracts.spaces import mock_at

#: The programs that a shipped client runs; a client in Python needs the package that it is named for.
PROGRAMS = {"browser": ("chromium",), "node_fetch": ("node",), "shell_curl": ("curl", "jq")}
_PYTHON = "python_"


def selfcheck(*, clients: Collection[str] | None = None, plan: servers.Plan | None = None, out: TextIO) -> int:
    """Examine the mock and the shipped *clients* (all that can run here), tell *out*, and return the exit status.

    A client that cannot run here is named as not examined; a client that was asked for by name then counts as such.
    """
    with mock_at(None) as url:
        statuses = {servers.examine(url, plan=plan, out=out)}
        for name, profile in client_runs.shipped_clients().items():
            if clients is not None and name not in clients:
                continue
            missing = missing_for(name)
            if missing:
                print(f"NOT EXAMINED  client {name}: {missing} is not installed", file=out)
                statuses |= {int(ExitStatus.NOT_EXAMINED)} if clients is not None else set()
                continue
            statuses.add(client_runs.examine((), profile=profile, url=url, out=out))
    if ExitStatus.BROKEN in statuses:
        return int(ExitStatus.BROKEN)
    return max(statuses)


def missing_for(client: str) -> str:
    """Return what the shipped *client* lacks on this machine, or nothing."""
    if client.startswith(_PYTHON):
        package = client.removeprefix(_PYTHON)
        return "" if find_spec(package) else f"the Python package {package}"
    return next((program for program in PROGRAMS.get(client, ()) if not shutil.which(program)), "")
