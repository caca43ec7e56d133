"""Judges this installation by itself: the server suite on a mock of its own, then the shipped clients."""

from __future__ import annotations

import difflib
import shutil
from collections.abc import Collection, Iterable
from importlib.util import find_spec
from typing import Final, TextIO

from . import client_runs, servers
from .endings import ended, overall
from .findings import ExitStatus
from .spaces import mock_at

#: The programs that a shipped client runs, each by any of its names.
PROGRAMS: Final = {
    "browser": (("chromium", "chromium-browser", "google-chrome", "chrome"),),
    "node_fetch": (("node",),),
    "shell_curl": (("curl",), ("jq",)),
}
#: A client in Python needs the package that it is named for.
_PYTHON: Final = "python_"


def selfcheck(
    *,
    clients: Collection[str] | None = None,
    plan: servers.Plan | None = None,
    out: TextIO,
    show_traceback: bool = False,
) -> int:
    """Examine the mock and the shipped *clients* (all that can run here), tell *out*, and return the exit status.

    A client that cannot run here is named as not examined; one that was asked for by name then counts as such.
    """
    return ended(lambda: _examined(clients, plan, out), show_traceback=show_traceback)


def _examined(clients: Collection[str] | None, plan: servers.Plan | None, out: TextIO) -> int:
    shipped = client_runs.shipped_clients()
    unknown = [name for name in clients or () if name not in shipped]
    if unknown:
        print(f"There is no shipped client {unknown[0]!r}{_nearest(unknown[0], shipped)}", file=out)
        return int(ExitStatus.NOT_EXAMINED)
    with mock_at(None) as url:
        statuses = [servers.examine(url, plan=plan, out=out)]
        for name in shipped if clients is None else clients:
            missing = missing_for(name)
            if not missing:
                statuses.append(client_runs.examine((), profile=shipped[name], url=url, out=out))
                continue
            print(f"NOT EXAMINED  client {name}: {missing} is not installed", file=out)
            if clients is not None:
                statuses.append(ExitStatus.NOT_EXAMINED)
    return int(overall(statuses))


def missing_for(client: str) -> str:
    """Return what the shipped *client* lacks on this machine, or nothing."""
    if client.startswith(_PYTHON):
        package = client.removeprefix(_PYTHON)
        return "" if find_spec(package) else f"the Python package {package}"
    return next((names[0] for names in PROGRAMS.get(client, ()) if not any(map(shutil.which, names))), "")


def _nearest(name: str, known: Iterable[str]) -> str:
    shipped = list(known)
    close = difflib.get_close_matches(name, shipped, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; shipped are {', '.join(shipped)}"
