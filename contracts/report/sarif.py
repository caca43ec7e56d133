"""The report for code scanning: SARIF 2.1.0, whose results point at a file of the user's repository, or at none."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from ..judging.circumstances import Circumstances
from ..judging.findings import ExitStatus, Finding, Verdict
from .kinds import Kind, kinds

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(verdict: Verdict) -> str:
    """Return one run whose rules are the broken clauses and checks; their ids are stable."""
    rules = {found.rule: _rule(found) for found in verdict.findings}
    numbers = {rule: number for number, rule in enumerate(rules)}
    driver: dict[str, Any] = {"name": "mockserver check", "rules": list(rules.values())}
    if verdict.circumstances.version:
        driver["version"] = verdict.circumstances.version
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(verdict)],
        "results": [_result(verdict, kind, numbers) for kind in kinds(verdict)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _invocation(verdict: Verdict) -> dict[str, Any]:
    """Say whether the examination took place; a broken contract is a result, not a failed examination."""
    examined = verdict.status is not ExitStatus.NOT_EXAMINED and not verdict.trouble
    left_out = [
        f"not examined: {result.name}: {result.not_examined}" for result in verdict.results if result.not_examined
    ]
    notices = [*([verdict.trouble] if verdict.trouble else []), *left_out]
    return {
        **_times(verdict.circumstances),
        "executionSuccessful": examined,
        "exitCode": int(verdict.status),
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": text}} for text in notices],
        "properties": {"options": verdict.circumstances.settings},
    }


def _times(circumstances: Circumstances) -> dict[str, str]:
    if circumstances.began is None:
        return {}
    ended = circumstances.began + timedelta(seconds=circumstances.seconds)
    return {"startTimeUtc": f"{circumstances.began:%Y-%m-%dT%H:%M:%SZ}", "endTimeUtc": f"{ended:%Y-%m-%dT%H:%M:%SZ}"}


def _rule(found: Finding) -> dict[str, Any]:
    clause = found.clause
    sentence = clause.rule if clause else found.rule.replace("_", " ").replace("-", " ")
    help_text = clause.quoted if clause else f"The check {found.rule} of the harness."
    return {
        "id": found.rule,
        "shortDescription": {"text": sentence},
        "fullDescription": {"text": help_text},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _level(found)},
    }


def _level(found: Finding) -> str:
    """Take what a page says for an error, and what was inferred or recommended for a warning."""
    return "warning" if found.clause and found.clause.standing in {"inferred", "recommended"} else "error"


def _result(verdict: Verdict, kind: Kind, numbers: dict[str, int]) -> dict[str, Any]:
    found = kind.finding
    also = f" Also {kind.also}." if kind.also else ""
    text = f"{found.expected} Got: {found.got} Mend: {found.cure} Where: {found.where}.{also} Repeat: {found.repeat}"
    likeness = hashlib.sha256("\n".join(found.likeness).encode(errors="replace")).hexdigest()
    return {
        "ruleId": found.rule,
        "ruleIndex": numbers[found.rule],
        "level": _level(found),
        "message": {"text": text},
        "locations": [_location(verdict, found)],
        "partialFingerprints": {"likeness/v1": likeness},
    }


def _location(verdict: Verdict, found: Finding) -> dict[str, Any]:
    """Return where *found* can be shown: in a file that the user has, and else by its name alone."""
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": found.where}]}
    if verdict.source:
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(verdict.source), "uriBaseId": "%SRCROOT%"}}
        if PurePosixPath(verdict.source).name == verdict.contract:  # the only file whose lines are known
            location["physicalLocation"]["region"] = {"startLine": found.line}
    return location
