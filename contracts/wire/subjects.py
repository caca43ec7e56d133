"""Who is examined: a server behind a URL, or a WSGI application in this process. Both answer a call."""

from __future__ import annotations

import io
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final, Protocol, Self
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

import requests

from ..errors import CannotExamine
from ..processes.surroundings import DIRECT, Route
from ..reading.json_text import parsed
from .connections import ResendingAdapter
from .reasons import reason

#: Longer than this and the call counts as unanswered.
TIMEOUT_S: Final = 10.0


class SubjectError(CannotExamine):
    """The subject cannot be examined as it is."""


class Unanswered(SubjectError):
    """The subject gave no complete HTTP reply."""


class CutShort(Unanswered):
    """A reply began, and ended before all its bytes had come."""


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
        """Return how much there is to read."""
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

    def json(self) -> Any:
        """Return the body read as JSON; raises ValueError when it is none."""
        return parsed(self.body)

    def told(self, limit: int = 400) -> str:
        """Return status and body on one line, for people."""
        text = self.body.decode(errors="replace")
        short = text if len(text) <= limit else f"{text[:limit]}... ({len(self.body)} bytes)"
        return f"{self.status} {self.media_type or 'without a media type'}: {short.strip() or '(empty body)'}"


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
        words += ["--data-binary", _shown(call.body)]
    return shlex.join([*words, subject.base + call.target])


def _shown(body: bytes, limit: int = 4000) -> str:
    text = body.decode(errors="replace")
    return text if len(text) <= limit else f"{text[:60]}... and so on, {len(body)} bytes"


def open_session(route: Route = DIRECT) -> requests.Session:
    """Open a session that adds nothing to a call, and takes *route* whatever the environment says of proxies."""
    session = requests.Session()
    session.trust_env = False
    session.proxies = {"http": route.proxy, "https": route.proxy} if route.proxy else {}
    session.verify = route.ca_file or True
    # Every call of a case says by itself who is calling: no cookie is kept, and nobody is authorized.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    session.auth = _as_it_is
    session.headers.clear()
    for scheme in ("http://", "https://"):
        session.mount(scheme, ResendingAdapter())
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


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
            raise kind(f"{self.base} did not answer {call.method} {call.target}: {reason(error)}") from error
        if answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            # A server that does not read a body to its end cannot keep the connection, whether it says so or not.
            self.session.close()
        # requests joins repeated headers; only those of the raw answer tell two cookies apart.
        surplus = getattr(answer.raw._original_response, "surplus", b"")  # noqa: SLF001 - urllib3 hides it
        return Reply(answer.status_code, tuple(answer.raw.headers.items()), answer.content, surplus)


WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class WsgiSubject:
    """A WSGI application in this process."""

    app: WsgiApp
    prefix: str = ""
    url: str = "http://localhost"

    @property
    def base(self) -> str:
        """Return the URL that the application is told it has."""
        return self.url + self.prefix

    def within(self, prefix: str) -> WsgiSubject:
        """Return the same application under a path prefix."""
        return replace(self, prefix=self.prefix + prefix)

    def ask(self, call: Call) -> Reply:
        """Call the application."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: Any = None
        ) -> Callable[[bytes], Any]:
            started.append((status, headers))
            return lambda _data: None

        pieces = self.app(self._environ(call), start_response)
        try:
            body = b"".join(pieces)
        finally:
            getattr(pieces, "close", lambda: None)()
        if not started:
            raise Unanswered(f"the application did not start a reply to {call.method} {call.target}")
        status, headers = started[-1]
        return Reply(int(status.split(" ", 1)[0]), tuple(headers), body)

    def _environ(self, call: Call) -> dict[str, Any]:
        host = urlsplit(self.url).netloc
        headers = {name.upper().replace("-", "_"): value for name, value in call.headers.items()}
        plain = {name: headers.pop(name) for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if name in headers}
        return (
            {
                "REQUEST_METHOD": call.method,
                "SCRIPT_NAME": "",
                "PATH_INFO": unquote_to_bytes(self.prefix + call.path).decode("latin-1"),
                "QUERY_STRING": urlencode(call.query),
                "REQUEST_URI": self.prefix + call.target,
                "SERVER_NAME": host.partition(":")[0],
                "SERVER_PORT": host.partition(":")[2] or "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "127.0.0.1",
                "HTTP_HOST": host,
                "CONTENT_LENGTH": str(len(call.body)),
                "wsgi.version": (1, 0),
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(call.body),
                "wsgi.errors": sys.stderr,
                "wsgi.multithread": False,
                "wsgi.multiprocess": False,
                "wsgi.run_once": False,
            }
            | plain
            | {f"HTTP_{name}": value for name, value in headers.items()}
        )
