"""Examines cases: the space is arranged, the steps are taken, and every reply is judged."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from random import Random
from typing import Final

from ...errors import AdminRefused, CannotExamine, CutShort, SubjectError, Unanswered, fault_line
from ...judging.findings import Finding, Result, finding
from ...judging.replies.examiner import NO_REPLY
from ...judging.replies.strictness import whole_reply
from ...mock.admin import AdminApi
from ...mock.arrangement import arrange
from ...wire.messages import Reply
from ...wire.subjects import curl
from ..bench import EXPECTATION, Bench, drawn_id
from .blame import blamed, broken_clauses
from .case import Case, Expectation, Step
from .steps import Values, call_of, read

SUITE: Final = "cases"

#: Why a case is left out on a server that cannot be steered.
NEEDS_ADMIN: Final = "needs an admin API, which this server does not have"


def examine_cases(cases: Iterable[Case], bench: Bench) -> Iterator[Result]:
    """Examine every case, one after the other."""
    return (_examined(case, bench, number) for number, case in enumerate(cases))


def _examined(case: Case, bench: Bench, number: int) -> Result:
    """Examine *case*, the *number*-th of the run, in a space of its own where the subject has such."""
    if case.needs_admin and not bench.mock:
        return Result(case.title, SUITE, case.clauses, not_examined=NEEDS_ADMIN)
    began = time.monotonic()
    space = f"{bench.run}-{number}"
    subject = bench.subject.within(f"/__space/{space}") if bench.mock else bench.subject
    try:
        findings = _CaseRun(case, replace(bench, subject=subject), number).findings()
    except (AdminRefused, Unanswered) as refusal:
        return Result(case.title, SUITE, case.clauses, not_examined=str(refusal))
    except CannotExamine:
        raise
    except Exception as fault:  # noqa: BLE001 - a fault of ours at one reply must not cost what is known of the others
        why = f"the harness itself failed, {fault_line(fault)}"
        notes = tuple(traceback.format_exception(fault))
        return Result(case.title, SUITE, case.clauses, not_examined=why, notes=notes, failed=True)
    if bench.mock and not findings:
        # A space in which something was found stays for a while, so that the call can be repeated in it.
        with suppress(SubjectError):  # that the space stays changes nothing of what was found
            AdminApi(subject).remove(space)
    return Result(case.title, SUITE, case.clauses, findings, seconds=time.monotonic() - began)


class _CaseRun:
    """One case in its space, with the values that its steps hand on."""

    def __init__(self, case: Case, bench: Bench, number: int) -> None:
        self._case = case
        self._bench = bench
        self._subject = bench.subject
        self._admin = AdminApi(bench.subject)
        self._seed = bench.seed + number
        self._values = self._first_values()

    def findings(self) -> tuple[Finding, ...]:
        """Take the steps up to the first that goes wrong; what follows it would only echo it."""
        if self._bench.mock:
            self._admin.set_seed(self._seed)
        if self._case.needs:
            arrange(self._admin, self._case.needs, self._values)
        first_call = next((step for step in self._case.steps if step.call), None)
        for position, step in enumerate(self._case.steps, start=1):
            findings = self._taken(step, f"{self._case.name}, step {position}: {self._case.title}")
            if findings:
                return tuple(replace(found, at_first_call=step is first_call) for found in findings)
        return ()

    def _first_values(self) -> Values:
        draw = Random(self._seed)
        unknown_visitor, unknown_session = drawn_id(draw), drawn_id(draw)
        return {
            "account": self._bench.account,
            "other_account": f"{self._bench.account[:18]}_2",
            "host": self._subject.base.partition("://")[2],
            "unknown_visitor": unknown_visitor,
            "unknown_session": unknown_session,
        }

    def _taken(self, step: Step, where: str) -> list[Finding]:
        if step.arrange:
            arrange(self._admin, step.arrange, self._values)
        if step.call is None or step.expect is None:
            return []
        operation = self._bench.document.operations.get(step.call.operation)
        call = call_of(step.call, operation, self._values)
        reply: Reply | None = None
        try:
            reply = self._subject.ask(call)
            found = self._bench.examiner.findings(operation, call, reply, where, self._clock)
            found = found or self._disappointed(step, reply, where)
        except CutShort as end:
            made = finding(
                self._bench.document, "REP-WHOLE", where, "a reply ends where it says that it ends", str(end)
            )
            found = [replace(made, cure="send every byte that the reply announces", check=whole_reply.__name__)]
        except Unanswered as silence:
            silent = finding(self._bench.document, NO_REPLY, where, "every call is answered", str(silence))
            found = [replace(silent, cure="send a complete HTTP reply", check=NO_REPLY)]
        repeat = curl(self._subject, call)
        found = [blamed(each, self._bench.document, self._case, step, reply) for each in found]
        return [replace(each, repeat=repeat) for each in found]

    def _clock(self) -> int | None:
        """Return where the mock's clock stands, which a case may have moved; other servers are not asked."""
        return self._admin.now_ms() if self._bench.mock else None

    def _disappointed(self, step: Step, reply: Reply, where: str) -> list[Finding]:
        """Compare the reply with what the case expects, and keep what later steps need."""
        reading = read(reply, step.expect or Expectation(reply.status), self._values)
        self._values.update(reading.values)
        if not reading.mismatches:
            return []
        rule = broken_clauses(self._bench.document, self._case, step, reply)[0]
        wanted = "; ".join(mismatch.expected for mismatch in reading.mismatches)
        expected = f"{self._bench.document.clauses[rule].rule} So: {wanted}."
        made = finding(self._bench.document, rule, where, expected, reply.summary())
        cure = "; ".join(mismatch.cure for mismatch in reading.mismatches)
        cause = f"{rule}: {', '.join(mismatch.about for mismatch in reading.mismatches)}"
        return [replace(made, cure=cure, check=EXPECTATION, cause=cause)]
