"""Examines a server: the cases first, then each value of each member, then generated calls; all over the wire."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from .. import report
from ..contract import document
from ..errors import CannotExamine, Interrupted, UnknownOperation
from ..judging.circumstances import Stopwatch
from ..judging.findings import ExitStatus, Result, Verdict, cut_short, doubts_in, without_doubts
from ..judging.replies.examiner import Examiner
from ..mock.admin import AdminApi, WithToken
from ..processes.surroundings import DIRECT, Route
from ..report.repository import file_inside
from ..wire.sessions import open_session
from ..wire.subjects import Subject, UrlSubject
from .bench import Bench
from .cases import files as case_files
from .cases.case import Case
from .cases.runs import SUITE as CASES
from .cases.runs import examine_cases
from .generated.runs import DEFAULT_EXAMPLES, examine_generated
from .generated.runs import SUITE as GENERATED
from .near.runs import SUITE as VALUES
from .near.runs import examine_values
from .not_judged import NOT_JUDGED

#: The suites, in the order in which they run.
SUITES: Final = (CASES, VALUES, GENERATED)

_READERS: Final = "mockserver's own and openapi-core on every reply to a call of the contract"
_READERS_OF_VALUES: Final = "; in the suite values, openapi-core on the first reply of each status"


@dataclass(frozen=True)
class Plan:
    """What of the contract is examined, and in whose name."""

    suites: Collection[str] = SUITES
    seed: int = 1
    #: The account that calls are made for; a live server knows only real ones.
    account: str = "56072331"
    max_examples: int = DEFAULT_EXAMPLES
    #: The operations that are examined; none named means all, and the calls outside the contract.
    operations: Collection[str] = ()
    #: The token of the mock's admin API, when it has one; nobody else is sent it.
    admin_token: str = ""
    #: How the server is reached.
    route: Route = DIRECT

    @property
    def options(self) -> Mapping[str, str]:
        """Return what a report says of it; secrets are left out."""
        return {
            "suite": ", ".join(self.suites),
            "operation": ", ".join(self.operations),
            "account": self.account,
            "max-examples": str(self.max_examples) if GENERATED in self.suites else "",
            "proxy": self.route.public_proxy,
            "ca-file": self.route.ca_file,
        }

    def includes(self, case: Case) -> bool:
        """Say whether *case* is about an operation that is examined."""
        return not self.operations or case.folder in self.operations


def examine(
    url: str,
    *,
    plan: Plan | None = None,
    reports: Mapping[str, Path] | None = None,
    out: TextIO,
) -> int:
    """Examine the server at *url*, print the report to *out*, write *reports*, and return the exit status."""
    plan = plan or Plan()
    subject: Subject = UrlSubject(url, session=open_session(plan.route))
    if plan.admin_token:
        subject = WithToken(subject, plan.admin_token)
    try:
        verdict = verdict_on(subject, plan)
    except CannotExamine as error:
        print(f"The server could not be examined: {error}", file=out)
        # A report of an earlier run must not stand there as if it were of this one.
        nothing = Verdict(subject.base, document.default_path().name, trouble=str(error))
        out.writelines(f"{failure}\n" for failure in report.written(nothing, reports or {}))
        return int(ExitStatus.NOT_EXAMINED)
    return report.deliver(verdict, reports or {}, out)


def verdict_on(subject: Subject, plan: Plan) -> Verdict:
    """Examine *subject* and return everything that was found.

    Raises UnknownOperation for an operation of the plan that the contract does not have, and another CannotExamine
    when nobody answers, or when contract or cases cannot be read.
    """
    watch = Stopwatch()
    contract = document.load()
    for name in plan.operations:
        if name not in contract.operations:
            raise UnknownOperation(name, contract.operations)
    mock = AdminApi(subject).is_there()
    run = f"check-{secrets.token_hex(4)}"
    bench = Bench(subject, Examiner(contract), plan.account, plan.seed, mock=mock, run=run, route=plan.route)
    results: list[Result] = []
    cut: Exception | Interrupted | None = None
    try:
        for result in _results(bench, plan):
            results.append(result)  # noqa: PERF402 - what there is when it is cut short is kept
    except (Exception, Interrupted) as error:  # whatever it is, what there is is told
        if not results:
            raise
        cut = error
    verdict = Verdict(
        subject=subject.base,
        contract=contract.name,
        clauses={name: clause for name, clause in contract.clauses.items() if clause.about != "client"},
        results=tuple(map(without_doubts, results)),
        doubts=doubts_in(results),
        not_judged=NOT_JUDGED,
        readers=_READERS + (_READERS_OF_VALUES if VALUES in plan.suites else ""),
        trouble="; ".join(_troubles(results, mock=mock)),
        failed=any(result.failed for result in results),
        circumstances=watch.circumstances(plan.seed, plan.options),
        source=file_inside(document.default_path()),
    )
    return cut_short(verdict, cut, f"after {len(results)} results")


def _troubles(results: Iterable[Result], *, mock: bool) -> Iterator[str]:
    """Say what kept the cases from being examined that could have been."""
    cases = [result for result in results if result.suite == CASES]
    if mock and any(case.not_examined and not case.failed for case in cases):
        yield "the mock refused to be arranged for some cases"
    if failed := [case for case in cases if case.failed]:
        yield f"{failed[0].not_examined} ({len(failed)} cases, {failed[0].name!r} among them)"


def _results(bench: Bench, plan: Plan) -> Iterator[Result]:
    """Yield the results of the suites as they come."""
    if CASES in plan.suites:
        yield from examine_cases([case for case in case_files.load(bench.document) if plan.includes(case)], bench)
    if VALUES in plan.suites:
        yield from examine_values(bench, plan.operations or bench.document.operations)
    if GENERATED in plan.suites:
        yield from examine_generated(bench, plan.operations or bench.document.operations, plan.max_examples)
