"""The door in front of Flask and Flask itself: two ways in, and nobody can tell which one was taken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.web.routing import Routing
from tests.api.serving import Mock

JS = "/api/account/1/getEngagement"
REST = "/api/account/1/app/engagement/visitors/"
BASE = "/api/account/1/service/baseURI"
LARGE = b'{"appType": "%s"}' % (b"x" * 3_000)

#: What goes past the door: nobody would miss the time that Flask takes there.
PAST = {
    "nowhere": ("GET", "/nothing", {}),
    "wrong method": ("DELETE", JS, {}),
    "head": ("HEAD", f"{BASE}.json?version=1.0", {}),
    "preflight": ("OPTIONS", JS, {"headers": {"Origin": "https://page.test"}}),
    "two slashes": ("POST", f"/{JS}", {"json": {}}),
    "name of a space that is none": ("POST", f"/__space/No{JS}", {"json": {}}),
    "override that is none": ("POST", JS, {"json": {}, "headers": {"X-HTTP-Method-Override": "DELETE"}}),
    "override of a call without a PUT": ("POST", JS, {"json": {}, "headers": {"X-HTTP-Method-Override": "PUT"}}),
    "body too large": ("POST", JS, {"data": LARGE, "content_type": "application/json"}),
    "body cut off": ("POST", JS, {"data": b"{}", "environ_overrides": {"CONTENT_LENGTH": "9"}}),
    "host that is none": ("POST", JS, {"json": {}, "headers": {"Host": "a b"}}),
    "path without a slash": ("POST", JS, {"json": {}, "environ_overrides": {"PATH_INFO": JS[1:]}}),
    "dots in the path": ("POST", f"/x/..{JS}", {"json": {}}),
    "path not ASCII": ("POST", "/api/account/é/getEngagement", {"json": {}}),
}
THROUGH = {
    "first call": ("POST", JS, {"json": {}}),
    "wrong value": ("POST", JS, {"json": {"appType": "WEB", "x": 1}}),
    "no JSON": ("POST", JS, {"data": b"{", "content_type": "application/json"}),
    "not UTF-8": ("POST", JS, {"data": b'{"vid": "\xff"}', "content_type": "application/json"}),
    "compressed": (
        "POST", JS, {"data": b"{}", "content_type": "application/json", "headers": {"Content-Encoding": "gzip"}},
    ),
    "member named twice": ("POST", JS, {"data": b'{"vid": "1", "vid": "2"}', "content_type": "application/json"}),
    "no media type": ("POST", JS, {"data": b"{}"}),
    "nothing": ("POST", JS, {}),
    "second call without ids": ("POST", JS, {"json": {"vid": "a"}, "headers": {"Cookie": "LPVID=a; b=c"}}),
    "query": ("POST", f"{JS}?a=1&b=%20&a=2&c&d=%FF", {"json": {}}),
    "space in the path": ("POST", f"/__space/blue{JS}", {"json": {}}),
    "space in a header": ("POST", JS, {"json": {}, "headers": {"Mock-Space": "green"}}),
    "space in the host": ("POST", JS, {"json": {}, "headers": {"Host": "red.localhost:8080"}}),
    "escapes in the path": ("POST", "/api/account/%31%20x/getEngagement", {"json": {}}),
    "preferred status": ("POST", JS, {"json": {}, "headers": {"Prefer": "code=500"}}),
    "preferred delay": ("POST", JS, {"json": {}, "headers": {"Prefer": "delay-ms=1"}}),
    "location": ("POST", f"{REST}?v=1.0", {"json": {"appType": "EXTERNAL"}}),
    "update": ("PUT", f"{REST}a?v=1.0&sid=b", {"json": {"pageId": "4743822558"}}),
    "tunnelled update": (
        "POST", f"{REST}a?v=1.0&sid=b", {"json": {}, "headers": {"X-HTTP-Method-Override": "PUT"}},
    ),
    "domain": ("GET", f"{BASE}.json?version=1.0", {}),
    "page of another origin": ("POST", JS, {"json": {}, "headers": {"Origin": "https://page.test"}}),
    "origin that is none": ("POST", JS, {"json": {}, "headers": {"Origin": "caf\xe9"}}),
}  # fmt: skip
VERBATIM = {
    "no content": {"status": 204},
    "no such status": {"status": 499, "body": {}},
    "headers that are rewritten": {"status": 200, "body": "x", "headers": {"Location": "/a b", "Content-Type": "a/b"}},
}


class Pair:
    """Two servers that are the same, but that one of them has no door."""

    def __init__(self):
        self.fast, self.slow = (Mock(max_body_bytes=2_000) for _ in range(2))
        door = self.slow.app.wsgi_app._app
        self.slow.app.wsgi_app = Routing(door._inside)
        self.passed = []
        inside = self.fast.app.wsgi_app._app._inside

        def counted(environ, start_response):
            self.passed.append(environ["PATH_INFO"])
            return inside(environ, start_response)

        self.fast.app.wsgi_app._app._inside = counted

    def both(self, method, path, **what):
        """Ask both, and return what each answered and recorded."""
        seen = []
        for mock in (self.fast, self.slow):
            with mock.app.test_client(use_cookies=False) as client:
                answer = client.open(path, method=method, **what)
            recorded = [
                {**exchange, "took_us": 0}
                for space in mock.engine.spaces.names()
                for _, exchange in mock.engine.store.entries(space, "journal")
            ]
            seen.append(((answer.status, list(answer.headers), answer.data), recorded))
        return seen


@pytest.mark.parametrize(("name", "asked"), [*PAST.items(), *THROUGH.items()])
def test_both_ways_answer_the_same_bytes_and_record_the_same(name, asked):
    method, path, what = asked
    pair = Pair()
    fast, slow = pair.both(method, path, **what)

    assert fast == slow
    assert fast[1] or name == "preflight"
    assert bool(pair.passed) == (name in PAST)


@pytest.mark.parametrize("raw", VERBATIM.values(), ids=VERBATIM)
def test_a_reply_of_ones_own_is_the_same_both_ways(raw):
    pair = Pair()
    for mock in (pair.fast, pair.slow):
        mock.play({"then": {"reply": raw, "off_contract": True}})
    fast, slow = pair.both("POST", JS, json={})

    assert fast == slow
    assert fast[0][0].startswith(str(raw["status"]))


SHARED = Pair()
WORDS = st.sampled_from(["api", "account", "1", "getEngagement", "app", "engagement", "visitors", "a", "%2F", "", "é"])
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=20)


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE"]),
    path=st.one_of(st.just(JS), st.lists(WORDS, max_size=6).map(lambda words: "/" + "/".join(words))),
    query=st.text(max_size=20),
    headers=st.dictionaries(st.sampled_from(["Host", "Prefer", "Cookie", "Origin", "Mock-Space"]), HEADER, max_size=2),
    data=st.one_of(st.just(b"{}"), st.binary(max_size=30)),
)
def test_no_request_is_answered_otherwise_by_the_door(method, path, query, headers, data):
    fast, slow = SHARED.both(
        method, path, query_string=query, headers=headers, data=data, content_type="application/json"
    )

    assert fast[0] == slow[0]
    for mock in (SHARED.fast, SHARED.slow):
        mock.steer("POST", "/reset")
