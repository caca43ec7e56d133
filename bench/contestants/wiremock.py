"""WireMock, in three settings of its journal: unbounded, which is its default, bounded, and without one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench.contestants.contestant import FRESH, JOURNAL_ENTRIES, Ask, Contestant, Journal, Ports, constant
from bench.contestants.documents import request_schema
from bench.contestants.installed import MODULES, npm_version
from bench.work import TEMPLATE, Work, read_contract

_JARS = MODULES / "wiremock/build"
_JOURNAL = Journal(
    count=constant(Ask("POST", "/__admin/requests/count", {"method": "POST", "urlPathTemplate": TEMPLATE})),
    counted=lambda answer: int(answer["count"]),
    everything=constant(Ask("GET", "/__admin/requests")),
    entries=lambda answer: list(answer["requests"]),
    reset=constant(Ask("POST", "/__admin/reset")),
)
_BOUNDED = ("--max-request-journal-entries", str(JOURNAL_ENTRIES))
_NONE = ("--no-request-journal",)
#: A quarter, which is the default, could end in the middle of a run with the unbounded journal.
_HEAP = ("-XX:MaxRAMPercentage=50",)


def wiremock_contestants() -> list[Contestant]:
    """Return WireMock in all three settings, and once more with as little work as it can be given."""
    bounded = "its jar, by java; journal bounded to 10,000 entries"
    unbounded = "its jar, by java; its default: a journal without a bound"
    none = "its jar, by java; --no-request-journal"
    return [
        _contestant("WireMock, bounded journal", _JOURNAL, bounded, _BOUNDED),
        _contestant("WireMock, default journal", _JOURNAL, unbounded, ()),
        _contestant("WireMock, no journal", None, none, _NONE),
        _contestant("WireMock, no journal, not validating", None, none, _NONE, validating=False),
    ]


def _contestant(
    name: str, journal: Journal | None, note: str, options: Sequence[str], *, validating: bool = True
) -> Contestant:
    prepare = partial(_command, options=options, validating=validating)
    return Contestant(name, prepare, journal, note, [_JARS], npm_version("wiremock"))


def _command(folder: Path, ports: Ports, work: Work, *, options: Sequence[str], validating: bool) -> Sequence[str]:
    mappings = folder / "mappings"
    mappings.mkdir()
    (mappings / "one.json").write_text(json.dumps(_mapping(work, validating=validating)), encoding="utf-8")
    [jar] = _JARS.glob("wiremock-standalone-*.jar")
    java = shutil.which("java") or "java"
    where = ["--port", str(ports.mock), "--bind-address", "127.0.0.1", "--root-dir", str(folder)]
    return [java, *_HEAP, "-jar", str(jar), *where, *options, "--disable-banner"]


def _mapping(work: Work, *, validating: bool) -> dict[str, Any]:
    asked: dict[str, Any] = {"method": "POST", "urlPathTemplate": TEMPLATE}
    if validating:
        schema = request_schema(read_contract())
        asked["bodyPatterns"] = [{"matchesJsonSchema": schema, "schemaVersion": "V202012"}]
    ids = {name: f"{{{{randomValue length={size} type='ALPHANUMERIC'}}}}" for name, size in FRESH.items()}
    answered = {
        "status": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({**work.answer, **ids}),
        "transformers": ["response-template"],
    }
    return {"request": asked, "response": answered}
