import shlex
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from contracts.errors import Unanswered
from contracts.wire.messages import Call, Reply
from contracts.wire.subjects import UrlSubject, curl
from contracts.wire.wsgi import WsgiSubject


def echo(environ, start_response):
    """Tell what arrived."""
    size = int(environ["CONTENT_LENGTH"])
    start_response(
        "207 Multi-Status",
        [("Content-Type", "text/plain; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")],
    )
    told = [environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_X_A", "")]
    return [" ".join(told).encode(), environ["wsgi.input"].read(size)]


class Wire(BaseHTTPRequestHandler):
    """Tells the request line and the headers as they were sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        if "cut" in self.path:
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"short")
            self.close_connection = True
            return
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = "\n".join(
            [self.path, *(f"{name}: {value}" for name, value in self.headers.items()), sent.decode()]
        ).encode()
        self.send_response({"/away": 302, "/large": 413}.get(self.path, 200))
        self.send_header("Port", str(self.client_address[1]))
        for name, value in (("Location", "/other"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def wire():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Wire)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    subject = UrlSubject(f"http://127.0.0.1:{server.server_port}/")
    yield subject
    subject.session.close()
    server.shutdown()
    thread.join()
    server.server_close()


class TestAServerBehindAUrl:
    def test_a_call_arrives_as_it_was_written(self, wire):
        reply = wire.within("/__space/x").ask(Call("POST", "/a/../b%2Fc", (("q", "1 2"), ("q", "3"))))

        assert reply.body.decode().splitlines()[0] == "/__space/x/a/../b%2Fc?q=1+2&q=3"

    def test_nothing_is_added_but_what_http_needs(self, wire):
        reply = wire.ask(Call("POST", "/", headers={"Content-Type": "x/y"}, body=b"z"))

        names = {line.partition(":")[0] for line in reply.body.decode().splitlines()[1:-1]}
        assert names - {"Host", "Content-Length", "Connection", "Accept-Encoding", "User-Agent"} == {"Content-Type"}

    def test_no_cookie_is_kept_and_no_redirection_followed(self, wire):
        first = wire.ask(Call("POST", "/away"))
        second = wire.ask(Call("POST", "/"))

        assert first.status == 302
        assert "Cookie" not in second.body.decode()

    def test_two_cookies_stay_two(self, wire):
        reply = wire.ask(Call("POST", "/"))

        assert [value for name, value in reply.headers if name == "Set-Cookie"] == ["a=1", "b=2"]

    def test_a_connection_is_used_again_but_not_after_a_body_that_was_too_large(self, wire):
        ports = [wire.ask(Call("POST", path)).header("Port") for path in ("/", "/", "/large", "/")]

        assert ports[0] == ports[1] == ports[2] != ports[3]

    def test_an_incomplete_reply_is_none(self, wire):
        with pytest.raises(Unanswered, match="did not answer POST /cut"):
            wire.ask(Call("POST", "/cut"))

    def test_a_server_that_is_not_there_gives_no_reply(self):
        with pytest.raises(Unanswered, match="did not answer GET /"):
            UrlSubject("http://127.0.0.1:9").ask(Call("GET", "/"))


class TestAWsgiApplication:
    def test_it_is_called_without_a_server(self):
        call = Call("PUT", "/a%20b", (("q", "1"),), {"X-A": "yes"}, b" body")

        reply = WsgiSubject(echo).within("/__space/x").ask(call)

        assert reply.status == 207
        assert reply.body == b"PUT /__space/x/a b q=1 yes body"
        assert reply.header("set-cookie") == "a=1, b=2"

    def test_an_application_that_never_starts_gives_no_reply(self):
        with pytest.raises(Unanswered, match="did not start"):
            WsgiSubject(lambda _environ, _start: []).ask(Call("GET", "/"))


def test_a_command_repeats_the_call():
    subject = WsgiSubject(echo, url="http://host:1").within("/p")
    call = Call("POST", "/x", (("q", "1 2"),), {"Content-Type": "application/json"}, b'{"a": "it\'s"}')

    assert shlex.split(curl(subject, call)) == [
        "curl", "-i", "-X", "POST", "-H", "Content-Type: application/json", "--data-binary", "{\"a\": \"it's\"}",
        "http://host:1/p/x?q=1+2",
    ]  # fmt: skip


def test_a_long_body_is_told_short_in_the_command():
    command = curl(WsgiSubject(echo), Call("POST", "/", body=b"x" * 5000))

    assert "and so on, 5000 bytes" in command
    assert len(command) < 200


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        pytest.param(Reply(204), "204 without a media type: (empty body)", id="empty"),
        pytest.param(Reply(200, (("content-type", "A/B; x=y"),), b"hi\n"), "200 a/b: hi", id="text"),
        pytest.param(Reply(200, (), b"x" * 500), f"200 without a media type: {'x' * 400}... (500 bytes)", id="long"),
    ],
)
def test_a_reply_is_told_on_one_line(reply, told):
    assert reply.summary() == told
