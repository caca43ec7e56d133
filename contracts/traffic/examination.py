"""Judges traffic that was recorded elsewhere: the calls of any client and the replies of any server, in a HAR file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TextIO
from urllib.parse import unquote

from ..client_suite.profiles import Profile, load_profile
from ..contract.document import Document, load
from ..contract.routes import Routes
from ..contract.shapes import Shapes
from ..errors import CannotExamine, HarError
from ..judging.agreement import SecondOpinion
from ..judging.attempts import Attempt
from ..judging.calls.judgements import Judgement, broken
from ..judging.calls.policies import load_policy
from ..judging.calls.rules import CallRules
from ..judging.calls.timelines import timelines
from ..judging.circumstances import Stopwatch
from ..judging.findings import ExitStatus, Finding, Result, Verdict, doubts_in, finding, without_doubts
from ..report import deliver
from ..report.repository import file_inside
from .calls import CallJudge, JudgedCalls
from .har import Entry
from .har import load as load_har
from .persons import Persons
from .recorded import Chooser, hosts
from .replies import judge_replies
from .unseen import unseen

SUITE: Final = "calls"
_NUMBER: Final = re.compile(r"entry (\d+)")


@dataclass(frozen=True)
class Plan:
    """How a recording is judged."""

    #: The base URL of the API; nothing finds its calls by their paths.
    prefix: str = ""
    #: Whose retry policy holds.
    profile: Profile = field(default_factory=Profile)
    #: Whether the file holds one visit, from the client's first call to its end.
    whole: bool = False

    @property
    def options(self) -> Mapping[str, str]:
        """Return the active options, by the names that they have on the command line."""
        return {
            "url": self.prefix,
            "policy": self.profile.policy,
            "whole-visit": "yes" if self.whole else "",
        }


def examine(  # noqa: PLR0913 - the flags of the command line, by name
    path: Path,
    *,
    prefix: str = "",
    profile: Path | None = None,
    whole: bool = False,
    reports: Mapping[str, Path] | None = None,
    out: TextIO,
) -> int:
    """Judge the recording at *path*, write *reports*, and return the exit status for the shell."""
    try:
        described = load_profile(profile) if profile else Profile()
        verdict = verdict_on(path, Plan(prefix, described, whole))
    except CannotExamine as trouble:
        print(f"The traffic could not be examined: {trouble}", file=out)
        return int(ExitStatus.NOT_EXAMINED)
    return deliver(verdict, reports or {}, out)


def verdict_on(path: Path, plan: Plan) -> Verdict:
    """Judge the recording at *path* and return the verdict.

    Raises HarError when it is no recording, or holds no call of the contract.
    """
    watch, document = Stopwatch(), load()
    policy = load_policy(plan.profile.policy)
    entries = load_har(path)
    choice = Chooser(document, plan.prefix).choose(entries)
    if not choice.recorded:
        raise HarError(_nothing(path, entries, plan.prefix))
    if plan.prefix and not any(one.attempt.operation for one in choice.recorded):
        _refuse_wrong_prefix(path, entries, document, plan.prefix)
    shapes = Shapes(document)
    rules = CallRules(document, shapes, Routes(document))
    judge = CallJudge(rules, policy, max(entry.ended_ms for entry in entries), plan.whole)
    judged = list(judge.judge(choice.recorded))
    judgements = [judgement for one in judged for judgement in one.judgements]
    reporter = _Reporter(document, Persons(document), {one.entry.number: one.attempt for one in choice.recorded})
    answered = [one for one in choice.recorded if one.reply_whole and one.reply_known]
    replies = [reporter.discreet(result) for result in judge_replies(answered, _by_number(judgements), document)]
    second = SecondOpinion(document, shapes)
    doubts = [reporter.discreetly(doubt) for one in judged for doubt in _doubts(second, one)]
    return Verdict(
        subject=f"traffic in {path}, retry policy {policy.name}",
        contract=document.name,
        clauses=document.clauses,
        results=(
            *(reporter.calls(one) for one in judged),
            *map(without_doubts, replies),
            *unseen(choice.left_out, choice.recorded, judged),
        ),
        doubts=(*doubts, *doubts_in(replies)),
        readers=f"{second}, openapi-core on {len(answered)} of the replies",
        circumstances=watch.circumstances(None, plan.options),
        source=file_inside(path),
    )


@dataclass(frozen=True)
class _Reporter:
    """Reports what was found, and nothing of what bodies say about persons."""

    document: Document
    persons: Persons
    attempts: Mapping[int, Attempt]

    def calls(self, judged: JudgedCalls) -> Result:
        """Report what was judged about calls."""
        return Result(
            name=judged.name,
            suite=SUITE,
            clauses=tuple(sorted({judgement.clause for judgement in judged.judgements} & self.document.clauses.keys())),
            findings=tuple(self._finding(judgement) for judgement in broken(tuple(judged.judgements))),
            not_examined="" if judged.judgements else "the file holds too little of them",
            timeline=tuple(timelines(judged.calls).splitlines()),
        )

    def discreet(self, result: Result) -> Result:
        """Return *result* without what its findings quote about persons."""
        return replace(result, findings=tuple(map(self.discreetly, result.findings)))

    def discreetly(self, found: Finding) -> Finding:
        """Return *found* without what it quotes about persons."""
        bodies = [
            body
            for number in map(int, _NUMBER.findall(found.where))
            for body in (self.attempts[number].members, self.attempts[number].reply_members)
        ]
        return replace(found, got=self.persons.without(found.got, bodies))

    def _finding(self, judgement: Judgement) -> Finding:
        entries = " and ".join(f"entry {number}" for number in judgement.exchanges)
        clause = self.document.clauses[judgement.clause]
        got = f"{judgement.what} [{judgement.check}]"
        made = finding(self.document, judgement.clause, f"{entries}, {judgement.where}", clause.rule, got)
        return self.discreetly(replace(made, cure=judgement.cure, check=judgement.check))


def _doubts(second: SecondOpinion, judged: JudgedCalls) -> Iterator[Finding]:
    """Let Schemathesis read what the file holds whole."""
    judgements = _by_number(judged.judgements)
    for one in judged.recorded:
        if one.call_whole:
            attempt = one.attempt if one.reply_whole else replace(one.attempt, status=0)
            yield from second.doubts([attempt], judgements.get(attempt.number, ()))


def _by_number(judgements: Sequence[Judgement]) -> Mapping[int, Sequence[Judgement]]:
    by_number: dict[int, list[Judgement]] = {}
    for judgement in judgements:
        if len(judgement.exchanges) == 1:
            by_number.setdefault(judgement.exchanges[0], []).append(judgement)
    return by_number


def _refuse_wrong_prefix(path: Path, entries: Sequence[Entry], document: Document, prefix: str) -> None:
    """Refuse a base URL below which no call is of the contract, while calls below another one are."""
    for one in Chooser(document).choose(entries).recorded:
        if one.attempt.operation:
            base = unquote(one.entry.url).partition("?")[0].removesuffix(one.attempt.path)
            raise HarError(f"{path} holds no call of the contract below {prefix}, but some below {base}; check --url")


def _nothing(path: Path, entries: Sequence[Entry], prefix: str) -> str:
    if not entries:
        return f"{path} holds no entry at all: record first, then export"
    known = f"below {prefix}" if prefix else "of the contract"
    way = "check --url" if prefix else "if they are calls of the API, name its base URL with --url"
    return f"{path} holds no call {known}; its {len(entries)} entries went to {hosts(entries)}; {way}"
