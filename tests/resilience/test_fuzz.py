"""Requests that are nearly right, by the thousand: never an exception, never a 5xx that was not asked for.

`make soak` runs them for FUZZ_S seconds with a seed of its own; FUZZ_SEED repeats a run.
"""

import io
import json
import os
import random
import re
import time

import orjson

from mockserver.app import create_app
from mockserver.settings import Settings

FUZZ_S = int(os.environ.get("FUZZ_S", "6"))
SEED = int(os.environ.get("FUZZ_SEED", "20261121"))

ADMIN_ERROR, ENTITY = {"error"}, {"time", "internalCode"}
#: What the contract documents beyond the errors of callers, and a preference or scenario may ask for.
ASKED_FOR = (500, 503)

JS, REST = "/api/account/1/getEngagement", "/api/account/1/app/engagement/visitors/"
SEEDS = [
    ("POST", JS, "", {}, {"appType": "EXTERNAL", "vid": "a", "sid": "b"}),
    ("POST", REST, "v=1.0", {"Prefer": "delay-ms=0"}, {"appType": "MSDK", "consumerSections": ["A", "B"]}),
    ("POST", f"{REST}a", "v=1.0&sid=b", {"Cookie": "LPVID=a"}, {"appType": "EXTERNAL", "appDetails": {"os": "IOS"}}),
    ("PUT", f"{REST}a", "v=1.0&sid=b", {"Mock-Space": "a"}, {"pageId": "1", "impAttributes": [{"type": "impDisplay"}]}),
    ("GET", "/api/account/1/service/smt/baseURI.json", "version=1.0", {"Origin": "http://a.example"}, None),
    ("GET", "/csdr/account/1/service/smt/baseURI.lpCsds", "version=1.0&cb=f", {}, None),
    ("GET", "/__admin/journal", "limit=3&after=0&status=200&clause=GE-401-SID", {}, None),
    ("PUT", "/__admin/rules", "", {}, {"second_request": "ids", "session_lifetime_s": 60, "accounts": ["1"]}),
    ("PUT", "/__admin/clock", "", {}, {"frozen": True, "now_ms": 1_469_543_282_471}),
    ("POST", "/__admin/clock/advance", "", {}, {"ms": 1_000}),
    ("PUT", "/__admin/seed", "", {}, {"seed": 7}),
    ("PUT", "/__admin/faults", "", {}, {"faults": [{"delay": {"ms": 0}}, {"status": {"code": 503}}]}),
    ("PUT", "/__admin/scenario", "", {}, {"text": "scenario: a\nstubs:\n  - then: not_available\n"}),
    ("PUT", "/__admin/scenario", "", {}, {"scenario": {"scenario": "a", "stubs": [{"then": {"error": "loading"}}]}}),
    ("POST", "/__admin/journal/verify", "", {}, {"match": {"status": 200}, "at_least": 1}),
    ("POST", "/__admin/reset", "", {}, None),
]
LONG = ["9" * 400, "a" * 5_000]
WORDS = ["", " ", "\x00", "é", "𝄞", "\ud800", "../..", "%00", "null", "-1", "1e999", "'\"<>&;\r\n", *LONG]
VALUES = [None, True, False, 0, -1, 1.5, 2**63, 2**64, 1e308, [], {}, [[]], {"": ""}, *WORDS]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
HEADERS = ["Prefer", "Mock-Space", "Cookie", "Origin", "Host", "Content-Type", "Content-Length", "Accept", "If-Match",
           "X-HTTP-Method-Override", "Transfer-Encoding", "Authorization", "X-LP-Last-Modified"]  # fmt: skip
PREFERENCES = [
    "code=500",
    "code=503",
    "code=200, dynamic=true",
    "example=available",
    "delay-ms=0",
    "code=999",
    "wait=1",
]


