"""Right servers that differ from the mock in whatever the contract and HTTP leave open, each behind a real port."""

import json
import random
import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from contracts.wire.messages import Call, Reply
from contracts.wire.wsgi import WsgiSubject
from mockserver.app import create_app
from mockserver.settings import Settings
from tests.contract.servers.tampering import body_of, with_body

#: What is written to the wire for a reply.
Wire = Callable[[Reply], list[bytes]]

ALL = ()


def usual(reply):
    return [head(reply, ("Content-Length", str(len(reply.body)))), reply.body]


def head(reply, *more, version="1.1"):
    lines = [f"HTTP/{version} {reply.status} Because", *(f"{name}: {value}" for name, value in (*reply.headers, *more))]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


@dataclass(frozen=True)
class RightServer:
    """One way of being right; what it does not say is the mock's, without the mock's own headers and admin API."""

    sentence: str
    changed: Callable[[Reply], Reply] = lambda reply: reply
    written: Wire = usual
    #: How many calls a connection takes; the next one is not answered on it, and nothing announces that.
    calls_per_connection: int = 1000
    #: The connection is closed behind the last of them at once, and not only when another call comes.
    closes_at_once: bool = False
    host: str = "127.0.0.1"
    #: Makes an id of the server's own from one of the mock's.
    renamed: Callable[[str], str] = str
    settings: Settings = field(default_factory=Settings)
    #: The operations that are examined: enough of them for what is only about the wire.
    operations: tuple[str, ...] = ("createSession", "updateSession", "getDomain", "listDomainsScript")


def with_headers(before=(), after=()):
    return lambda reply: replace(reply, headers=(*before, *reply.headers, *after))


def _strangely_spelled(reply):
    spelled = [
        (name.swapcase(), value.upper() if name.lower() == "content-type" else value) for name, value in reply.headers
    ]
    return replace(reply, headers=tuple(reversed(spelled)))


def _with_parameters(reply):
    headers = [(k, f"{v} ;charset=UTF-8; x=y" if k.lower() == "content-type" else v) for k, v in reply.headers]
    return replace(reply, headers=tuple(headers))


def _with_more_members(reply):
    body = body_of(reply)
    return with_body(reply, _with_more(body)) if body else reply


def _with_more(value):
    if isinstance(value, dict):
        more = {name: _with_more(part) for name, part in value.items()}
        return {"x-added": {"on": [1, None]}, **more, "addedLater": "yes"}
    return [_with_more(part) for part in value] if isinstance(value, list) else value


def _otherwise_written(reply):
    """Write the same JSON with other white space, other escapes and the members in the other order."""
    if body_of(reply):
        return replace(reply, body=b"\r\n" + _otherwise(reply.body) + b"\n")
    script = re.fullmatch(rb"([\w$.]+)\((.*)\);", reply.body)
    return replace(reply, body=script[1] + b"( " + _otherwise(script[2]) + b" )\n") if script else reply


def _otherwise(text):
    written = json.dumps(_turned(json.loads(text)), indent="\t", separators=(",", " : "))
    escaped = re.sub(r'"[^"\\]*"', lambda found: found[0].replace("e", "\\u0065", 1), written)
    return escaped.encode()


def _turned(value):
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(part) for part in value] if isinstance(value, list) else value


def chunked(reply):
    pieces = [reply.body[start : start + 7] for start in range(0, len(reply.body), 7)]
    chunks = [f"{len(piece):x};note=1\r\n".encode() + piece + b"\r\n" for piece in pieces]
    return [head(reply, ("Transfer-Encoding", "Chunked")), *chunks, b"0\r\nX-Sum: 1\r\n\r\n"]


def until_the_end(reply):
    return [head(reply, version="1.0"), reply.body]


def announced(reply):
    return [head(reply, ("Content-Length", str(len(reply.body))), ("Connection", "close")), reply.body]


def slowly(reply):
    whole = b"".join(usual(reply))
    return [whole[start : start + 90] for start in range(0, len(whole), 90)]


def continued(reply):
    return [b"HTTP/1.1 100 Continue\r\n\r\n", *usual(reply)]


def _long(name):
    return f"-{name}._~"[:-1].ljust(128, "Z")


