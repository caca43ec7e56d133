from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from contracts.errors import NotOffered, SteeringError
from contracts.mock.spaces import Space


@pytest.fixture
def answering():
    servers = []

    def start(status, body):
        class Handler(BaseHTTPRequestHandler):
            def do_DELETE(self):
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_the_mock_does_not_offer_is_told_from_what_went_wrong(answering):
    url = answering(422, b'{"error":"no such space"}')

    with pytest.raises(NotOffered) as refusal:
        Space(url, "blue").remove()

    assert str(refusal.value) == 'the mock refused DELETE spaces/blue: {"error":"no such space"}'


def test_a_server_that_is_no_mock_is_named_with_its_answer(answering):
    url = answering(404, b"nothing here")

    with pytest.raises(SteeringError) as trouble:
        Space(url, "blue").remove()

    assert str(trouble.value) == (
        f"DELETE {url}/__space/blue/__admin/spaces/blue was answered with 404 nothing here; is this the mock server?"
    )


def test_a_mock_that_is_not_there_is_asked_after():
    with pytest.raises(SteeringError) as silence:
        Space("http://127.0.0.1:9", "blue").remove()

    assert str(silence.value) == ("http://127.0.0.1:9 does not answer: connection refused; is the mock running there?")