def mutated_value(chance, value):
    """Return *value* with one place in it changed."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        name = chance.choice(list(value))
        return chance.choice(
            [
                {**value, name: mutated_value(chance, value[name])},
                {**value, chance.choice(WORDS): chance.choice(VALUES)},
                {other: member for other, member in value.items() if other != name},
            ]
        )
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], mutated_value(chance, value[at]), *value[at + 1 :] * chance.choice([0, 1, 2])]
    if isinstance(value, str) and value and chance.random() < 0.5:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice(WORDS) + value[at + chance.choice([0, 1, 3]) :]
    return chance.choice(VALUES)


def as_bytes(chance, body):
    """Write *body* as JSON, now and then with an accident."""
    if body is None:
        return b""
    data = bytearray(json.dumps(body).encode())
    for _ in range(chance.choice([0, 0, 0, 1, 4])):
        at = chance.randrange(len(data) + 1)
        data[at : at + chance.choice([0, 1, 5])] = chance.choice([b"", b"\x00", b"\xff", b"{", b'"', b"1e999", b"\\u"])
    return bytes(data)


def mutated(chance):
    """Make the environment of a request that is right but for some accidents."""
    method, path, query, headers, body = chance.choice(SEEDS)
    headers = {"Host": "127.0.0.1", "Content-Type": "application/json", **headers}
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        what = chance.choice(["method", "path", "query", "headers", "prefer", "body", "body", "body"])
        if what == "method":
            method = chance.choice(METHODS)
        elif what == "path":
            path = mutated_value(chance, path) if chance.random() < 0.5 else f"/__space/a{path}"
        elif what == "query":
            query = mutated_value(chance, query) if chance.random() < 0.5 else f"{query}&{query}"
        elif what == "headers":
            headers[chance.choice(HEADERS)] = str(chance.choice(VALUES))
        elif what == "prefer":
            headers["Prefer"] = chance.choice(PREFERENCES)
        else:
            body = mutated_value(chance, body)
    return environ(method, str(path), str(query), headers, as_bytes(chance, body))


def environ(method, path, query, headers, body):
    def latin(text):
        return text.encode("utf-8", "surrogatepass").decode("latin-1")

    named = {f"HTTP_{name.upper().replace('-', '_')}": latin(value) for name, value in headers.items()}
    length = named.pop("HTTP_CONTENT_LENGTH", str(len(body)))
    return {
        **named,
        "REQUEST_METHOD": method,
        "PATH_INFO": latin(path),
        "QUERY_STRING": latin(query),
        "CONTENT_TYPE": named.pop("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": length,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def asked(app, sent):
    """Ask as a WSGI server would, and return status, headers and body."""
    told = []
    body = b"".join(app(sent, lambda status, headers, _=None: told.append((int(status[:3]), dict(headers)))))
    [(status, headers)] = told
    return status, headers, body


def problem_with(sent, status, headers, body):
    """Say how a reply breaks what holds for every reply, or nothing."""
    for name, value in headers.items():
        if not re.fullmatch(r"[\x20-\x7e\t]*", value):
            return f"header {name} has {value!r}"
    if status >= 500 and status not in ASKED_FOR:
        return f"status {status}"
    if "please report" in sent["wsgi.errors"].getvalue() or b"its log says how" in body:
        return "the server failed"
    if status < 400 or sent["REQUEST_METHOD"] == "HEAD" or "Mock-Stub" in headers:
        return ""
    members = orjson.loads(body).keys()
    return "" if members >= ADMIN_ERROR or members >= ENTITY else f"the body of a {status} is {body!r}"


def test_requests_that_are_nearly_right_never_break_the_server(record_property):
    chance = random.Random(SEED)
    app = create_app(Settings(journal_entries=100, max_spaces=100, max_body_bytes=20_000, seed=1))
    deadline = time.monotonic() + FUZZ_S
    statuses = {}
    found = []
    while time.monotonic() < deadline and not found:
        sent = mutated(chance)
        body = sent["wsgi.input"].getvalue()
        status, headers, told = asked(app, sent)
        statuses[status] = statuses.get(status, 0) + 1
        if problem := problem_with(sent, status, headers, told):
            found.append((problem, sent["REQUEST_METHOD"], sent["PATH_INFO"], sent["QUERY_STRING"], body, told))
    record_property("statuses", statuses)

    assert found == [], f"repeat it with FUZZ_SEED={SEED}"
    assert {200, 400, 404, 405} <= set(statuses), "requests that are all alike try nothing"
    assert asked(app, environ("POST", JS, "", {"Host": "a", "Mock-Space": "fresh"}, b""))[0] == 200
