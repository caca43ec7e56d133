"""The whole server as a WSGI application, which loads Flask when something needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from mockserver.engine.engine import Engine
from mockserver.settings import Settings
from mockserver.web.door import Door
from mockserver.web.loading import LOADING
from mockserver.web.routing import App, Environ, Routing

if TYPE_CHECKING:
    from flask import Flask


def in_front_of(inside: App, engine: Engine, settings: Settings) -> Routing:
    """Put what every request passes in front of the Flask application *inside*."""
    return Routing(Door(inside, engine, most=settings.max_body_bytes, cors=settings.cors))


class Edge:
    """Answers plain calls at once. Flask takes longer to load than all the rest of the server to start."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine = engine
        self._settings = settings
        self._front = in_front_of(self._behind, engine, settings)
        self._flask: Flask | None = None

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        return self._front(environ, start_response)

    def load(self) -> Flask:
        """Return the Flask application, loaded if need be."""
        with LOADING:
            if self._flask is None:
                from mockserver.web.flask_app import flask_app

                self._flask = flask_app(self.engine, self._settings)
            return self._flask

    def _behind(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        return (self._flask or self.load())(environ, start_response)
