"""The admin API under /__admin: its routes, and the way of a request through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, request
from werkzeug.wrappers import Response

from mockserver.engine.engine import Engine
from mockserver.errors import AdminError, CallError, StoreUnavailable
from mockserver.settings import Settings
from mockserver.web.admin import journal as admin_journal
from mockserver.web.admin import server as admin_server
from mockserver.web.admin import space as admin_space
from mockserver.web.admin.guard import refuse_strangers
from mockserver.web.admin.requests import AdminDocument
from mockserver.web.admin.steering import Answered, Steering
from mockserver.web.target import TARGET

#: Where the admin API begins; the contract has nothing there.
ADMIN = "/__admin"


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the admin API; a test compares the table with `admin.yaml`."""

    method: str
    path: str
    operation: str
    function: Callable[..., Answered]


ROUTES = (
    Route("GET", "/health", "health", admin_server.health),
    Route("GET", "/openapi.json", "adminDocument", admin_server.admin_document),
    Route("GET", "/contract.json", "contractDocument", admin_server.contract_document),
    Route("GET", "/contracts", "listContracts", admin_server.list_contracts),
    Route("GET", "/contracts/<api>", "contractOfApi", admin_server.contract_of_api),
    Route("GET", "/clauses", "clauses", admin_server.clauses),
    Route("GET", "/presets", "presets", admin_server.presets),
    Route("GET", "/scenario-schema.json", "scenarioSchema", admin_server.scenario_schema),
    Route("GET", "/spaces", "listSpaces", admin_server.list_spaces),
    Route("DELETE", "/spaces", "removeSpaces", admin_server.remove_spaces),
    Route("GET", "/spaces/<space>", "getSpace", admin_server.get_space),
    Route("DELETE", "/spaces/<space>", "removeSpace", admin_server.remove_space),
    Route("GET", "/rules", "getRules", admin_space.get_rules),
    Route("PUT", "/rules", "putRules", admin_space.put_rules),
    Route("DELETE", "/rules", "deleteRules", admin_space.delete_rules),
    Route("GET", "/scenario", "getScenario", admin_space.get_scenario),
    Route("PUT", "/scenario", "putScenario", admin_space.put_scenario),
    Route("DELETE", "/scenario", "deleteScenario", admin_space.delete_scenario),
    Route("GET", "/sessions", "listSessions", admin_space.list_sessions),
    Route("DELETE", "/sessions", "deleteSessions", admin_space.delete_sessions),
    Route("GET", "/journal", "getJournal", admin_journal.get_journal),
    Route("DELETE", "/journal", "deleteJournal", admin_journal.delete_journal),
    Route("POST", "/journal/verify", "verifyJournal", admin_journal.verify_journal),
    Route("GET", "/faults", "getFaults", admin_space.get_faults),
    Route("PUT", "/faults", "putFaults", admin_space.put_faults),
    Route("DELETE", "/faults", "deleteFaults", admin_space.delete_faults),
    Route("GET", "/clock", "getClock", admin_space.get_clock),
    Route("PUT", "/clock", "putClock", admin_space.put_clock),
    Route("POST", "/clock/advance", "advanceClock", admin_space.advance_clock),
    Route("GET", "/seed", "getSeed", admin_space.get_seed),
    Route("PUT", "/seed", "putSeed", admin_space.put_seed),
    Route("POST", "/reset", "reset", admin_space.reset),
)


def add_admin(app: Flask, engine: Engine, settings: Settings) -> None:
    """Add the admin API to *app*."""
    document = AdminDocument()
    store_name = engine.store.name
    for route in ROUTES:
        app.add_url_rule(
            f"{ADMIN}{route.path}",
            endpoint=f"admin.{route.operation}",
            view_func=_view(route, engine, document, settings.admin_token, store_name),
            methods=[route.method],
        )


def _view(
    route: Route, engine: Engine, document: AdminDocument, token: str, store_name: str
) -> Callable[..., Response]:
    def view(**path_values: str) -> Response:
        try:
            if route.operation != "health":  # a probe has no token
                refuse_strangers(request, token)
            query, body = document.read(request, route.operation)
            space = request.environ[TARGET].space
            steering = Steering(engine, document, store_name, space, query, body)
            return _json(*route.function(steering, **path_values))
        except AdminError as error:
            return admin_refusal(error)
        except StoreUnavailable as error:
            return admin_refusal(AdminError(503, str(error)))
        except CallError as error:
            return admin_refusal(AdminError(error.status, str(error)))

    return view


def _json(status: int, body: Any) -> Response:
    if body is None:
        response = Response(status=status)
        del response.headers["Content-Type"]
        return response
    return Response(orjson.dumps(body), status, content_type="application/json")


def admin_refusal(error: AdminError) -> Response:
    """Answer with *error* in the admin API's own shape."""
    body: dict[str, Any] = {"error": str(error)}
    if error.details:
        body["details"] = [{"where": v.where, "what": v.what} for v in error.details]
    response = _json(error.status, body)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
