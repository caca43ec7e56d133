"""A server in this process, asked through Flask's test client."""

import itertools
from dataclasses import dataclass

import orjson
from werkzeug.datastructures import Headers

from mockserver.app import create_app
from mockserver.settings import Settings
from mockserver.stores.memory import MemoryStore
from tests.support.builders import ACCOUNT, DOCUMENT, NOW_MS


class WallClock:
    """A wall clock that a test moves."""

    def __init__(self, now_ms=NOW_MS):
        self.now_ms = now_ms

    def __call__(self):
        return self.now_ms


class Mock:
    """A server with the seed 7, a store in memory, and a wall clock that stands still."""

    def __init__(self, *, document=DOCUMENT, apis=(), store=None, seeds=None, **settings):
        self.wall = WallClock()
        self.app = create_app(
            Settings(**{"seed": 7, **settings}),
            document=document,
            apis=apis,
            store=store,
            wall_ms=self.wall,
            seeds=seeds or itertools.count(1).__next__,
        )
        self.engine = self.app.engine
        self._http = self.app.test_client(use_cookies=False)

    def ask(self, method, path, body=None, *, headers=(), space=None, query=None, data=None, content_type=None):  # noqa: PLR0913 as HTTP has them
        """Send one request; *body* is sent as JSON, *data* as it is."""
        if body is not None:
            data, content_type = orjson.dumps(body), content_type or "application/json"
        path = f"/__space/{space}{path}" if space else path
        return self._http.open(
            path, method=method, data=data, headers=Headers(headers), query_string=query, content_type=content_type
        )

    def js(self, body=None, *, account=ACCOUNT, **options):
        """Ask at the JS door."""
        if body is None and "data" not in options:
            body = {}
        return self.ask("POST", f"/api/account/{account}/getEngagement", body, **options)

    def rest(self, body=None, *, vid="", sid=None, v="1.0", account=ACCOUNT, **options):
        """Ask at the REST door; without *vid* it is the first request."""
        if body is None and "data" not in options:
            body = {"appType": "EXTERNAL"}
        query = {name: value for name, value in (("v", v), ("sid", sid)) if value is not None}
        path = f"/api/account/{account}/app/engagement/visitors/{vid}"
        return self.ask("POST", path, body, **{"query": query, **options})

    def update(self, vid, sid, body=None, *, v="1.0", account=ACCOUNT, method="PUT", **options):  # noqa: PLR0913 as the operation has them
        """Ask for Update Session."""
        query = {name: value for name, value in (("v", v), ("sid", sid)) if value is not None}
        path = f"/api/account/{account}/app/engagement/visitors/{vid}"
        if body is None and "data" not in options:
            body = {"pageId": "4743822558"}
        return self.ask(method, path, body, query=query, **options)

    def admin(self, method, path, body=None, **options):
        """Ask the admin API."""
        return self.ask(method, f"/__admin{path}", body, **options)

    def steer(self, method, path, body=None, **options):
        """Ask the admin API for what it grants, and return its answer."""
        answer = self.admin(method, path, body, **options)
        assert answer.status_code in (200, 204), answer.text
        return answer.json if answer.data else None

    def play(self, *stubs, space=None, **members):
        """Put a scenario of these stubs in force."""
        self.steer("PUT", "/scenario", {"scenario": {"scenario": "test", "stubs": stubs, **members}}, space=space)

    def rules(self, space=None, **rules):
        """Give a space rules of its own."""
        return self.steer("PUT", "/rules", rules, space=space)

    def journal(self, space=None, **query):
        """Return the exchanges that match."""
        return self.steer("GET", "/journal", query=query, space=space)["exchanges"]


class BrokenStore(MemoryStore):
    """A store that stops answering when it is told to."""

    def __init__(self, error):
        super().__init__()
        self.error = error
        self.broken = False

    def get(self, *place):
        """Return the record, or fail."""
        if self.broken:
            raise self.error
        return super().get(*place)

    def ping(self):
        """Answer, or fail."""
        if self.broken:
            raise self.error


def ids(answer):
    """Return the visitor and session ids of a reply, by the names that a later call uses."""
    assert answer.status_code == 200, answer.text
    return {"vid": answer.json["visitorId"], "sid": answer.json["sessionId"]}


def violations(answer):
    """Return the header `Mock-Violations`, read."""
    return orjson.loads(answer.headers.get("Mock-Violations", "[]"))


def broken(answer):
    """Return the place and the clause of each violation."""
    return [(violation["where"], violation["clause"]) for violation in violations(answer)]


def refusal_of(answer, *, at_ms=NOW_MS):
    """Return status, internalCode, message and clauses of an error, whose body is the error entity and no more."""
    entity = dict(answer.json)
    assert answer.content_type == "application/json"
    assert entity.pop("time") == at_ms
    code, message = entity.pop("internalCode"), entity.pop("message", None)
    assert entity == {}
    return answer.status_code, code, message, answer.headers.get("Mock-Clause", "").split(", ")


@dataclass(frozen=True)
class Door:
    """One of the two ways to ask for an engagement, and where the identifiers stand in it."""

    name: str
    vid: str
    sid: str

    def ask(self, mock, *, vid=None, sid=None, **options):
        """Ask through this door, with a body that keeps the contract unless the options have another."""
        if self.name == "rest":
            return mock.rest(vid=vid or "", sid=sid, **options)
        if "data" in options:
            return mock.js(**options)
        body = options.pop("body", {})
        named = {name: value for name, value in (("vid", vid), ("sid", sid)) if value is not None}
        return mock.js({**body, **named}, **options)

    def with_body(self, mock, **members):
        """Ask with these members beside the appType that the door wants."""
        return self.ask(mock, body={"appType": "EXTERNAL", **members})


DOORS = (Door("js", "body.vid", "body.sid"), Door("rest", "path.visitorId", "query.sid"))


def ask_validly(mock, operation, **options):
    """Send a call that keeps the contract, with these options."""
    opened = ids(mock.rest()) if operation in ("createSession", "updateSession") else {}
    domain = {"query": {"version": "1.0"}, **options}
    calls = {
        "getEngagement": lambda: mock.js(**options),
        "createFirstSession": lambda: mock.rest(**options),
        "createSession": lambda: mock.rest(**opened, **options),
        "updateSession": lambda: mock.update(**opened, **options),
        "listDomains": lambda: mock.ask("GET", "/api/account/1/service/baseURI.json", **domain),
        "getDomain": lambda: mock.ask("GET", "/api/account/1/service/smt/baseURI.json", **domain),
        "listDomainsScript": lambda: mock.ask(
            "GET", "/csdr/account/1/service/baseURI.lpCsds", **options, query={"version": "1.0", "cb": "x"}
        ),
        "getDomainScript": lambda: mock.ask(
            "GET", "/csdr/account/1/service/smt/baseURI.lpCsds", **options, query={"version": "1.0", "cb": "x"}
        ),
    }
    return calls[operation]()
