"""The contract's routes in Flask, for calls that the door does not take, and what Flask refuses."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask, Request, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from mockserver.engine.engine import Engine
from mockserver.errors import AdminError, CallError, nearest
from mockserver.model import Call, Violation
from mockserver.web import routing
from mockserver.web.admin.routes import ADMIN, admin_refusal
from mockserver.web.bodies import body_for_flask
from mockserver.web.calls import call_of
from mockserver.web.replies import FAILED, answered, failed, log_failure

_PARAMETER = re.compile(r"\{([A-Za-z]+)\}")


def add_routes(app: Flask, engine: Engine) -> None:
    """Add one route for each path of each contract, its other spellings included.

    The door in front of Flask answers most calls of these routes; here come those that it does not take.
    """
    for operation in engine.apis.entries.values():
        view = _view(operation.id, engine)
        for path in operation.paths:
            rule = _PARAMETER.sub(r"<\1>", path)
            app.add_url_rule(rule, endpoint=operation.id, view_func=view, methods=[operation.method])
    app.before_request(_refuse_before_routing)
    app.register_error_handler(HTTPException, _refusal(app, engine))
    app.register_error_handler(CallError, _refusal(app, engine))
    app.register_error_handler(Exception, _failure(engine))


def _refuse_before_routing() -> None:
    refused: CallError | None = request.environ.get(routing.REFUSED)
    if refused is not None:
        raise refused
    if not _is_routed_as_sent(request):
        raise NotFound
    if request.url_rule is not None:
        request.environ[routing.ROUTE] = request.url_rule.rule.replace("<", "{").replace(">", "}")


def _is_routed_as_sent(sent: Request) -> bool:
    """Say whether werkzeug has left slashes at the beginning alone, which it drops, or adds where there is none."""
    return sent.path == routing.path_of(sent.environ)


def _view(operation: str, engine: Engine) -> Callable[..., Response]:
    def view(**path_values: str) -> Response:
        environ = request.environ
        call = call_of(environ, operation, path_values, body_for_flask(environ, _most(request)))
        return answered(engine, call, engine.answer(call))

    return view


def _refusal(app: Flask, engine: Engine) -> Callable[[HTTPException | CallError], Response]:
    def refuse(error: HTTPException | CallError) -> Response:
        told = error if isinstance(error, CallError) else _told(app, error)
        if _asks_admin():
            response = admin_refusal(AdminError(told.status, str(told)))
        else:
            call = _received_in_part(request, engine)
            response = answered(engine, call, engine.refuse(call, told))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    return refuse


def _failure(engine: Engine) -> Callable[[Exception], Response]:
    def fail(error: Exception) -> Response:
        if _asks_admin():
            log_failure(error)
            return admin_refusal(AdminError(500, FAILED))
        return failed(engine, error, lambda: _received_in_part(request, engine))

    return fail


def _received_in_part(sent: Request, engine: Engine) -> Call:
    """Make a call of a request that may not be readable as a whole."""
    routed = routing.REFUSED not in sent.environ and _is_routed_as_sent(sent)
    known = routed and sent.endpoint in engine.apis.entries
    try:
        body = body_for_flask(sent.environ, _most(sent))
    except HTTPException:
        body = b""
    return call_of(sent.environ, sent.endpoint if known else None, sent.view_args or {}, body)


def _most(sent: Request) -> int:
    most = sent.max_content_length
    assert most is not None, "the application sets MAX_CONTENT_LENGTH"  # noqa: S101
    return most


def _told(app: Flask, error: HTTPException) -> CallError:
    status = error.code or 500
    if status == 404:  # noqa: PLR2004
        path = routing.path_of(request.environ)
        what = f"nothing is served at {path[:200]!r}{_why_not(path)}{_nearest_path(app, path)}"
        return CallError(404, None, what, [Violation("path", what, "REQ-404")])
    if isinstance(error, MethodNotAllowed):
        tunnelled = request.method != request.environ[routing.SENT_METHOD]
        method = f"{request.method}, which {routing.OVERRIDE} asks for," if tunnelled else request.method
        what = f"{method} is not allowed here; allowed: {', '.join(sorted(error.valid_methods or []))}"
        return CallError(405, None, what, [Violation("method", what, "REQ-405")])
    if isinstance(error, RequestEntityTooLarge):
        what = f"must be at most {app.config['MAX_CONTENT_LENGTH']} bytes; the setting is max_body_bytes"
        return CallError(413, None, "body", [Violation("body", what, "REQ-413")])
    return CallError(400, None, error.description or "request", [Violation("request", str(error)[:200], "GE-400-BODY")])


def _asks_admin() -> bool:
    return routing.path_of(request.environ).startswith(ADMIN)


def _why_not(path: str) -> str:
    """Say what a path has that other servers would take out."""
    if not path.startswith("/"):
        return "; a path begins with a slash"
    if "//" in path:
        return "; slashes are not merged: send one where there are two"
    if not {".", ".."}.isdisjoint(path.split("/")):
        return "; the segments . and .. are not resolved: send the path that they lead to"
    return ""


def _nearest_path(app: Flask, path: str) -> str:
    rules = [rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/static")]
    return nearest(path, rules)


class LiteralRule(Rule):
    """A rule that takes no redirects: the mock answers at the path it was asked, or says 404."""

    def __init__(self, *args: object, **options: object) -> None:
        options.update(strict_slashes=True, merge_slashes=False)
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed through
