"""The Flask application: the admin API, and what of the contract the door hands on."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.wrappers import Response

from mockserver.engine.engine import Engine
from mockserver.settings import Settings
from mockserver.web.admin.routes import add_admin
from mockserver.web.api import LiteralRule, add_routes
from mockserver.web.cors import allow_origin


def flask_app(engine: Engine, settings: Settings) -> Flask:
    """Build it."""
    app = Flask("mockserver", static_folder=None)
    app.response_class = Response  # type: ignore[assignment]  # so that a distorted one stays what it is
    app.url_rule_class = LiteralRule
    app.url_map.merge_slashes = False
    app.config.update(MAX_CONTENT_LENGTH=settings.max_body_bytes, TRAP_BAD_REQUEST_ERRORS=False)
    app.extensions["mockserver"] = engine
    add_routes(app, engine)
    add_admin(app, engine, settings)
    if settings.cors:
        app.after_request(lambda response: allow_origin(response, request.environ))
    return app
