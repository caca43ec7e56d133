"""The report for build servers, in the XML of JUnit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from ..judging.circumstances import Circumstances
from ..judging.findings import Finding, Result, Verdict

#: What XML 1.0 cannot hold, not even escaped; lone surrogates among it.
_UNSPEAKABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(verdict: Verdict) -> str:
    """Return the verdict as a document of test suites; what was not examined is skipped, never passed."""
    root = ET.Element("testsuites", name=_clean(verdict.subject), time=f"{verdict.circumstances.seconds:.3f}")
    for name in dict.fromkeys(result.suite for result in verdict.results):
        results = [result for result in verdict.results if result.suite == name]
        _add_suite(root, name, results, verdict.circumstances)
    if verdict.doubts:
        _add_doubts(_add_counted(root, "readers", verdict.circumstances, tests=1, errors=1), verdict.doubts)
    if verdict.trouble or not verdict.examined:
        suite = _add_counted(root, "examination", verdict.circumstances, tests=1, errors=1)
        case = _add_case(suite, "the examination is complete", 0)
        ET.SubElement(case, "error", message=_clean(verdict.trouble or "nothing was examined"))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _add_doubts(suite: ET.Element, doubts: Sequence[Finding]) -> None:
    case = _add_case(suite, "two readers of the contract agree", 0)
    ET.SubElement(case, "error", message=_clean(f"{len(doubts)} places are in doubt")).text = _clean(
        "\n\n".join(map(_failure_text, doubts))
    )


def _add_suite(root: ET.Element, name: str, results: list[Result], circumstances: Circumstances) -> None:
    suite = _add_counted(
        root,
        name,
        circumstances,
        tests=len(results),
        failures=sum(result.state == "broken" for result in results),
        skipped=sum(result.state == "not examined" for result in results),
    )
    suite.set("time", f"{sum(result.seconds for result in results):.3f}")
    for result in results:
        case = _add_case(suite, result.name, result.seconds, f"contracts.{name}")
        if result.state == "not examined":
            ET.SubElement(case, "skipped", message=_clean(result.not_examined))
        for found in result.findings:
            failure = ET.SubElement(case, "failure", type=found.rule, message=_clean(f"{found.rule}: {found.expected}"))
            failure.text = _clean(_failure_text(found))
        if result.notes or result.timeline:
            ET.SubElement(case, "system-out").text = _clean("\n".join((*result.notes, *result.timeline)))


def _add_counted(root: ET.Element, name: str, circumstances: Circumstances, **counts: int) -> ET.Element:
    numbers = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0} | counts
    suite = ET.SubElement(root, "testsuite", {"name": name} | {key: str(number) for key, number in numbers.items()})
    if circumstances.began:
        suite.set("timestamp", f"{circumstances.began:%Y-%m-%dT%H:%M:%S}")  # UTC; the schema has no room to say so
    version = {"version": circumstances.version} if circumstances.version else {}
    properties = {**version, **circumstances.settings}
    if properties:
        listed = ET.SubElement(suite, "properties")
        for key, value in properties.items():
            ET.SubElement(listed, "property", name=key, value=_clean(value))
    return suite


def _add_case(suite: ET.Element, name: str, seconds: float, classname: str = "contracts") -> ET.Element:
    return ET.SubElement(suite, "testcase", name=_clean(name), classname=classname, time=f"{seconds:.3f}")


def _failure_text(found: Finding) -> str:
    rows = {
        "where": found.where,
        "expected": found.expected,
        "got": found.got,
        "mend": found.cure,
        "repeat": found.repeat,
        "line": found.line,
    }
    return "\n".join(f"{name}: {value}" for name, value in rows.items() if value)


def _clean(text: str) -> str:
    return _UNSPEAKABLE.sub("\N{REPLACEMENT CHARACTER}", text)
