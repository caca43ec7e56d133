"""Reads what a run of Schemathesis recorded: every generated call, its reply, and what its checks say."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from ...contract.document import Document
from ...contract.operation import Operation
from ...reading.json_text import Json
from ...wire.messages import Call, Reply

#: Errors of Schemathesis that mean: the server gave no complete reply.
_SILENCES: Final = frozenset({"ConnectionError", "ReadTimeout", "ConnectTimeout", "ChunkedEncodingError"})


@dataclass(frozen=True)
class Failure:
    """What one check of Schemathesis says against one exchange."""

    check: str
    title: str
    message: str


@dataclass(frozen=True)
class Generated:
    """One generated call with its reply and what the checks say against it."""

    phase: str
    #: The operation whose path was called.
    operation: Operation
    #: Whether the method was the operation's own, and not a probe of another.
    declared: bool
    call: Call
    reply: Reply
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Silence:
    """A generated call that was not answered."""

    operation: Operation | None
    what: str


@dataclass(frozen=True)
class Breakdown:
    """An error of Schemathesis itself."""

    what: str


def recorded(lines: Iterable[str], document: Document, prefix: str) -> Iterator[Generated | Silence | Breakdown]:
    """Yield everything that a report in NDJSON says about *document*; *prefix* is taken off the paths."""
    reader = _Reader(document, prefix)
    for line in lines:
        for kind, event in json.loads(line).items():
            if kind == "ScenarioFinished":
                yield from reader.scenario(event["phase"], event["recorder"])
            elif kind in {"NonFatalError", "FatalError"}:
                yield reader.error(event)


class _Reader:
    """Looks up the operations of the contract for what was recorded."""

    def __init__(self, document: Document, prefix: str) -> None:
        self._prefix = prefix
        self._by_label = {f"{each.method} {each.path}": each for each in document.operations.values()}
        self._by_path = {each.path: each for each in document.operations.values()}

    def scenario(self, phase: str, recorder: Mapping[str, Json]) -> Iterator[Generated]:
        for key, interaction in recorder.get("interactions", {}).items():
            case = recorder["cases"][key]["value"]
            operation = self._by_label.get(f"{case['method']} {case['path']}") or self._by_path.get(case["path"])
            if operation and interaction.get("response"):
                yield Generated(
                    phase,
                    operation,
                    case["method"] == operation.method,
                    self._call(interaction["request"]),
                    _reply(interaction["response"]),
                    tuple(_failures(recorder.get("checks", {}).get(key, ()))),
                )

    def error(self, event: Mapping[str, Json]) -> Silence | Breakdown:
        value = event.get("value") or event.get("exception") or {}
        what = f"{value.get('type')}: {value.get('message')}"
        if value.get("type") in _SILENCES:
            return Silence(self._by_label.get(event.get("label", "")), what)
        return Breakdown(what)

    def _call(self, request: Mapping[str, Json]) -> Call:
        parts = urlsplit(request["uri"])
        headers = {name: ", ".join(values) for name, values in request["headers"].items()}
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        return Call(
            request["method"], parts.path.removeprefix(self._prefix), query, headers, _bytes(request.get("body"))
        )


def _reply(response: Mapping[str, Json]) -> Reply:
    headers = tuple((name, value) for name, values in response["headers"].items() for value in values)
    return Reply(response["status_code"], headers, _bytes(response.get("content")))


def _failures(checks: Iterable[Mapping[str, Json]]) -> Iterator[Failure]:
    for check in checks:
        if check["status"] == "failure":
            failure = check["failure_info"]["failure"]
            yield Failure(check["name"], failure["title"], failure["message"])


def _bytes(body: Json) -> bytes:
    return base64.b64decode(body["$base64"]) if body else b""
