"""Examines a client: runs it against a mock in every situation of the contract, then judges the journals."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TextIO

from ..contract.document import Document, load
from ..contract.routes import Routes
from ..contract.shapes import Shapes
from ..errors import CannotExamine, Interrupted, NoCommand, UnknownSituation
from ..judging.agreement import SecondOpinion
from ..judging.calls.coverage import clauses_for_clients
from ..judging.calls.judgements import Judgement, broken
from ..judging.calls.policies import Policy, load_policy
from ..judging.calls.rules import CallRules
from ..judging.calls.timelines import timelines
from ..judging.circumstances import Stopwatch
from ..judging.findings import ExitStatus, Finding, Result, Verdict, cut_short, finding
from ..locations import CLIENTS
from ..mock.own_mock import mock_at
from ..processes.interruption import ProcessGroups
from ..reading.argument_types import DEFAULT_SEED
from ..report.repository import file_of_client
from .judge import Judged, Run, judge
from .profile_fit import mismatch_of
from .profiles import Profile, load_profile
from .running.campaign import Campaign
from .situations.enumeration import enumerate_situations
from .situations.model import Situation

_SUITE: Final = "clients"


@dataclass(frozen=True)
class Plan:
    """What is examined, and where."""

    #: A running mock; None starts one.
    url: str | None = None
    #: Every combination of what the contract leaves open, not each pair.
    exhaustive: bool = False
    #: The token of that mock's admin API, when it has one.
    admin_token: str = ""
    #: Which of the situations.
    only: Callable[[Situation], bool] = lambda _situation: True
    #: Is told how many situations are over, of how many.
    progress: Callable[[int, int], None] = lambda _done, _all: None
    #: Decides every id that the mock hands out.
    seed: int = DEFAULT_SEED
    #: Where somebody else can end the clients.
    groups: ProcessGroups = field(default_factory=ProcessGroups)


def examine(  # noqa: PLR0913 - the flags of the command line, by name
    command: Sequence[str],
    *,
    profile: Path | None = None,
    url: str | None = None,
    admin_token: str = "",
    exhaustive: bool = False,
    situations: Collection[str] = (),
    seed: int = DEFAULT_SEED,
    reports: Mapping[str, Path] | None = None,
    out: TextIO = sys.stdout,
) -> int:
    """Examine the client that *command* runs, write *reports*, and return the exit status for the shell.

    *situations* names the ones that are examined; none named means all.
    """
    from ..report import deliver

    try:
        described = load_profile(profile) if profile else Profile()
        plan = Plan(url, exhaustive, admin_token, _named(situations, exhaustive=exhaustive), _progress(out), seed)
        verdict = verdict_on(command, described, plan)
    except CannotExamine as trouble:
        print(f"The client could not be examined: {trouble}", file=out)
        return int(ExitStatus.NOT_EXAMINED)
    if verdict.interruption and out.isatty():
        out.write("\n")  # after the bar
    return deliver(verdict, reports or {}, out)


def shipped_clients() -> Mapping[str, Path]:
    """Return the profile of every client that ships with the harness, by the name of its folder."""
    return {path.parent.name: path for path in sorted(CLIENTS.glob("*/profile.yaml"))}


def list_situations(*, exhaustive: bool = False, out: TextIO = sys.stdout) -> int:
    """Print every situation with its sentence and what a right client reports."""
    for situation in enumerate_situations(load(), exhaustive=exhaustive):
        print(f"{situation.name}: {situation.sentence} -> {' or '.join(sorted(situation.outcomes))}", file=out)
    return int(ExitStatus.KEPT)


def verdict_on(command: Sequence[str], profile: Profile, plan: Plan) -> Verdict:
    """Run the campaign and return the verdict.

    Raises NoCommand when neither *command* nor *profile* names one, UnknownPolicy or FileError for a policy that there
    is not, and CommandError when the command cannot be run.
    """
    words = tuple(command) or profile.command
    if not words:
        raise NoCommand
    watch = Stopwatch()
    document = load()
    policy, routes = load_policy(profile.policy), Routes(document)
    known = enumerate_situations(document, exhaustive=plan.exhaustive)
    situations = [one for one in known if plan.only(one)]
    done: dict[str, Run] = {}
    cut: CannotExamine | Interrupted | None = None
    try:
        with mock_at(plan.url) as address:
            campaign = Campaign(
                words, profile, policy, routes, address, plan.progress,
                token=plan.admin_token, seed=plan.seed, alone=plan.url is None, groups=plan.groups,
            )  # fmt: skip
            campaign.run(situations, done)
    except (CannotExamine, Interrupted) as error:
        if not done:
            raise
        cut = error
    runs = [done[situation.name] for situation in situations if situation.name in done]
    shapes = Shapes(document)
    mismatch = mismatch_of(profile, runs)
    profile = profile.without_outcome() if mismatch else profile
    judged = judge(runs, CallRules(document, shapes, routes), policy, profile)
    verdict = as_verdict(judged, document, policy, profile, mismatch)
    verdict = read_again(verdict, judged, SecondOpinion(document, shapes))
    options = {
        "command": shlex.join(words),
        "account": profile.account,
        "policy": policy.name,
        "situation": "" if len(situations) == len(known) else f"{len(situations)} of {len(known)}",
        "exhaustive": "yes" if plan.exhaustive else "",
        "url": plan.url or "",
    }
    verdict = replace(verdict, circumstances=watch.circumstances(plan.seed, options))
    verdict = replace(verdict, source=file_of_client(words, profile.directory, profile.file))
    return cut_short(verdict, cut, f"after {len(done)} of {len(situations)} situations")


def as_verdict(
    judged: Sequence[Judged], document: Document, policy: Policy, profile: Profile, mismatch: str = ""
) -> Verdict:
    """Bring what was judged into the form that all reports share.

    *mismatch* says why no outcome could be read although the profile says how.
    """
    why = "does not fit" if mismatch else "names none"
    outcome = "" if profile.reports_outcome else f"; outcomes not examined, because the profile {why}"
    return Verdict(
        subject=f"client {profile.name}, retry policy {policy.name}{outcome}",
        contract=document.name,
        clauses=clauses_for_clients(document.clauses, (judgement for one in judged for judgement in one.judgements)),
        results=tuple(_results(judged, document)),
        trouble=mismatch,
    )


def read_again(verdict: Verdict, judged: Sequence[Judged], second: SecondOpinion) -> Verdict:
    """Let Schemathesis read what our own reader has judged, and add where the two disagree."""
    doubts = [
        doubt for one in judged for doubt in second.doubts(one.run.attempts, one.judgements, one.run.situation.name)
    ]
    return replace(verdict, doubts=tuple(doubts), readers=str(second))


def _results(judged: Sequence[Judged], document: Document) -> Iterator[Result]:
    """Yield one result for each situation."""
    for one in judged:
        situation, found = one.run.situation, broken(one.judgements)
        missing = one.run.missing
        missed = [f"{missing[0].upper()}{missing[1:]}."] if found and missing else []
        yield Result(
            name=situation.name,
            suite=_SUITE,
            clauses=tuple(sorted({judgement.clause for judgement in one.judgements} & document.clauses.keys())),
            findings=tuple(_finding(judgement, one.run, document) for judgement in found),
            # What kept the client from the situation may be what it did wrong; then it was examined all the same.
            not_examined="" if found else missing,
            seconds=one.run.report.seconds,
            kept=tuple(
                sorted({judgement.clause for judgement in one.judgements} - {judgement.clause for judgement in found})
            ),
            notes=(situation.sentence, *missed, *one.run.report.cut),
            timeline=tuple(timelines(one.calls).splitlines()),
        )


def _finding(judgement: Judgement, run: Run, document: Document) -> Finding:
    clause = document.clauses.get(judgement.clause)
    made = finding(
        document,
        judgement.clause,
        where=f"{run.situation.name}: {judgement.where}",
        expected=clause.rule if clause else "A client comes to an end.",
        got=f"{judgement.what} [{judgement.check}]",
    )
    first = judgement.exchanges == tuple(attempt.number for attempt in run.attempts[:1])
    return replace(made, cure=judgement.cure, at_first_call=first)


def _named(names: Collection[str], *, exhaustive: bool) -> Callable[[Situation], bool]:
    """Choose the situations of these *names*, or all when there are none."""
    if not names:
        return lambda _situation: True
    known = [situation.name for situation in enumerate_situations(load(), exhaustive=exhaustive)]
    for name in names:
        if name not in known:
            raise UnknownSituation(name, known)
    return lambda situation: situation.name in names


def _progress(out: TextIO) -> Callable[[int, int], None]:
    """Draw a bar on a terminal, and nothing anywhere else."""
    if not out.isatty():
        return lambda _done, _all: None
    began = time.monotonic()

    def draw(done: int, all_of_them: int) -> None:
        filled = round(30 * done / max(all_of_them, 1))
        bar = "#" * filled + "-" * (30 - filled)
        end = "\n" if done == all_of_them else ""
        print(
            f"\r[{bar}] {done}/{all_of_them} situations, {time.monotonic() - began:.0f} s",
            end=end,
            file=out,
            flush=True,
        )

    return draw
