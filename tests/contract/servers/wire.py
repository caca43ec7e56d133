"""Puts a subject behind a real port, so that a broken server can be examined over the wire."""

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from werkzeug.serving import WSGIRequestHandler, make_server

from contracts.subjects import Call, Subject


@dataclass(frozen=True)
class Relay:
    """A WSGI application that hands every request to a subject; a space stays where it is, before the path."""

    subject: Subject

    def __call__(self, environ, start_response):
        path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:;@!$&'()*+,=~")
        subject, path = self._within(path)
        reply = subject.ask(
            Call(
                environ["REQUEST_METHOD"],
                path,
                tuple(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True)),
                dict(_headers(environ)),
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
            )
        )
        headers = [pair for pair in reply.headers if pair[0].lower() != "content-length"]
        start_response(f"{reply.status} Because", [*headers, ("Content-Length", str(len(reply.body)))])
        return [reply.body]

    def _within(self, path):
        if not path.startswith("/__space/"):
            return self.subject, path
        _, _, space, rest = path.split("/", 3)
        return self.subject.within(f"/__space/{space}"), f"/{rest}"


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
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
