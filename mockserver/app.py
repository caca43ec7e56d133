"""Builds every part once and joins them: the composition root."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from mockserver.engine.api import Api
from mockserver.engine.apis import Apis
from mockserver.engine.decisions import Decider
from mockserver.engine.engine import Engine
from mockserver.own_apis import own_apis
from mockserver.scenarios.active import ActiveScenarios
from mockserver.scenarios.own_scenario import OWN, OWN_LIMIT, OwnScenario
from mockserver.settings import Settings
from mockserver.state.journal import LOG, RECEIPTS, Journal
from mockserver.state.losses import Losses
from mockserver.state.redaction import names_telling_nobody, secrets_at
from mockserver.state.spaces import Spaces, rules_of
from mockserver.state.store_identity import StoreIdentity
from mockserver.stores.base import Limit, Limits, Store
from mockserver.stores.opening import open_store
from mockserver.web.application import MockServer


def real_ms() -> int:
    """Read the wall clock in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def draw_seed() -> int:
    """Draw a seed for a space that was given none."""
    return secrets.randbits(53)  # JSON readers keep integers of this size exactly


def draw_name() -> str:
    """Draw a name that no other server has, or gives."""
    return secrets.token_hex(8)


def create_app(settings: Settings, **parts: Any) -> MockServer:
    """Build the server, for production, for tests and for other WSGI servers.

    It takes the *parts* that `build_engine` takes, and raises what that raises.
    """
    return MockServer(build_engine(settings, **parts), settings)


def build_engine(  # noqa: PLR0913 one for each part that tests hand in
    settings: Settings,
    *,
    document: dict[str, Any] | None = None,
    apis: Sequence[Api] = (),
    store: Store | None = None,
    wall_ms: Callable[[], int] = real_ms,
    seeds: Callable[[], int] = draw_seed,
    wire: bool = False,
) -> Engine:
    """Join the parts. Raises `StartupError` when settings, contracts, code or scenario disagree.

    It stands in for *apis*, or for `own_apis` where none are given.

    With *wire* the caller promises to perform whatever `MockServer.respond` describes, as `serving/` does; without
    it, faults that need the connection itself are refused.
    """
    bound = Apis(apis or own_apis(document))
    store = store or open_store(settings.store or "memory:", limits(settings))
    losses = Losses(store, StoreIdentity(store, draw_name), wall_ms=wall_ms, say=_say)
    vocabulary = bound.vocabulary
    own = OwnScenario(settings.scenario, store, vocabulary, wire=wire, server=draw_name(), say=_say)
    scenarios = ActiveScenarios(own, store, vocabulary, wire=wire)
    redacts = settings.journal_personal == "redact"
    telling_nobody = names_telling_nobody(bound.names(), bound.personal_names()) if redacts else None
    return Engine(
        apis=bound,
        store=store,
        spaces=Spaces(store, settings, rules_of(settings, bound.rules), wall_ms=wall_ms, draw_seed=seeds),
        scenarios=scenarios,
        decider=Decider(bound, store, scenarios, wire=wire),
        journal=Journal(store, losses, telling_nobody=telling_nobody, secrets=secrets_at(bound.credentials())),
        losses=losses,
        wall_ms=wall_ms,
    )


def limits(settings: Settings) -> Limits:
    """Return the bounds of the stores under *settings*."""
    journal = Limit(settings.journal_entries, settings.journal_bytes)
    return Limits(named={LOG: journal, RECEIPTS: journal, OWN: OWN_LIMIT})


def _say(text: str) -> None:
    sys.stderr.write(text)
