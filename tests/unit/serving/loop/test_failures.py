"""A bug of ours costs the caller that met it a 500, and nobody else anything."""

import logging
from contextlib import closing

import pytest

from mockserver.app import create_app
from mockserver.settings import Settings
from tests.support.calling.wire import request
from tests.support.serving.loops import SteppedLoop

DOOR = "/api/account/1/getEngagement"
CALL = request("POST", DOOR, b"{}")


class Bug(Exception):
    """What should not have been raised."""


def broken(*_args, **_options):
    raise Bug


def first_time(works):
    """Return what fails once, and then *works*."""
    calls = []

    def fails_once(*args, **options):
        calls.append(args)
        return broken() if len(calls) == 1 else works(*args, **options)

    return fails_once


@pytest.fixture
def served(caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("gunicorn.error"), "propagate", True)
    app = create_app(Settings(), wire=True)
    with closing(SteppedLoop(app)) as stepped:
        yield app, stepped


def answer(stepped, sent):
    client = stepped.connect()
    client.sock.send(sent)
    stepped.run_until(lambda: client.read or client.end)
    return client.read.split(b"\r\n", 1)[0]


@pytest.mark.parametrize("verb", ["receive", "settle", "respond"])
def test_a_verb_of_the_application_that_fails_is_answered_with_500(served, verb, monkeypatch, caplog):
    app, stepped = served
    monkeypatch.setattr(app, verb, first_time(getattr(app, verb)))

    assert answer(stepped, CALL) == b"HTTP/1.1 500 Internal Server Error"
    assert answer(stepped, CALL) == b"HTTP/1.1 200 OK"
    assert caplog.text.count("the mock server failed; please report this") == 1


def test_a_receipt_that_cannot_be_written_does_not_keep_the_reply_back(served, monkeypatch, caplog):
    app, stepped = served
    monkeypatch.setattr(type(app.engine), "deliver", broken)

    assert answer(stepped, request("POST", DOOR, b"{}", Prefer="delay-ms=1")) == b"HTTP/1.1 200 OK"
    assert "the mock server failed; please report this" in caplog.text


def test_an_admin_api_that_fails_is_answered_with_500(served, monkeypatch):
    app, stepped = served
    monkeypatch.setattr(app, "wsgi_app", broken)

    assert answer(stepped, request("GET", "/__admin/health")) == b"HTTP/1.1 500 Internal Server Error"
    assert answer(stepped, CALL) == b"HTTP/1.1 200 OK"


def test_a_connection_on_which_the_loop_itself_fails_is_closed(served, monkeypatch):
    _, stepped = served
    client = stepped.connect()
    traffic = stepped.loop._traffic
    monkeypatch.setattr(traffic, "_read", first_time(traffic._read))
    client.sock.send(CALL)
    stepped.run_until(lambda: client.end)

    assert client.read == b""
    assert answer(stepped, CALL) == b"HTTP/1.1 200 OK"
