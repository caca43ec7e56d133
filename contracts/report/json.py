"""The report for programs: everything that was found, in JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ..judging.circumstances import Circumstances
from ..judging.findings import Finding, Verdict


def as_json(verdict: Verdict) -> str:
    """Return the whole verdict as JSON."""
    return json.dumps(
        {
            "subject": verdict.subject,
            "contract": verdict.contract,
            "verdict": verdict.status.name.lower(),
            "exit_status": verdict.exit_status,
            "trouble": verdict.trouble or None,
            "examination": _examination(verdict.circumstances),
            "results": [
                {
                    "name": result.name,
                    "suite": result.suite,
                    "clauses": list(result.clauses),
                    "not_examined": result.not_examined or None,
                    "seconds": round(result.seconds, 3),
                    "notes": list(result.notes),
                    "timeline": list(result.timeline),
                    "calls": result.calls and asdict(result.calls),
                    "findings": [_finding(found) for found in result.findings],
                }
                for result in verdict.results
            ],
            "readers": verdict.readers or None,
            "not_judged": dict(verdict.not_judged),
            "doubts": [_finding(doubt) for doubt in verdict.doubts],
            "clauses": dict(verdict.coverage()),
        },
        indent=2,
        ensure_ascii=False,
    )


def _examination(circumstances: Circumstances) -> dict[str, Any]:
    return {
        "began": circumstances.began and circumstances.began.isoformat(timespec="seconds"),
        "seconds": round(circumstances.seconds, 3),
        "version": circumstances.version or None,
        "seed": circumstances.seed,
        "options": dict(circumstances.options),
    }


def _finding(found: Finding) -> dict[str, Any]:
    clause = found.clause
    return {
        "rule": found.rule,
        "where": found.where,
        "expected": found.expected,
        "got": found.got,
        "cure": found.cure,
        "repeat": found.repeat,
        "pointer": found.pointer,
        "line": found.line,
        "clause": clause and {"rule": clause.rule, "standing": clause.standing, "sources": list(clause.sources)},
    }
