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
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from . import admin
from .case_runs import Bench
from .errors import CannotExamine
from .examiner import NO_REPLY
from .findings import Finding, Result, finding
from .links import with_link_bodies, without_cookies
from .recordings import Breakdown, Failure, Generated, Silence, recorded
from .subjects import curl
from .surroundings import direct

SUITE: Final = "generated"

#: How many calls the fuzzing of one operation makes.
DEFAULT_EXAMPLES: Final = 25

#: How many findings of one rule at one operation are told in full.
MOST_ALIKE: Final = 5

#: Schemathesis must come to an end in this time.
LIMIT_S: Final = 1800

_PHASES: Final = "examples,coverage,fuzzing"
#: Walks from operation to operation along the contract's links, so it needs all of them.
_WALK: Final = "stateful"
_HERE: Final = Path(__file__).resolve().parent
_RUN: Final = f"""
import runpy
runpy.run_path({str(_HERE / "connections.py")!r})["resend_everywhere"]()
from schemathesis.cli import schemathesis
schemathesis()
"""

#: The checks of Schemathesis that this harness makes as well, and in the words of the contract.
_OURS: Final = frozenset(
    {
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    }
)

#: What a server can do about a failed check.
_CURES: Final = {
    "not_a_server_error": "find out what failed in the server, and answer with a documented status",
    "negative_data_rejection": "refuse a call that breaks the contract",
    "positive_data_acceptance": "accept a call that keeps the contract",
    "missing_required_header": "refuse a call without its required header",
    "unsupported_method": "answer 405 with the header Allow",
    "allow_header_conformance": "name in Allow the methods that the path has, and no others",
}


class GeneratedError(CannotExamine):
    """The generated calls could not be made."""


@dataclass
class _Tally:
    """What was seen of one operation."""

    phases: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[Finding]] = field(default_factory=dict)
    more: Counter[str] = field(default_factory=Counter)

    def add(self, found: Finding) -> None:
        """Keep the first few findings of a rule, and count the rest."""
        alike = self.findings.setdefault(found.rule, [])
        if len(alike) < MOST_ALIKE:
            alike.append(found)
        else:
            self.more[found.rule] += 1


def examine_generated(bench: Bench, operations: Collection[str], max_examples: int = DEFAULT_EXAMPLES) -> list[Result]:
    """Examine *operations* with generated calls; raises GeneratedError when they could not be made."""
    began = time.monotonic()
    space = f"{bench.run}-generated"
    prefix = f"/__space/{space}" if bench.mock else ""
    bench = replace(bench, subject=bench.subject.within(prefix))
    try:
        if bench.mock:
            admin.seed(bench.subject, bench.seed)
        with TemporaryDirectory(prefix="contracts-") as folder:
            report = _run(bench, operations, max_examples, Path(folder))
            with report.open(encoding="utf-8") as lines:
                tallies = _tallied(bench, operations, lines)
    finally:
        if bench.mock:
            admin.leave(bench.subject, space)
    return list(_results(tallies, time.monotonic() - began))


def _run(bench: Bench, operations: Collection[str], max_examples: int, folder: Path) -> Path:
    """Let Schemathesis examine the subject, and return its report."""
    contract, config, report = folder / "openapi.json", folder / "schemathesis.toml", folder / "report.ndjson"
    contract.write_text(json.dumps(without_cookies(with_link_bodies(bench.document.data))), encoding="utf-8")
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
        said = (done.stderr or done.stdout)[-2000:].strip()
        raise GeneratedError(f"Schemathesis could not do its work (exit status {done.returncode}): {said}")
    return report


def _config(bench: Bench) -> str:
    """Return the settings; a server that is not the mock is asked for its own account only."""
    text = config_path().read_text(encoding="utf-8")
    if bench.mock:
        return text
    return f'{text}\n[parameters]\n"path.accountId" = {json.dumps(bench.account)}\n'


def config_path() -> Path:
    """Return schemathesis.toml: beside the packages, or inside the installed one."""
    for candidate in (_HERE.parent / "schemathesis.toml", _HERE / "schemathesis.toml"):
        if candidate.is_file():
            return candidate
    raise GeneratedError(f"schemathesis.toml was not found beside {_HERE}; reinstall the package")


def _tallied(bench: Bench, operations: Collection[str], lines: Iterable[str]) -> dict[str, _Tally]:
    """Count what was recorded, operation by operation, and judge every reply."""
    tallies = {name: _Tally() for name in operations}
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
        for found in _findings(bench, seen):
            tally.add(found)
    return tallies


def _findings(bench: Bench, seen: Generated) -> Iterator[Finding]:
    where = f"generated call of {seen.operation.id} ({seen.phase})"
    own = bench.examiner.findings(seen.operation if seen.declared else None, seen.call, seen.reply, where)
    theirs = [failure for failure in seen.failures if failure.check not in _OURS or not own]
    failed = seen.reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if bench.mock and failed and not any(each.check == "not_a_server_error" for each in theirs):
        # The scenario in force serves no errors, so an error that keeps the contract is a failure all the same.
        theirs.append(Failure("not_a_server_error", "Server error", "The scenario in force serves no server error."))
    repeat = curl(bench.subject, seen.call)
    for found in (*own, *(_told(bench, failure, seen, where) for failure in theirs)):
        yield replace(found, repeat=repeat)


def _told(bench: Bench, failure: Failure, seen: Generated, where: str) -> Finding:
    words = " ".join(failure.message.split())[:500]
    made = finding(bench.document, failure.check, where, f"{failure.title}: {words}", seen.reply.told())
    return replace(
        made,
        cure=_CURES.get(failure.check, "answer as the contract says"),
        pointer=seen.operation.pointer,
        line=bench.document.line(seen.operation.pointer),
        check=failure.check,
    )


def _results(tallies: dict[str, _Tally], seconds: float) -> Iterator[Result]:
    for name, tally in tallies.items():
        counts = ", ".join(f"{count} {phase}" for phase, count in tally.phases.items())
        more = [f"{count} more findings of {rule}" for rule, count in tally.more.items()]
        yield Result(
            name=f"generated calls of {name}",
            suite=SUITE,
            findings=tuple(found for alike in tally.findings.values() for found in alike),
            not_examined="" if tally.phases else "no generated call was answered",
            seconds=seconds / len(tallies),
            notes=(f"calls: {counts}", *more),
        )
