"""Which entries of a recording are calls of the contract, and what each was; the rest is left out, and named."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ..contract.document import Document
from ..contract.routes import Routes
from ..judging.attempts import Attempt, attempts
from .har import Entry

_PORTS: Final = {"http": 80, "https": 443}
_MOST_HOSTS: Final = 5

ELSEWHERE: Final = "no calls of the contract; --url PREFIX judges every call below PREFIX"
PREFLIGHT: Final = "a browser asks for leave by itself (OPTIONS), which no client decides"
LIMITED: Final = "a server that limits calls (429): the pages say what a client does then, and nothing of the reply"
FROM_CACHE: Final = "the browser answered by itself, so no server saw the call"


@dataclass(frozen=True)
class Recorded:
    """A call of the contract, or one that was meant for it, as recorded."""

    entry: Entry
    attempt: Attempt

    @property
    def call_whole(self) -> bool:
        """Say whether the file holds all of the call."""
        return self.entry.body is not None

    @property
    def reply_known(self) -> bool:
        """Say whether the contract has words for a reply of this status."""
        return self.entry.status != HTTPStatus.TOO_MANY_REQUESTS

    @property
    def reply_whole(self) -> bool:
        """Say whether a reply came, and the file holds all of it."""
        return bool(self.entry.status) and self.entry.reply is not None


@dataclass
class Choice:
    """What is judged, and what is left out: the entries by the reason."""

    recorded: list[Recorded] = field(default_factory=list)
    left_out: dict[str, list[Entry]] = field(default_factory=dict)

    def leave_out(self, entry: Entry, reason: str) -> None:
        """Leave *entry* out."""
        self.left_out.setdefault(reason, []).append(entry)


class Chooser:
    """Knows the calls of one contract: by their paths, wherever these begin, or below the URL that it is given."""

    def __init__(self, document: Document, prefix: str = "") -> None:
        self._routes = Routes(document)
        self._prefix = urlsplit(prefix) if prefix else None
        templates = [
            spelling for operation in document.operations.values() for spelling in (operation.path, *operation.aliases)
        ]
        self._meant = [re.compile(_head(template), re.IGNORECASE) for template in templates]

    def choose(self, entries: Iterable[Entry]) -> Choice:
        """Tell the calls of the contract from everything else that was recorded."""
        choice = Choice()
        for entry in entries:
            path = self._path(entry)
            if path is None:
                choice.leave_out(entry, ELSEWHERE)
            elif entry.method == "OPTIONS":
                choice.leave_out(entry, PREFLIGHT)
            elif entry.cached or entry.status == HTTPStatus.NOT_MODIFIED:
                choice.leave_out(entry, FROM_CACHE)
            else:
                (attempt,) = attempts([_record(entry, path)], self._routes)
                choice.recorded.append(Recorded(entry, attempt))
        return choice

    def _path(self, entry: Entry) -> str | None:
        """Return the decoded path of a call below the base of the API, None if it is another's."""
        parts = _split(entry.url)
        if parts is None:
            return None
        path = unquote(parts.path)
        if self._prefix is None:
            return self._own(entry, path)
        base = unquote(self._prefix.path).rstrip("/")
        here = _origin(parts) == _origin(self._prefix) and path.startswith(f"{base}/")
        return path.removeprefix(base) if here else None

    def _own(self, entry: Entry, path: str) -> str | None:
        below = [path[start:] for start, character in enumerate(path) if character == "/"]
        known = (one for one in below if self._routes.find(entry.method, one, {}).path_known)
        meant = (one for one in below if any(head.match(one) for head in self._meant))
        return next(known, None) or next(meant, None)


def hosts(entries: Iterable[Entry]) -> str:
    """Name the hosts of *entries*, the most frequent ones."""
    counted: dict[str, int] = {}
    for entry in entries:
        parts = _split(entry.url)
        host = parts.netloc.rpartition("@")[2] if parts else entry.url.partition(":")[0][:20]
        counted[host] = counted.get(host, 0) + 1
    names = sorted(counted, key=lambda host: -counted[host])
    more = f" and {len(names) - _MOST_HOSTS} more" if len(names) > _MOST_HOSTS else ""
    return ", ".join(names[:_MOST_HOSTS]) + more


def _head(template: str) -> str:
    """Return a pattern for paths that begin as *template* does, up to the first word after its first parameter."""
    words = template.split("/")
    first = next(number for number, word in enumerate(words) if word.startswith("{"))
    head = "/".join("[^/]+" if word.startswith("{") else re.escape(word) for word in words[: first + 2])
    return f"{head}(/|$)"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and parts.hostname else None


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _record(entry: Entry, path: str) -> Mapping[str, Any]:
    """Write an entry down as the journal of a mock would."""
    headers: dict[str, str] = {}
    for name, value in entry.headers:
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return {
        "number": entry.number,
        "arrived_ms": entry.began_ms,
        "took_us": (entry.ended_ms - entry.began_ms) * 1000,
        "call": {
            "method": entry.method,
            "path": path,
            "query": parse_qsl(urlsplit(entry.url).query, keep_blank_values=True),
            "headers": headers,
            "body": {"base64": base64.b64encode(entry.body or b"").decode()},
            "connection": entry.connection,
        },
        "reply": {
            "status": entry.status,
            "headers": list(entry.reply_headers),
            "body": {"base64": base64.b64encode(entry.reply or b"").decode()},
        },
        "violations": list(_violations_of(entry)),
        "receipts": [] if entry.status else [{"fault": "empty"}],
    }


def _violations_of(entry: Entry) -> Iterator[Mapping[str, str]]:
    """Yield the violations that a mock names in its reply."""
    for name, value in entry.reply_headers:
        if name.lower() == "mock-violations":
            try:
                named = json.loads(value)
            except ValueError:
                continue
            yield from (each for each in named if isinstance(each, dict) and isinstance(each.get("clause"), str))
