"""The Domain API: every service is on the host that the caller used."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from mockserver.apis.engagement.operations.ask import unknown_account
from mockserver.apis.engagement.sessions import FixedIds
from mockserver.engine.api import Answer, Handler, Turn, json_reply, no_objections, refuse, verbatim_reply
from mockserver.errors import Refused
from mockserver.model import Json, Reply
from mockserver.scenarios.scenario import ContractError, Outcome, Verbatim


def admit(turn: Turn) -> None:
    """Refuse unknown accounts (DOM-401-ACCOUNT)."""
    accounts = turn.world.rules.accounts
    if accounts and turn.call.account not in accounts:
        raise Refused(401, 10, "Unauthorized account access", unknown_account(turn, "DOM-401-ACCOUNT"))


def _domain(turn: Turn, service: str) -> dict[str, str]:
    return {"service": service, "account": turn.call.account, "baseURI": turn.call.call.base}


def _one(turn: Turn) -> Reply:
    return json_reply(200, _domain(turn, turn.call.call.path_values["serviceName"]))


def _all(turn: Turn) -> Reply:
    return json_reply(200, _domains(turn))


def _domains(turn: Turn) -> Json:
    services = turn.contract.component("ServiceName")["enum"]
    return {"baseURIs": [_domain(turn, service) for service in services]}


def _script(turn: Turn) -> Reply:
    return _called_back(turn, [{"lpServer": turn.call.call.base}])


def _script_of_all(turn: Turn) -> Reply:
    return _called_back(turn, _domains(turn))


def _called_back(turn: Turn, data: Json) -> Reply:
    """Hand *data* to the function that the call names; the contract lets nothing but a name through."""
    result = orjson.dumps({"ResultSet": {"lpData": data}})
    body = turn.call.query["cb"].encode() + b"(" + result + b");"
    return Reply(200, body, (("Content-Type", "application/javascript"), ("X-Content-Type-Options", "nosniff")))


def _handler(look_up: Callable[[Turn], Reply]) -> Handler:
    def carry_out(turn: Turn, outcome: Outcome, _ids: FixedIds) -> Answer:
        if isinstance(outcome, ContractError):
            raise refuse(outcome)
        return Answer(verbatim_reply(outcome) if isinstance(outcome, Verbatim) else look_up(turn))

    return Handler(no_objections, admit, carry_out)


ONE = _handler(_one)
ALL = _handler(_all)
SCRIPT = _handler(_script)
SCRIPT_OF_ALL = _handler(_script_of_all)
