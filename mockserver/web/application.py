"""The application: every request comes in here, in tests and in production."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Response

from mockserver.engine.engine import FAILED, Engine, PendingCall, log_failure
from mockserver.errors import AdminError, CallError
from mockserver.model import Reply
from mockserver.settings import Settings
from mockserver.web.admin.requests import MOST_BODY
from mockserver.web.admin.routes import ADMIN, add_admin, admin_refusal
from mockserver.web.bodies import OversizedBody, UnreadableBody, read_body
from mockserver.web.calls import call_of
from mockserver.web.cors import Cors
from mockserver.web.outgoing import Outgoing, outgoing
from mockserver.web.performing import perform
from mockserver.web.refusals import no_such_method, no_such_path, oversized_body, unreadable_body
from mockserver.web.router import LiteralRule, Route, Router
from mockserver.web.target import ROUTE, TARGET, Environ, Target, environ_for_flask, target_of

#: No API has such paths; here stand the admin API and what else is ours.
_OURS = "/__"
_NOWHERE = Route(None, "", {})


class MockServer(Flask):
    """The mock as a WSGI application.

    A call of an API is received, settled and responded to, one after the other in `wsgi_app`. A server that watches
    many connections takes these steps by itself, so that calls that came together are settled in one transaction, and
    nobody waits in a thread. All else, the admin API, goes Flask's usual way.
    """

    response_class = Response  # type: ignore[assignment]  # Flask's own adds what nothing here uses

    def __init__(self, engine: Engine, settings: Settings) -> None:
        super().__init__("mockserver", static_folder=None)
        self.engine = engine
        self._most = settings.max_body_bytes
        self.url_rule_class = LiteralRule
        self.url_map.merge_slashes = False
        self.url_map.redirect_defaults = False
        operations = list(engine.apis.entries.values())
        self._cors = Cors(operations) if settings.cors else None
        for operation in operations:
            for rule in operation.rules:
                self.add_url_rule(rule.text, endpoint=operation.id, methods=[operation.method])
        add_admin(self, engine, settings)
        self._router = Router(self.url_map, operations)
        self.before_request(_refuse_before_routing)
        self.register_error_handler(Exception, self._admin_refusal)

    @property
    def largest_body_bytes(self) -> int:
        """How many bytes of the largest body are read."""
        return max(self._most, MOST_BODY)

    def most_body_bytes(self, path: str) -> int:
        """Return how many bytes of a body are read under *path*, which may begin with a space."""
        return MOST_BODY if ADMIN in path else self._most

    def receive(self, environ: Environ) -> PendingCall | None:
        """Read, route and judge a request. Returns None for what is no call of an API.

        The body is read from `wsgi.input`: a server that must not wait has all of it there.
        """
        target = target_of(environ)
        if target.path.startswith(ADMIN):
            return None
        found = target.refusal or self._router.find(target)
        route, refusal = (found, None) if isinstance(found, Route) else (_NOWHERE, found)
        try:
            body = read_body(environ, self._most)
        except OversizedBody:
            body, refusal = b"", refusal or oversized_body(self._most)
        except UnreadableBody as error:
            body, refusal = b"", refusal or unreadable_body(str(error))
        call = call_of(environ, target, route.operation, route.path_values, body)
        if refusal is not None:
            pending = self.engine.refuse(call, refusal)
        elif target.method == "OPTIONS":
            pending = self.engine.reply_unrecorded(call, self._options(target))
        else:
            pending = self.engine.judge(call)
        pending.route = route.rule
        return pending

    def settle(self, calls: Sequence[PendingCall], *, wait: bool = True) -> None:
        """Give each of *calls* its reply, and record the exchange; as `Engine.settle`."""
        self.engine.settle(calls, wait=wait)

    def respond(self, pending: PendingCall) -> Outgoing:
        """Write the reply to a call that was settled."""
        call, reply = pending.call, pending.reply
        assert reply is not None, "a call is settled before it is responded to"  # noqa: S101
        origin = call.headers.get("origin", "")
        allowed = self._cors if origin and not call.path.startswith(_OURS) else None
        added = allowed.allowing(origin, call.method, reply.headers) if allowed else ()
        return outgoing(reply, call.method, added, lambda delivery: self.engine.deliver(call, reply, delivery))

    def wsgi_app(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as any WSGI application does, in the thread that asks."""
        pending = self.receive(environ)
        if pending is None:
            return super().wsgi_app(environ_for_flask(environ), start_response)
        self.settle([pending])
        return perform(self.respond(pending), start_response)

    def _options(self, target: Target) -> Reply:
        headers = (("Content-Type", "text/html; charset=utf-8"), ("Allow", self._router.allowed(target.path)))
        return Reply(200, b"", headers)

    # --- Flask's usual way -------------------------------------------------------------------------------

    def _admin_refusal(self, error: Exception) -> Response:
        target: Target = request.environ[TARGET]
        match error:
            case CallError():
                refusal = error
            case MethodNotAllowed():
                refusal = no_such_method(target, error.valid_methods or ())
            case NotFound():
                refusal = no_such_path(target.path, self._router.served())
            case HTTPException():
                refusal = CallError(error.code or 500, None, error.description or "request")
            case _:
                log_failure(error)
                refusal = CallError(500, None, FAILED)
        response = admin_refusal(AdminError(refusal.status, str(refusal)))
        response.headers.extend(refusal.headers)
        return response


def _refuse_before_routing() -> None:
    target: Target = request.environ[TARGET]
    if target.refusal is not None:
        raise target.refusal
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule
