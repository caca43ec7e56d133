"""Who is examined: whoever answers a call, such as a server behind a URL."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final, Protocol, Self

import requests

from ..errors import CutShort, Unanswered
from .messages import Call, Reply
from .reasons import reason
from .sessions import open_session

#: Longer than this and the call counts as unanswered.
TIMEOUT_S: Final = 10.0


class Subject(Protocol):
    """Whoever is examined."""

    @property
    def base(self) -> str:
        """Return the URL that paths are appended to."""

    def within(self, prefix: str) -> Self:
        """Return the same subject under a path prefix."""

    def ask(self, call: Call) -> Reply:
        """Return the answer to *call*; raises Unanswered when there is none."""


def curl(subject: Subject, call: Call) -> str:
    """Return a shell command that repeats *call*."""
    words = ["curl", "-I"] if call.method == "HEAD" else ["curl", "-i", "-X", call.method]
    for name, value in call.headers.items():
        words += ["-H", f"{name}: {value}"]
    if call.body:
        words += ["--data-binary", _shell_text(call.body)]
    return shlex.join([*words, subject.base + call.target])


def _shell_text(body: bytes, limit: int = 4000) -> str:
    text = body.decode(errors="replace")
    return text if len(text) <= limit else f"{text[:60]}... and so on, {len(body)} bytes"


@dataclass(frozen=True)
class UrlSubject:
    """A server behind a URL."""

    url: str
    prefix: str = ""
    timeout_s: float = TIMEOUT_S
    session: requests.Session = field(default_factory=open_session, repr=False, compare=False)

    @property
    def base(self) -> str:
        """Return the URL that paths are appended to."""
        return self.url.rstrip("/") + self.prefix

    def within(self, prefix: str) -> UrlSubject:
        """Return the same server under a path prefix."""
        return replace(self, prefix=self.prefix + prefix)

    def ask(self, call: Call) -> Reply:
        """Send *call*; raises Unanswered when no complete reply comes back."""
        try:
            request = requests.Request(call.method, self.base, headers=dict(call.headers), data=call.body or None)
            prepared = self.session.prepare_request(request)
            prepared.url = self.base + call.target  # as written: no dot segment removed, nothing quoted again
            settings = self.session.merge_environment_settings(self.base, {}, None, None, None)
            answer = self.session.send(prepared, timeout=self.timeout_s, allow_redirects=False, **settings)
        except requests.RequestException as error:
            kind = CutShort if isinstance(error, requests.exceptions.ChunkedEncodingError) else Unanswered
            why = reason(error)
            raise kind(f"{self.base} did not answer {call.method} {call.target}: {why}", why) from error
        if answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            # A server that does not read a body to its end cannot keep the connection, whether it says so or not.
            self.session.close()
        # requests joins repeated headers; only those of the raw answer tell two cookies apart.
        surplus = getattr(answer.raw._original_response, "surplus", b"")  # noqa: SLF001 - urllib3 hides it
        return Reply(answer.status_code, tuple(answer.raw.headers.items()), answer.content, surplus)
