"""The application: every request comes in here, in tests and in production."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, Rule
from werkzeug.wrappers import Response

from mockserver.engine.engine import FAILED, Engine, PendingCall, log_failure
from mockserver.errors import AdminError, CallError, EarlyRefusal
from mockserver.model import Reply
from mockserver.settings import Settings
from mockserver.web.admin.requests import MOST_BODY
from mockserver.web.admin.routes import ADMIN, add_admin, admin_refusal
from mockserver.web.bodies import OversizedBody, UnreadableBody, read_body
from mockserver.web.calls import call_of
from mockserver.web.cors import allowing
from mockserver.web.outgoing import Outgoing, outgoing
from mockserver.web.performing import perform
from mockserver.web.refusals import no_such_method, no_such_path, oversized_body, unreadable_body
from mockserver.web.target import ROUTE, TARGET, Environ, Target, environ_for_flask, target_of

#: No API has such paths; here stand the admin API and what else is ours.
_OURS = "/__"


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
        self._cors = settings.cors
        self.url_rule_class = LiteralRule
        self.url_map.merge_slashes = False
        self.url_map.redirect_defaults = False
        operations = engine.apis.entries.values()
        #: Of the paths with a parameter whose name no variable of a rule can have, by the text of the rule.
        self._renaming = {rule.text: rule for o in operations for rule in o.rules if rule.renames}
        for operation in operations:
            for rule in operation.rules:
                self.add_url_rule(rule.text, endpoint=operation.id, methods=[operation.method])
        add_admin(self, engine, settings)
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
        rule, path_values, refusal = self._routed(target)
        try:
            body = read_body(environ, self._most)
        except OversizedBody:
            body, refusal = b"", refusal or oversized_body(self._most)
        except UnreadableBody as error:
            body, refusal = b"", refusal or unreadable_body(str(error))
        call = call_of(environ, target, rule.endpoint if rule else None, path_values, body)
        if refusal is not None:
            pending = self.engine.refuse(call, refusal)
        elif target.method == "OPTIONS":
            pending = self.engine.reply_unrecorded(call, self._options(target))
        else:
            pending = self.engine.judge(call)
        pending.route = rule.rule if rule else ""
        return pending

    def settle(self, calls: Sequence[PendingCall], *, wait: bool = True) -> None:
        """Give each of *calls* its reply, and record the exchange; as `Engine.settle`."""
        self.engine.settle(calls, wait=wait)

    def respond(self, pending: PendingCall) -> Outgoing:
        """Write the reply to a call that was settled."""
        call, reply = pending.call, pending.reply
        assert reply is not None, "a call is settled before it is responded to"  # noqa: S101
        origin = call.headers.get("origin", "") if self._cors and not call.path.startswith(_OURS) else ""
        added = allowing(origin, call.method, reply.headers) if origin else ()
        return outgoing(reply, call.method, added, lambda delivery: self.engine.deliver(call, reply, delivery))

    def wsgi_app(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as any WSGI application does, in the thread that asks."""
        pending = self.receive(environ)
        if pending is None:
            return super().wsgi_app(environ_for_flask(environ), start_response)
        self.settle([pending])
        return perform(self.respond(pending), start_response)

    # --- routing -----------------------------------------------------------------------------------------

    @cached_property
    def _router(self) -> MapAdapter:
        return self.url_map.bind("localhost")  # the map has no hosts, so that any will do

    def _routed(self, target: Target) -> tuple[Rule | None, Mapping[str, Any], EarlyRefusal | None]:
        """Return the rule that serves the target, with the values in its path, or why there is none."""
        if target.refusal is not None:
            return None, {}, target.refusal
        path = target.path
        try:
            if not path.startswith("/") or path.startswith("//"):  # slashes that werkzeug would add, or drop
                raise NotFound
            rule, path_values = self._router.match(path, target.method, return_rule=True)
        except MethodNotAllowed as error:
            return None, {}, no_such_method(target, error.valid_methods or ())
        except HTTPException:
            return None, {}, no_such_path(path, self._served())
        renaming = self._renaming.get(rule.rule)
        return rule, renaming.path_values(path_values) if renaming else path_values, None

    def _served(self) -> Iterable[str]:
        return (rule.rule for rule in self.url_map.iter_rules())

    def _options(self, target: Target) -> Reply:
        allowed = ", ".join(sorted(self._router.allowed_methods(target.path)))
        return Reply(200, b"", (("Content-Type", "text/html; charset=utf-8"), ("Allow", allowed)))

    # --- Flask's usual way -------------------------------------------------------------------------------

    def _admin_refusal(self, error: Exception) -> Response:
        target: Target = request.environ[TARGET]
        match error:
            case CallError():
                refusal = error
            case MethodNotAllowed():
                refusal = no_such_method(target, error.valid_methods or ())
            case NotFound():
                refusal = no_such_path(target.path, self._served())
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


class LiteralRule(Rule):
    """A rule that takes no redirects: the mock answers at the path it was asked, or says 404."""

    def __init__(self, *args: object, **options: object) -> None:
        options.update(strict_slashes=True, merge_slashes=False)
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed through
