"""The admin API about the server as a whole: health, documents, spaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple
from typing import Any

from mockserver import __version__
from mockserver.errors import AdminError, StoreUnavailable, nearest
from mockserver.model import Json
from mockserver.scenarios import schema
from mockserver.state.journal import LOG
from mockserver.stores.base import Usage
from mockserver.web.admin.space import clock_of, rules_of
from mockserver.web.admin.steering import Answered, Steering


def health(steering: Steering) -> Answered:
    """Say whether the server and its store are alive."""
    body = {"status": "ok", "version": __version__, "contract": steering.engine.apis.first.contract.version}
    body["store"] = steering.store_name
    try:
        steering.engine.store.ping()
    except StoreUnavailable as error:
        return 503, {**body, "status": "store_unavailable", "error": str(error)}
    loss = steering.engine.losses.of_server()
    return 200, body if loss is None else {**body, "status": "state_lost", "lost": loss.as_json()}


def admin_document(steering: Steering) -> Answered:
    """Show the admin API's own document."""
    return 200, dict(steering.document.document)


def contract_document(steering: Steering) -> Answered:
    """Show the contract of the first API."""
    return 200, dict(steering.engine.apis.first.contract.document)


def list_contracts(steering: Steering) -> Answered:
    """List the APIs, each with the name under which its contract is served."""
    return 200, {
        "contracts": [
            {
                "name": api.name,
                "title": api.contract.document["info"]["title"],
                "version": api.contract.version,
                "operations": list(api.operations),
            }
            for api in steering.engine.apis.all
        ]
    }


def contract_of_api(steering: Steering, api: str) -> Answered:
    """Show the contract of one API; raises `AdminError` for one that is not served."""
    known = {served.name: served.contract for served in steering.engine.apis.all}
    if api not in known:
        raise AdminError(404, f"there is no API {api!r}{nearest(api, known) or '.'} The server has {', '.join(known)}")
    return 200, dict(known[api].document)


def clauses(steering: Steering) -> Answered:
    """List every rule of the contracts."""
    return 200, {"clauses": [_clause(asdict(clause)) for clause in steering.engine.apis.clauses.values()]}


def presets(steering: Steering) -> Answered:
    """List the scenarios that ship with the server."""
    found = steering.engine.apis.vocabulary.presets
    return 200, {"presets": [{"name": name, "description": found.description(name)} for name in found.names()]}


def scenario_schema(steering: Steering) -> Answered:
    """Show the JSON Schema of scenario files."""
    return 200, schema.scenario_schema(steering.engine.apis.vocabulary)


def list_spaces(steering: Steering) -> Answered:
    """List the spaces in use."""
    return 200, {"spaces": steering.engine.spaces.names()}


def remove_spaces(steering: Steering) -> Answered:
    """Remove every space."""
    for name in steering.engine.spaces.names():
        steering.engine.spaces.remove(name)
    steering.engine.losses.renew_all()
    return 204, None


def get_space(steering: Steering, space: str) -> Answered:
    """Show one space."""
    _refuse_unused(steering, space)
    engine = steering.engine
    engine.scenarios.own.look()
    world = engine.spaces.world(space)
    return 200, {
        "name": space,
        "seed": world.seed,
        "clock": clock_of(world),
        "scenario": engine.scenarios.of(world).name,
        "rules": rules_of(world),
        "faults": list(world.faults),
        "sessions": asdict(_sessions(steering, space)),
        "journal": asdict(engine.store.usage(space, LOG)),
    }


def remove_space(steering: Steering, space: str) -> Answered:
    """Remove one space."""
    if not steering.engine.losses.of(space):  # one that is gone already is removed for those who knew it
        _refuse_unused(steering, space)
    steering.engine.spaces.remove(space)
    steering.engine.losses.renew(space)
    return 204, None


def _sessions(steering: Steering, space: str) -> Usage:
    """Count the sessions of all APIs together."""
    used = [steering.engine.store.usage(space, book.kind) for book in steering.engine.sessions]
    return Usage(*(sum(counts) for counts in zip(*map(astuple, used), strict=True)))


def _refuse_unused(steering: Steering, space: str) -> None:
    if not steering.engine.spaces.exists(space):
        raise AdminError(404, f"nobody uses the space {space!r}; GET /__admin/spaces lists those in use")


def _clause(clause: Mapping[str, Any]) -> dict[str, Json]:
    body = dict(clause)
    body["internalCode"] = body.pop("code")
    return body
