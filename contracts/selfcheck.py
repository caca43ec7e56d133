"""Judges this installation by itself: the server suite on a mock of its own, and beside it the shipped clients.

Clients mostly wait between their retries, so several are examined side by side.
What is found is printed in a fixed order.
"""

from __future__ import annotations

import shutil
import signal
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Final, TextIO

from . import report
from .client_suite import examination as client_runs
from .client_suite.profiles import load_profile
from .errors import CannotExamine, Interrupted
from .judging.findings import ExitStatus
from .mock.own_mock import mock_at
from .processes.interruption import ProcessGroups
from .report.endings import ended, overall
from .server_suite import examination as servers
from .spelling import suggestion_or_all

#: The programs that a shipped client runs, each by any of its names.
PROGRAMS: Final = {
    "browser": (("chromium", "chromium-browser", "google-chrome", "chrome"),),
    "node_fetch": (("node",),),
    "shell_curl": (("curl",), ("jq",)),
}
#: More clients, or more runs of each, would come too late on a small machine, and be blamed for it.
_CLIENTS_AT_ONCE: Final = 3
_RUNS_OF_ONE: Final = 16
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
        print(
            f"There is no shipped client {unknown[0]!r}{suggestion_or_all(unknown[0], shipped, naming='shipped')}",
            file=out,
        )
        return int(ExitStatus.NOT_EXAMINED)
    names = list(shipped if clients is None else dict.fromkeys(clients))
    missing = {name: what for name in names if (what := missing_for(name))}
    able = {name: shipped[name] for name in names if name not in missing}
    with mock_at(None) as url:
        statuses = [servers.examine(url, plan=plan, out=out)] if not able else _side_by_side(able, url, plan, out)
    for name, what in missing.items():
        print(f"NOT EXAMINED  client {name}: {what} is not installed", file=out)
        if clients is not None:
            statuses.append(ExitStatus.NOT_EXAMINED)
    return int(overall(statuses))


def _side_by_side(profiles: Mapping[str, Path], url: str, plan: servers.Plan | None, out: TextIO) -> list[int]:
    """Examine the mock at *url*, and the clients on another.

    What a signal leaves of each is printed before it goes on.
    """
    groups = {name: ProcessGroups() for name in profiles}
    with mock_at(None) as for_clients, ThreadPoolExecutor(_CLIENTS_AT_ONCE) as pool:
        begun: list[Future[tuple[int, str]]] = []
        try:
            begun += [pool.submit(_verdict, profile, for_clients, groups[name]) for name, profile in profiles.items()]
            statuses = [servers.examine(url, plan=plan, out=out)]
            while begun:
                status, text = begun[0].result()
                del begun[0]
                out.write(text)
                out.flush()
                statuses.append(status)
        except Interrupted as interrupted:
            pool.shutdown(wait=False, cancel_futures=True)
            _end(groups.values(), interrupted.number)
            for one in begun:
                _, text = (0, "") if one.cancelled() else one.result()
                out.write(text)
                interrupted.judged |= bool(text)
            out.flush()
            raise
        finally:
            _end(groups.values(), signal.SIGTERM)  # on the good path nobody is left
    return statuses


def _verdict(path: Path, url: str, groups: ProcessGroups) -> tuple[int, str]:
    """Examine the client of the profile at *path*, and return the status with what is to be printed."""
    profile, out = load_profile(path), StringIO()
    profile = replace(profile, at_once=min(profile.at_once, _RUNS_OF_ONE))
    try:
        verdict = client_runs.verdict_on((), profile, client_runs.Plan(url, groups=groups))
        return report.deliver(verdict, {}, out), out.getvalue()
    except Interrupted as interrupted:
        return interrupted.status, out.getvalue()
    except CannotExamine as trouble:
        return ExitStatus.NOT_EXAMINED, f"The client {profile.name} could not be examined: {trouble}\n"


def _end(groups: Iterable[ProcessGroups], number: int) -> None:
    for one in groups:
        one.end(number)


def missing_for(client: str) -> str:
    """Return what the shipped *client* lacks on this machine, or nothing."""
    if client.startswith(_PYTHON):
        package = client.removeprefix(_PYTHON)
        return "" if find_spec(package) else f"the Python package {package}"
    return next((names[0] for names in PROGRAMS.get(client, ()) if not any(map(shutil.which, names))), "")
