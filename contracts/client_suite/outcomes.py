"""Did the client take each answer for what it was? A wrong report is blamed on what no passing run had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..judging.calls.judgements import Judgement
from .profiles import Report
from .situations.model import Situation

#: What would mend a wrong report, by the clause that it breaks.
CURES = {
    "GE-200-OPEN": "ignore members that are not known, instead of failing on them",
    "GE-200-ID-TYPES": "accept {member} as text and as a number, and keep it as text",
    "GE-200-CONNECTOR": "take connectorId as optional: it may be left out, and it may be there",
    "GE-200-SKILL": "treat skillId and skillName as optional",
    "GE-200-IDS": "take {member} as text of any shape, and send it back as it came",
    "GE-200-AVAILABLE": "read {member} of engagementDetails with the type of the contract",
    "GE-200-STATUS": "take status Available for available",
    "GE-200-NOTAVAILABLE": "take status NotAvailable for not available, and do not look for engagementDetails",
    "ERR-ENTITY": "take an error for an error by its HTTP status, and read message with a default: it is optional",
    "GE-LOADING-NO-STATUS": "look at the HTTP status first: a Loading reply is an error that passes, not NotAvailable",
    "CL-UNKNOWN-STATUS": "take every answer whose status is neither Available nor NotAvailable for a failure",
    "CL-RETRY-5XX": "go on as usual when a retry is answered",
    "CL-RETRY-429": "treat 429 as a failure that passes",
    "CL-IDS-CARRIED": "go on with the sessionId of the latest reply",
}


@dataclass(frozen=True)
class ReportedOutcome:
    """What a client reported in one situation; no outcome when it reported none."""

    situation: Situation
    outcome: str | None
    report: Report
    #: The word that it used for an outcome, if any.
    word: str | None = None

    @property
    def right(self) -> bool:
        """Say whether a right client could have reported this."""
        return self.outcome in self.situation.outcomes


def judge_outcome(reported: ReportedOutcome, all_reported: Iterable[ReportedOutcome]) -> Judgement:
    """Judge what a client reported in one situation, by the clause of what the situation asked of it.

    What the client reported elsewhere (*all_reported*) helps to name the culprit: a feature that no right report had.
    """
    situation = reported.situation
    suspect = None if reported.right else _suspect(situation, tuple(all_reported))
    clause = situation.features[suspect] if suspect else situation.clause
    wanted = " or ".join(sorted(situation.outcomes))
    got = reported.outcome or (
        f"nothing readable ({reported.report.full_ending})"
        if reported.word is None
        else f"{reported.word!r}, which is no outcome"
    )
    seen = f"; no run with {suspect} was reported rightly" if suspect else ""
    return Judgement(
        check="outcome",
        clause=clause,
        kept=reported.right,
        where="outcome",
        what=f"the client reported {got}, a right one {wanted}{seen}",
        cure=CURES[clause].format(member=suspect.partition(" ")[0] if suspect else "every member"),
    )


def _suspect(situation: Situation, all_reported: tuple[ReportedOutcome, ...]) -> str | None:
    """Return the feature that no rightly reported run had, and most of the wrongly reported ones."""
    passed = {feature for one in all_reported if one.right for feature in one.situation.features}
    failed = [feature for one in all_reported if not one.right for feature in one.situation.features]
    suspects = [feature for feature in situation.features if feature not in passed]
    return max(suspects, key=failed.count, default=None)
