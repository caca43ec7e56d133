"""Examines a server: the cases first, generated calls next; both by the contract, over the wire."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from . import admin, case_files, document, report
from .case_runs import SUITE as CASES
from .case_runs import Bench, examine_cases
from .cases import Case
from .errors import CannotExamine
from .examiner import Examiner
from .findings import ExitStatus, Result, Verdict
from .generated import DEFAULT_EXAMPLES, GeneratedError, examine_generated
from .generated import SUITE as GENERATED
from .subjects import Subject, UrlSubject, open_session
from .surroundings import DIRECT, Route

#: The suites, in the order in which they run.
SUITES: Final = (CASES, GENERATED)


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
    """Examine the server at *url*, tell *out*, write *reports*, and return the exit status."""
    plan = plan or Plan()
    subject: Subject = UrlSubject(url, session=open_session(plan.route))
    if plan.admin_token:
        subject = admin.WithToken(subject, plan.admin_token)
    try:
        verdict = verdict_on(subject, plan)
    except CannotExamine as error:
        print(f"The server could not be examined: {error}", file=out)
        return int(ExitStatus.NOT_EXAMINED)
    return report.deliver(verdict, reports or {}, out)


def verdict_on(subject: Subject, plan: Plan) -> Verdict:
    """Examine *subject* and return everything that was found.

    Raises CannotExamine when nobody answers, or when contract or cases cannot be read.
    """
    contract = document.load()
    for name in plan.operations:
        if name not in contract.operations:
            raise document.DocumentError(f"{name!r} is no operation; known are {', '.join(contract.operations)}")
    mock = admin.has_admin(subject)
    run = f"check-{secrets.token_hex(4)}"
    bench = Bench(subject, Examiner(contract), plan.account, plan.seed, mock=mock, run=run, route=plan.route)
    results: list[Result] = []
    trouble = ""
    if CASES in plan.suites:
        results += examine_cases([case for case in case_files.load(contract) if plan.includes(case)], bench)
    if mock and any(result.not_examined for result in results):
        trouble = "the mock refused to be arranged for some cases"
    if GENERATED in plan.suites:
        try:
            results += examine_generated(bench, plan.operations or contract.operations, plan.max_examples)
        except GeneratedError as error:
            trouble = "; ".join(filter(None, [trouble, str(error)]))
    return Verdict(
        subject=subject.base,
        contract=contract.name,
        clauses={name: clause for name, clause in contract.clauses.items() if clause.about != "client"},
        results=tuple(results),
        trouble=trouble,
    )
