"""The shipped cases of the engagement's operations, asked of one way of serving."""

from contracts.judging.replies.examiner import Examiner
from contracts.server_suite.bench import Bench
from contracts.server_suite.cases.runs import examine_cases
from contracts.wire.subjects import Subject
from tests.support.harness.contract import CONTRACT, all_cases

_OPERATIONS = ("getEngagement", "createFirstSession", "createSession", "updateSession")


class _NoSecondReader:
    """Objects to nothing: two readers look at the mock's replies elsewhere, and no way of serving changes a reply."""

    def objection(self, *_: object) -> str:
        return ""


def amiss_at(subject: Subject) -> list[str]:
    """Ask every case of the engagement's operations of *subject*, and return what is wrong or was not examined."""
    examiner = Examiner(CONTRACT, _NoSecondReader())
    bench = Bench(subject, examiner, account="56072331", seed=1, mock=True, run="cases")
    cases = [case for case in all_cases() if case.folder in _OPERATIONS]
    results = list(examine_cases(cases, bench))
    assert len(results) > 300, "cases went missing"
    found = [f"{result.name}: {finding.expected} / {finding.got}" for result in results for finding in result.findings]
    return found + [f"{result.name}: {result.not_examined}" for result in results if result.not_examined]
