"""The contract's routes: a Flask request becomes a call, a reply becomes a Flask response."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.routing import Rule

from mockserver.engine import Engine, problem
from mockserver.errors import AdminError, CallError, nearest
from mockserver.model import Call, Delivery, Reply, Violation
from mockserver.spec import Contract
from mockserver.web import routing
from mockserver.web.admin import ADMIN, admin_refusal
from mockserver.web.bodies import read_body
from mockserver.web.wire import Delivered, DistortedResponse, pause

_PARAMETER = re.compile(r"\{([A-Za-z]+)\}")


def add_routes(app: Flask, contract: Contract, engine: Engine) -> None:
    """Add one route for each path of the contract, its other spellings included."""
    for operation in contract.operations.values():
        view = _view(operation.id, engine)
        for path in operation.paths:
            rule = _PARAMETER.sub(r"<\1>", path)
            app.add_url_rule(rule, endpoint=operation.id, view_func=view, methods=[operation.method])
    app.before_request(_refuse_bad_space)
    app.register_error_handler(HTTPException, _refusal(app, engine))
    app.register_error_handler(Exception, _failure(app, engine))


def received(sent: Request, operation: str | None) -> Call:
    """Make a `Call` of the request. Raises werkzeug's `HTTPException` for a body that cannot be read."""
    environ = sent.environ
    host = sent.host or "localhost"
    return Call(
        operation=operation,
        method=sent.method,
        # WSGI hands the bytes of the path on as Latin-1.
        path=environ.get("PATH_INFO", "/").encode("latin-1").decode("utf-8", "replace"),
        path_values=dict(sent.view_args or {}),
        query=tuple(sent.args.items(multi=True)) if environ.get("QUERY_STRING") else (),
        headers=_headers(environ),
        cookies=dict(sent.cookies.items()) if "HTTP_COOKIE" in environ else {},
        body=read_body(sent),
        space=environ[routing.SPACE],
        base=host + environ[routing.PREFIX],
        prefix=environ[routing.PREFIX],
        connection=f"{environ.get('REMOTE_ADDR', '')}:{environ.get('REMOTE_PORT', '')}",
        sent_method=environ[routing.SENT_METHOD],
    )


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Read the headers as WSGI has them; werkzeug's own view of them costs a tenth of a call."""
    found = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if environ.get(name):
            found[name.replace("_", "-").lower()] = environ[name]
    return found


def _unheard(_delivery: Delivery) -> None:
    """Take note of nothing."""


def send(reply: Reply, delivered: Delivered = _unheard) -> Response:
    """Perform *reply*: wait as long as it says, then write it; one that faults distorted says what became of it."""
    response: Response
    if reply.faults:
        response = DistortedResponse(reply, delivered)
    else:
        pause(reply.delay_ms)
        response = Response(reply.body, status=reply.status)
    response.headers.clear()
    for name, value in reply.headers:
        response.headers.add(name, value)
    announced = reply.wire.announced
    response.headers["Content-Length"] = str(len(reply.body) if announced is None else announced)
    return response


def _answered(engine: Engine, call: Call, reply: Reply) -> Response:
    return send(reply, lambda delivery: engine.deliver(call, reply, delivery))


def _refuse_bad_space() -> None:
    if routing.BAD_SPACE in request.environ:
        raise NotFound


def _view(operation: str, engine: Engine) -> Callable[..., Response]:
    def view(**_path_values: str) -> Response:
        call = received(request, operation)
        return _answered(engine, call, engine.answer(call))

    return view


def _refusal(app: Flask, engine: Engine) -> Callable[[HTTPException], Response]:
    def refuse(error: HTTPException) -> Response:
        told = _told(app, error)
        if request.path.startswith(ADMIN):
            response = admin_refusal(AdminError(told.status, str(told)))
        else:
            call = _received_in_part(request, engine)
            response = _answered(engine, call, engine.refuse(call, told))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    return refuse


def _failure(app: Flask, engine: Engine) -> Callable[[Exception], Response]:
    def fail(error: Exception) -> Response:
        # Only a bug ends here. The caller gets the contract's 500, the log gets the trace.
        app.logger.error("the mock server failed; please report this", exc_info=error)
        told = CallError(500, 18, "the mock server failed; its log says how")
        if request.path.startswith(ADMIN):
            return admin_refusal(AdminError(told.status, str(told)))
        try:
            call = _received_in_part(request, engine)
            return _answered(engine, call, engine.refuse(call, told))
        except Exception:  # noqa: BLE001 what failed may fail again; then the exchange goes unrecorded
            return send(problem(told, engine.wall_ms()))

    return fail


def _received_in_part(sent: Request, engine: Engine) -> Call:
    """Make a call of a request that may not be readable as a whole."""
    known = sent.endpoint in engine.contract.operations and routing.BAD_SPACE not in sent.environ
    operation = sent.endpoint if known else None
    try:
        return received(sent, operation)
    except HTTPException:  # now its body counts as empty
        return received(sent, operation)


def _told(app: Flask, error: HTTPException) -> CallError:
    status = error.code or 500
    bad_space = request.environ.get(routing.BAD_SPACE)
    if bad_space is not None:
        what = f"{bad_space[:80]!r} cannot name a space; use 1 to 63 lower-case letters, digits and dashes"
        return CallError(404, 28, what, [Violation("space", what, "REQ-404")])
    if status == 404:  # noqa: PLR2004
        what = f"nothing is served at {request.path[:200]!r}{_nearest_path(app, request.path)}"
        return CallError(404, 28, what, [Violation("path", what, "REQ-404")])
    if isinstance(error, MethodNotAllowed):
        what = f"{request.method} is not allowed here; allowed: {', '.join(sorted(error.valid_methods or []))}"
        return CallError(405, 5, what, [Violation("method", what, "REQ-405")])
    if isinstance(error, RequestEntityTooLarge):
        what = f"must be at most {app.config['MAX_CONTENT_LENGTH']} bytes; the setting is max_body_bytes"
        return CallError(413, 5, "body", [Violation("body", what, "REQ-413")])
    return CallError(400, 5, error.description or "request", [Violation("request", str(error)[:200], "GE-400-BODY")])


def _nearest_path(app: Flask, path: str) -> str:
    rules = [rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/static")]
    return nearest(path, rules)


class LiteralRule(Rule):
    """A rule that takes no redirects: the mock answers at the path it was asked, or says 404."""

    def __init__(self, *args: object, **options: object) -> None:
        options.update(strict_slashes=True, merge_slashes=False)
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed through
