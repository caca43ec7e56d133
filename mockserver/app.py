"""Builds every part once and joins them: the composition root."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.apis.engagement.sessions import Sessions
from mockserver.apis.handlers import HANDLERS
from mockserver.contract.file import read_document
from mockserver.contract.reply_rules import DocumentRules
from mockserver.contract.spec import Contract
from mockserver.contract.validation import Validator
from mockserver.engine.decisions import Decider
from mockserver.engine.engine import Engine
from mockserver.errors import SpecError
from mockserver.scenarios.active import ActiveScenarios
from mockserver.scenarios.own_scenario import OWN, OWN_LIMIT, OwnScenario
from mockserver.settings import Settings
from mockserver.state.journal import LOG, RECEIPTS, Journal
from mockserver.state.losses import Losses
from mockserver.state.redaction import names_telling_nobody
from mockserver.state.spaces import Spaces
from mockserver.state.store_identity import StoreIdentity
from mockserver.stores.base import Limit, Limits, Store
from mockserver.stores.opening import open_store
from mockserver.web.edge import Edge, in_front_of

if TYPE_CHECKING:
    from flask import Flask


def real_ms() -> int:
    """Read the wall clock in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def draw_seed() -> int:
    """Draw a seed for a space that was given none."""
    return secrets.randbits(53)  # JSON readers keep integers of this size exactly


def draw_name() -> str:
    """Draw a name that no other server has, or gives."""
    return secrets.token_hex(8)


def create_app(settings: Settings, **parts: Any) -> Flask:
    """Build the server as a Flask application, for tests and for other WSGI servers.

    It takes the *parts* that `build_engine` takes, and raises what that raises.
    """
    from mockserver.web.flask_app import flask_app

    engine = build_engine(settings, **parts)
    app = flask_app(engine, settings)
    app.wsgi_app = in_front_of(app.wsgi_app, engine, settings)  # type: ignore[method-assign]  # Flask's way for middleware
    return app


def create_edge(settings: Settings, **parts: Any) -> Edge:
    """Build the server as `serving.py` runs it; as `create_app` else."""
    return Edge(build_engine(settings, **parts), settings)


def build_engine(  # noqa: PLR0913 one for each part that tests hand in
    settings: Settings,
    *,
    document: dict[str, Any] | None = None,
    store: Store | None = None,
    wall_ms: Callable[[], int] = real_ms,
    seeds: Callable[[], int] = draw_seed,
    wire: bool = False,
) -> Engine:
    """Join the parts. Raises `StartupError` when settings, contract, code or scenario disagree.

    With *wire* the caller promises to serve it with a bare `gunicorn.socket` in the environment, as
    `gunicorn_server.py` does; without it, faults that need the connection itself are refused.
    """
    contract = Contract(document or read_document())
    refuse_unbound(contract)
    store = store or open_store(settings.store or "memory:", limits(settings))
    sessions = Sessions(store)
    losses = Losses(store, StoreIdentity(store, draw_name), wall_ms=wall_ms, say=_say)
    rules, name = DocumentRules(contract), draw_name()
    own = OwnScenario(settings.scenario, store, rules, wire=wire, server=name, say=_say)
    scenarios = ActiveScenarios(own, store, rules, wire=wire)
    telling_nobody = names_telling_nobody(contract.names()) if settings.journal_personal == "redact" else None
    return Engine(
        contract=contract,
        store=store,
        spaces=Spaces(store, settings, wall_ms=wall_ms, draw_seed=seeds),
        sessions=sessions,
        scenarios=scenarios,
        decider=Decider(contract, Validator(contract), HANDLERS, store, sessions, scenarios, wire=wire),
        journal=Journal(store, losses, telling_nobody=telling_nobody),
        losses=losses,
        wall_ms=wall_ms,
    )


def limits(settings: Settings) -> Limits:
    """Return the bounds of the stores under *settings*."""
    journal = Limit(settings.journal_entries, settings.journal_bytes)
    return Limits(named={LOG: journal, RECEIPTS: journal, OWN: OWN_LIMIT})


def _say(text: str) -> None:
    sys.stderr.write(text)


def refuse_unbound(contract: Contract) -> None:
    """Raise `SpecError` when an operation has no handler, or a handler no operation."""
    missing = sorted(contract.operations.keys() - HANDLERS.keys())
    if missing:
        raise SpecError(f"openapi.yaml has operations that nothing answers: {', '.join(missing)}; add them to HANDLERS")
    extra = sorted(HANDLERS.keys() - contract.operations.keys())
    if extra:
        raise SpecError(f"HANDLERS answers operations that openapi.yaml does not have: {', '.join(extra)}")