RIGHT_SERVERS = [
    RightServer("it is the mock without its admin API"),
    RightServer("it writes header names in other letters and another order", _strangely_spelled),
    RightServer("its media types have parameters", _with_parameters),
    RightServer(
        "it sets other cookies before and after the visitor's",
        with_headers(
            [("Set-Cookie", "AWSALB=a,b; Expires=Wed, 25 Nov 2037 14:17:07 GMT; Path=/")],
            [("set-cookie", 'odd="q, LPVID=no"; Secure'), ("Set-Cookie", "[bad]=; Max-Age=0")],
        ),
    ),
    RightServer(
        "it closes each connection, and says so", written=announced, calls_per_connection=1, closes_at_once=True
    ),
    RightServer("it closes each connection, and does not say so", calls_per_connection=1, closes_at_once=True),
    RightServer("it gives up a used connection when the next call comes", calls_per_connection=1),
    RightServer("it gives up a connection after some calls", calls_per_connection=7),
    RightServer("it sends its replies in chunks", written=chunked),
    RightServer("it answers in HTTP/1.0", written=until_the_end, calls_per_connection=1, closes_at_once=True),
    RightServer("it sends its replies in small pieces, slowly", written=slowly),
    RightServer("it says 100 Continue before each reply", written=continued),
    RightServer("its replies have members that the contract does not list", _with_more_members, operations=ALL),
    RightServer("it writes JSON in another way", _otherwise_written, operations=ALL),
    RightServer("its ids are long, with dots and dashes", renamed=_long, operations=ALL),
    RightServer(
        "its ids look like numbers", renamed=lambda name: f"00{random.Random(name).randrange(10**18)}", operations=ALL
    ),
    RightServer("it is reached by an IPv6 address", host="::1"),
    RightServer(
        "a proxy before it adds headers",
        with_headers([("Via", "1.1 proxy"), ("Vary", "Origin")], [("X-Request-Id", "1"), ("Pragma", "no-cache")]),
    ),
    RightServer("it has no engagement to offer", settings=Settings(scenario="not-available"), operations=ALL),
]


class Names:
    """Gives ids of the mock other names, and takes the names for the ids."""

    def __init__(self, renamed):
        self._renamed = renamed
        self._own = {}

    def inward(self, text):
        for given, own in self._own.items():
            text = text.replace(given, own)
        return text

    def outward(self, reply, call_text):
        body = body_of(reply)
        for name in ("visitorId", "sessionId"):
            own = body.get(name)
            if isinstance(own, str) and own not in call_text:
                self._own.setdefault(self._renamed(own), own)
        given = {own: name for name, own in self._own.items()}
        changes = {name: given.get(body[name], body[name]) for name in ("visitorId", "sessionId") if name in body}
        return with_body(reply, {**body, **changes}) if changes else reply


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each reply of several pieces waits for the other end to say that it had one
    server: "_Server"

    def handle_one_request(self):
        if self._answered == self.server.right.calls_per_connection:
            self.connection.recv(1)  # the call is there, and nobody answers it
            self.close_connection = True
            return
        self._answered += 1
        super().handle_one_request()
        if self._answered == self.server.right.calls_per_connection:
            self.close_connection = self.server.right.closes_at_once

    def setup(self):
        self._answered = 0
        super().setup()

    def answer(self):
        _, target, _ = self.requestline.split(" ", 2)
        reply = self.server.answer(self.command, target, self.headers, self._body())
        for piece in self.server.right.written(reply):
            self.wfile.write(piece)
            self.wfile.flush()
            if self.server.right.written is slowly:
                time.sleep(0.001)

    def _body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    def __init__(self, right):
        self.address_family = socket.AF_INET6 if ":" in right.host else socket.AF_INET
        self.right = right
        self.names = Names(right.renamed)
        self.mock = WsgiSubject(create_app(right.settings))
        super().__init__((right.host, 0), _Handler)

    def answer(self, method, target, headers, body):
        if target.startswith("/__"):
            return Reply(404)
        parts = urlsplit(self.names.inward(target))
        text = self.names.inward(body.decode("latin-1"))
        call = Call(
            method,
            self.names.inward(target).partition("?")[0],
            tuple(parse_qsl(parts.query, keep_blank_values=True)),
            {name: value for name, value in headers.items() if name.lower() != "content-length"},
            text.encode("latin-1"),
        )
        reply = self.mock.ask(call)
        own = ("Mock-", "Content-Length")
        reply = replace(reply, headers=tuple(pair for pair in reply.headers if not pair[0].startswith(own)))
        return self.right.changed(self.names.outward(reply, target + text))


@contextmanager
def serving(right):
    """Serve *right* while the block runs, and yield its URL."""
    server = _Server(right)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    host = f"[{right.host}]" if ":" in right.host else right.host
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
