"""Puts a subject behind a real port, so that a broken server can be examined over the wire."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote

from werkzeug.serving import WSGIRequestHandler, make_server

from contracts.wire.messages import Call
from contracts.wire.subjects import Subject


@dataclass(frozen=True)
class Relay:
    """A WSGI application that hands every request to a subject; a space stays where it is, before the path."""

    subject: Subject

    def __call__(self, environ, start_response):
        path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:;@!$&'()*+,=~")
        call = Call(
            environ["REQUEST_METHOD"],
            path,
            tuple(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
            dict(_headers(environ)),
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
        )
        subject, call = within_its_space(self.subject, call)
        reply = subject.ask(call)
        headers = [pair for pair in reply.headers if pair[0].lower() != "content-length"]
        start_response(f"{reply.status} Because", [*headers, ("Content-Length", str(len(reply.body)))])
        return [reply.body]


def within_its_space(subject, call):
    """Take the space out of the path of *call*, and return the subject within it."""
    if not call.path.startswith("/__space/"):
        return subject, call
    _, _, space, rest = call.path.split("/", 3)
    return subject.within(f"/__space/{space}"), replace(call, path=f"/{rest}")


def framed(reply, *, length=None):
    """Write *reply* as HTTP does, with the length that it has, or that is told here."""
    headers = [pair for pair in reply.headers if pair[0].lower() not in {"content-length", "connection"}]
    headers += [("Content-Length", len(reply.body) if length is None else length), ("Connection", "close")]
    lines = [f"HTTP/1.1 {reply.status} Because", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


class _Framing(BaseHTTPRequestHandler):
    """Lets the server's own function write the bytes of each reply, right or wrong."""

    protocol_version = "HTTP/1.1"

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self):
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(
            self.command, path, tuple(parse_qsl(query, keep_blank_values=True)), dict(self.headers.items()), body
        )
        subject, call = within_its_space(self.server.subject, call)
        self.wfile.write(self.server.framing(call, subject.ask(call)))
        self.close_connection = True

    def log_message(self, *_):
        pass


@contextmanager
def on_a_socket(subject, framing):
    """Serve *subject* while the block runs, each reply as the bytes that *framing* makes of it; yield the URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Framing)
    server.subject, server.framing = subject, framing
    with _serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


class _Quiet(WSGIRequestHandler):
    """Serves without a line of log for every request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


def _headers(environ):
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key.removeprefix("HTTP_").replace("_", "-").title(), value
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", environ["CONTENT_TYPE"]


@contextmanager
def on_a_port(subject):
    """Serve *subject* while the block runs, and yield its URL."""
    server = make_server("127.0.0.1", 0, Relay(subject), threaded=True, request_handler=_Quiet)
    with _serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def _serving(server):
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
