"""Examines a server with generated calls; Schemathesis makes them, and both readers read every reply.

It runs as a process of its own, in a folder that is removed afterwards: nothing is carried from run to run,
and the seed decides what is generated.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from ...contract.links import with_link_bodies, without_cookies
from ...errors import GeneratedError, NoSession, Unanswered
from ...judging.findings import Calls, Finding, Result, finding
from ...judging.replies.examiner import NO_REPLY
from ...locations import PACKAGE
from ...mock.admin import AdminApi
from ...processes.surroundings import direct
from ...reading.json_text import Json
from ...wire.messages import Call, Reply
from ...wire.subjects import curl
from .. import own_visit
from ..bench import Bench
from .findings import ExchangeJudge
from .pinned import pinned
from .recordings import Breakdown, Generated, Silence, recorded
from .shrinking import smallest

SUITE: Final = "generated"

#: How many calls the fuzzing of one operation makes.
DEFAULT_EXAMPLES: Final = 25

#: Schemathesis must come to an end in this time.
LIMIT_S: Final = 1800

_PHASES: Final = "examples,coverage,fuzzing"
#: Walks from operation to operation along the contract's links, so it needs all of them.
_WALK: Final = "stateful"
_RUN: Final = f"""
import runpy
runpy.run_path({str(PACKAGE / "wire" / "connections.py")!r})["resend_everywhere"]()
from schemathesis.cli import schemathesis
schemathesis()
"""


@dataclass
class _Tally:
    """What was seen of one operation."""

    phases: Counter[str] = field(default_factory=Counter)
    #: Of the calls with the operation's own method.
    accepted: int = 0
    refused: int = 0
    #: Of each cause the finding with the smallest call, that call, and how often there was one.
    causes: dict[tuple[str, ...], _Cause] = field(default_factory=dict)

    def add(self, found: Finding, seen: Generated | None = None) -> None:
        """Count *found*, and keep it when the call of *seen* is the smallest of its cause."""
        cause = self.causes.setdefault(found.likeness, _Cause(found, seen))
        cause.times += 1
        if seen and cause.seen and seen.call.size < cause.seen.call.size:
            cause.finding, cause.seen = found, seen


@dataclass
class _Cause:
    """One thing that goes wrong."""

    finding: Finding
    seen: Generated | None
    times: int = 0

    def collected(self) -> Finding:
        """Return the finding with the number of calls that show it."""
        calls = f", and {self.times - 1} more" if self.times > 1 else ""
        return replace(self.finding, where=f"{self.finding.where}{calls}")


def examine_generated(bench: Bench, operations: Collection[str], max_examples: int = DEFAULT_EXAMPLES) -> list[Result]:
    """Examine *operations* with generated calls; raises GeneratedError when they could not be made."""
    began = time.monotonic()
    space = f"{bench.run}-generated"
    prefix = f"/__space/{space}" if bench.mock else ""
    bench = replace(bench, subject=bench.subject.within(prefix))
    try:
        if bench.mock:
            AdminApi(bench.subject).set_seed(bench.seed)
        with TemporaryDirectory(prefix="contracts-") as folder:
            report = _run(bench, operations, max_examples, Path(folder))
            with report.open(encoding="utf-8") as lines:
                tallies = _tallied(bench, operations, lines)
    finally:
        if bench.mock:
            AdminApi(bench.subject).remove(space)
    return list(_results(tallies, time.monotonic() - began))


def _run(bench: Bench, operations: Collection[str], max_examples: int, folder: Path) -> Path:
    """Let Schemathesis examine the subject, and return its report."""
    contract, config, report = folder / "openapi.json", folder / "schemathesis.toml", folder / "report.ndjson"
    contract.write_text(json.dumps(without_cookies(with_link_bodies(_contract(bench)))), encoding="utf-8")
    config.write_text(_config(bench), encoding="utf-8")
    phases = _PHASES if set(operations) < bench.document.operations.keys() else f"{_PHASES},{_WALK}"
    command = [
        *(sys.executable, "-P", "-c", _RUN),
        *("--config-file", str(config), "run", str(contract), "--url", bench.subject.base),
        *("--phases", phases, "--seed", str(bench.seed), "--max-examples", str(max_examples)),
        *("--report", "ndjson", "--report-ndjson-path", str(report), "--no-color"),
        *(word for name in operations for word in ("--include-operation-id", name)),
        *(("--proxy", bench.route.proxy) if bench.route.proxy else ()),
        *(("--tls-verify", bench.route.ca_file) if bench.route.ca_file else ()),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
            command,
            cwd=folder,
            env={**direct(os.environ, bench.route), "PYTHONPATH": os.pathsep.join(sys.path)},  # in our own order
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise GeneratedError(f"Schemathesis did not come to an end within {LIMIT_S} s") from error
    if not report.is_file() or '"EngineFinished"' not in report.read_text(encoding="utf-8")[-20_000:]:
        output = (done.stderr or done.stdout)[-2000:].strip()
        raise GeneratedError(f"Schemathesis could not do its work (exit status {done.returncode}): {output}")
    return report


def _contract(bench: Bench) -> Mapping[str, Json]:
    """Return the contract for a session of its own; where none is opened, as it stands."""
    try:
        return pinned(bench.document, own_visit.opened(bench))
    except (NoSession, Unanswered):
        return bench.document.data


def _config(bench: Bench) -> str:
    """Return the settings; a server that is not the mock is asked for its own account only."""
    text = config_path().read_text(encoding="utf-8")
    if bench.mock:
        return text
    return f'{text}\n[parameters]\n"path.accountId" = {json.dumps(bench.account)}\n'


def config_path() -> Path:
    """Return schemathesis.toml: beside the packages, or inside the installed one.

    Raises GeneratedError when it is in neither.
    """
    for candidate in (PACKAGE.parent / "schemathesis.toml", PACKAGE / "schemathesis.toml"):
        if candidate.is_file():
            return candidate
    raise GeneratedError(f"schemathesis.toml was not found beside {PACKAGE}; reinstall the package")


def _tallied(bench: Bench, operations: Collection[str], lines: Iterable[str]) -> dict[str, _Tally]:
    """Count what was recorded, operation by operation, and judge every reply."""
    tallies = {name: _Tally() for name in operations}
    judge = ExchangeJudge(bench.examiner, bench.mock)
    for seen in recorded(lines, bench.document, urlsplit(bench.subject.base).path):
        if isinstance(seen, Breakdown):
            raise GeneratedError(f"Schemathesis stumbled: {seen.what}")
        if isinstance(seen, Silence):
            name = seen.operation.id if seen.operation else next(iter(tallies))
            silent = finding(bench.document, NO_REPLY, f"generated call of {name}", "every call is answered", seen.what)
            tallies[name].add(replace(silent, cure="send a complete HTTP reply", check=NO_REPLY))
            continue
        tally = tallies.setdefault(seen.operation.id, _Tally())
        tally.phases[seen.phase] += 1
        accepted = seen.reply.status < HTTPStatus.MULTIPLE_CHOICES
        tally.accepted += seen.declared and accepted
        tally.refused += seen.declared and not accepted
        for found in judge.findings(seen):
            tally.add(found, seen)
    for tally in tallies.values():
        for cause in tally.causes.values():
            _shrink(bench, judge, cause)
    return tallies


def _shrink(bench: Bench, judge: ExchangeJudge, cause: _Cause) -> None:
    """Look for a smaller call that shows the same, and tell how it is repeated."""
    seen, likeness = cause.seen, cause.finding.likeness
    if seen is None:
        return
    wrong = _violations(judge, seen.call)

    def reply_to(call: Call) -> Reply | None:
        try:
            return bench.subject.ask(call)
        except Unanswered:
            return None

    def finding_of(call: Call) -> Finding | None:
        if _violations(judge, call) != wrong or (reply := reply_to(call)) is None or reply.status != seen.reply.status:
            return None
        again = replace(seen, call=call, reply=reply)
        return next((found for found in judge.findings(again) if found.likeness == likeness), None)

    call = smallest(seen.call, lambda candidate: finding_of(candidate) is not None)
    found = (finding_of(call) if call != seen.call else None) or cause.finding
    cause.finding = replace(found, repeat=curl(bench.subject, call))


def _violations(judge: ExchangeJudge, call: Call) -> list[tuple[str, str]]:
    return [(wrong.clause, wrong.where) for wrong in judge.violations(call)]


def _results(tallies: dict[str, _Tally], seconds: float) -> Iterator[Result]:
    for name, tally in tallies.items():
        counts = ", ".join(f"{count} {phase}" for phase, count in tally.phases.items())
        calls = Calls(name, tally.accepted, tally.refused)
        yield Result(
            name=f"generated calls of {name}",
            suite=SUITE,
            findings=tuple(cause.collected() for cause in tally.causes.values()),
            not_examined=_not_examined(tally),
            seconds=seconds / len(tallies),
            notes=(f"calls: {counts}; {calls.summary}",),
            calls=calls,
        )


def _not_examined(tally: _Tally) -> str:
    """Say why nothing is known of an operation; nothing where something is."""
    if not tally.phases:
        return "no generated call was answered"
    if tally.refused and not tally.accepted and not tally.causes:
        return f"none of {tally.refused} generated calls was accepted, so that no refusal says anything"
    return ""
