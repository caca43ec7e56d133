"""The Domain API: every service is on the host that the caller used."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson

from mockserver.engine.api import (
    Answer,
    CallContext,
    Ids,
    Operation,
    json_reply,
    refuse,
    unknown_account,
    verbatim_reply,
)
from mockserver.errors import Refused
from mockserver.model import Call, Json, Reply, Speaker
from mockserver.scenarios.outcomes import ContractError, Outcome, Verbatim


def _identify(call: Call, _query: Mapping[str, Json], _body: Mapping[str, Json]) -> Speaker:
    return Speaker(call.path_values["accountId"])


def authorize(context: CallContext) -> None:
    """Raise `Refused` for an unknown account (DOM-401-ACCOUNT)."""
    if unknown := unknown_account(context, "path.accountId", "DOM-401-ACCOUNT"):
        raise Refused(401, 10, "Unauthorized account access", unknown)


def _domain(context: CallContext, service: str) -> dict[str, str]:
    return {"service": service, "account": context.call.account, "baseURI": context.call.call.base}


def _one(context: CallContext) -> Reply:
    return json_reply(200, _domain(context, context.call.call.path_values["serviceName"]))


def _all(context: CallContext) -> Reply:
    return json_reply(200, _domains(context))


def _domains(context: CallContext) -> Json:
    services = context.contract.component("ServiceName")["enum"]
    return {"baseURIs": [_domain(context, service) for service in services]}


def _script(context: CallContext) -> Reply:
    return _called_back(context, [{"lpServer": context.call.call.base}])


def _script_of_all(context: CallContext) -> Reply:
    return _called_back(context, _domains(context))


def _called_back(context: CallContext, data: Json) -> Reply:
    """Hand *data* to the function that the call names; the contract lets nothing but a name through."""
    result = orjson.dumps({"ResultSet": {"lpData": data}})
    body = context.call.query["cb"].encode() + b"(" + result + b");"
    return Reply(200, body, (("Content-Type", "application/javascript"), ("X-Content-Type-Options", "nosniff")))


def _operation(look_up: Callable[[CallContext], Reply]) -> Operation:
    def answer(context: CallContext, outcome: Outcome, _ids: Ids) -> Answer:
        if isinstance(outcome, ContractError):
            raise refuse(outcome)
        return Answer(verbatim_reply(outcome) if isinstance(outcome, Verbatim) else look_up(context))

    return Operation(identify=_identify, authorize=authorize, answer=answer)


OPERATIONS: Mapping[str, Operation] = {
    "listDomains": _operation(_all),
    "listDomainsScript": _operation(_script_of_all),
    "getDomain": _operation(_one),
    "getDomainScript": _operation(_script),
}
