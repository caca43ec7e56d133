"""Measures what retry libraries do as they come, and writes the table of it.

Run it with `python -m contracts.client_suite.library_table`.
Needs requests, urllib3, tenacity, curl, Node, and `npm ci` in contracts/clients/libraries.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from ..contract.document import Document, load
from ..contract.routes import Routes
from ..contract.shapes import Shapes
from ..judging.attempts import Answer
from ..judging.calls.judgements import broken
from ..judging.calls.policies import load_policy
from ..judging.calls.retries import LogicalCall
from ..judging.calls.rules import CallRules
from ..locations import CLIENTS
from ..mock.own_mock import mock_at
from .judge import Judged, judge
from .profiles import Profile
from .running.campaign import Campaign
from .situations.enumeration import enumerate_situations

FOLDER: Final = CLIENTS / "libraries"
#: Long enough for the slowest default; one that goes on for ever is stopped here.
LIMIT_S: Final = 20.0

#: The situations of the table, with the heading of each column.
COLUMNS: Final = {
    "first-500-with-message": "500 for ever",
    "first-503-with-message": "503 for ever",
    "loading-for-ever": "Loading for ever",
    "first-429-once": "429 once",
    "first-400-with-message": "400 for ever",
}


@dataclass(frozen=True)
class Library:
    """A library, and the client that uses it as it comes."""

    name: str
    command: tuple[str, ...]
    version: str
    #: A client that never stops is stopped sooner, so that the journal can hold its calls.
    limit_s: float = LIMIT_S


def libraries() -> tuple[Library, ...]:
    """Return the libraries with the versions that are installed."""
    return (
        Library("urllib3 `Retry()`", (sys.executable, "urllib3_retry.py"), version("urllib3")),
        Library("tenacity `@retry`", (sys.executable, "tenacity_retry.py"), version("tenacity"), limit_s=4.0),
        Library("`curl --retry 3`", ("sh", "curl_retry.sh"), _output_of("curl", "--version").split()[1]),
        Library("axios-retry", ("node", "axios_retry.mjs"), _output_of("node", "-p", _AXIOS_RETRY)),
    )


_AXIOS_RETRY: Final = "JSON.parse(require('fs').readFileSync('node_modules/axios-retry/package.json')).version"


def measured(library: Library, document: Document, url: str) -> tuple[Judged, ...]:
    """Run the client of *library* in every situation of the table and judge it by the documented policy."""
    profile = Profile(name=library.name, directory=FOLDER, at_once=len(COLUMNS), limit_s=library.limit_s)
    policy, routes = load_policy("documented"), Routes(document)
    every = {situation.name: situation for situation in enumerate_situations(document)}
    runs = Campaign(library.command, profile, policy, routes, url).run([every[name] for name in COLUMNS])
    return judge(runs, CallRules(document, Shapes(document), routes), policy, profile)


def row(library: Library, judged: Sequence[Judged]) -> str:
    """Write the row of one library."""
    cells = [_cell(one) for one in judged]
    clauses = sorted(
        {judgement.clause for one in judged for judgement in broken(one.judgements) if judgement.clause[:2] == "CL"}
    )
    return f"| {library.name} {library.version} | {' | '.join(cells)} | {', '.join(clauses) or 'none'} |"


def table(rows: Sequence[str]) -> str:
    """Write the whole page."""
    head = f"| library | {' | '.join(COLUMNS.values())} | clauses broken |\n|{'---|' * (len(COLUMNS) + 2)}"
    return _PAGE.format(table="\n".join([head, *rows]))


def _cell(judged: Judged) -> str:
    if not judged.calls:
        return "no call arrived"
    return _described(judged.calls[0], finished=judged.run.report.finished, seconds=judged.run.report.seconds)


def _described(call: LogicalCall, *, finished: bool, seconds: float) -> str:
    retries = list(call.retries())
    if not finished:
        return f"asked {len(call.tries)} times in {seconds:.0f} s, then was stopped"
    if not retries:
        return "not retried"
    pauses = ", ".join(f"{retry.pause_s:.1f}" for retry in retries[:5])
    more = ", ..." if len(retries) > 5 else ""
    loading = [retry for retry in retries if retry.before.answer is Answer.LOADING]
    carried = all(retry.after.visitor_id == retry.before.loading_visitor for retry in loading)
    vid = "" if not loading else ", with the vid" if carried else ", without the vid"
    return f"{len(retries)} after {pauses}{more} s{vid}"


def _output_of(*command: str) -> str:
    program = shutil.which(command[0])
    if program is None:
        sys.exit(f"{command[0]} is not installed, and the table needs it")
    done = subprocess.run([program, *command[1:]], cwd=FOLDER, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.strip()


_PAGE: Final = """# What retry libraries do out of the box

The documented policy wants at most 3 retries of a 5xx after 5, 10 and 15 seconds, the `vid` of a Loading message
in the retry, at least 1 second after a 429, and no retry of a 4xx.
This table shows what common libraries do with a POST to Create Session when nothing is configured.
None of them keeps the policy by itself; a client has to set the pauses, the statuses and the `vid`.

{table}

urllib3 and axios-retry leave a POST alone, because repeating one may not be safe.
tenacity knows nothing of HTTP: whatever raises is tried again at once, for ever.

How to read it: "3 after 1.0, 2.0, 4.0 s" means 3 retries, each so many seconds after the reply before it.

Measured, not read up: `python -m contracts.client_suite.library_table docs/reference/client-libraries.md`
runs the small clients in `contracts/clients/libraries` against the mock and writes this page anew.
It needs `pip install urllib3 requests tenacity`, curl, Node, and `npm ci` in that folder.
"""


def main(arguments: Sequence[str]) -> int:
    """Measure every library and write the page to the file that is named, or to the terminal."""
    document = load()
    with mock_at(None) as url:
        rows = [row(library, measured(library, document, url)) for library in libraries()]
    if arguments:
        Path(arguments[0]).write_text(table(rows), "utf-8")
    else:
        sys.stdout.write(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
