"""A call and its reply, as they stand on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ..reading.json_text import parsed


@dataclass(frozen=True)
class Call:
    """A request as it will stand on the wire; nothing is added but what HTTP needs."""

    method: str
    #: Percent-encoded, without the query.
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def target(self) -> str:
        """Return the path with the query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def size(self) -> int:
        """Return how much there is to read, in characters and bytes; of two calls, the smaller shows more."""
        return len(self.target) + len(self.body) + sum(len(name) + len(value) for name, value in self.headers.items())


@dataclass(frozen=True)
class Reply:
    """A response as it came."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    #: What came after the reply's end, such as the body of a reply to HEAD.
    surplus: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the value of header *name*, several joined by a comma, or None."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def cookies(self) -> dict[str, str]:
        """Return the value of each cookie that is set; every Set-Cookie is read by itself."""
        set_here = (value.partition(";")[0] for key, value in self.headers if key.lower() == "set-cookie")
        return {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in set_here)}

    @property
    def media_type(self) -> str:
        """Return the media type without its parameters, in lower case."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """Return the body as text, with a mark for whatever is none."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """Return the body read as JSON; raises ValueError when it is none."""
        return parsed(self.body)

    def summary(self, limit: int = 400) -> str:
        """Return status and body on one line, for people."""
        text = self.text
        short = text if len(text) <= limit else f"{text[:limit]}... ({len(self.body)} bytes)"
        return f"{self.status} {self.media_type or 'without a media type'}: {short.strip() or '(empty body)'}"
