"""The API as a value."""

from pathlib import Path

import orjson

from mockserver.contract.error_shape import ErrorShape
from mockserver.contract.file import read_document
from mockserver.contract.spec import Contract
from mockserver.engine.api import Answer, Api, Operation, json_reply, refuse, verbatim_reply
from mockserver.model import Speaker
from mockserver.scenarios.outcomes import ContractError, Verbatim
from mockserver.state.moments import iso_of
from tests.support.toy_api.heavy import Heavy
from tests.support.toy_api.lost import Lost

DOCUMENT = Path(__file__).with_name("openapi.yaml")
PARCEL = "parcel"
MOST_PARCELS = 10


def _entity(status, now_ms, code, message):
    """Write an error that is wrapped, and has the time as text."""
    del status
    error = {"kind": code, "at": iso_of(now_ms)}
    return orjson.dumps({"error": error if message is None else {**error, "reason": message}})


ERROR_SHAPE = ErrorShape(
    entity=_entity,
    codes={400: "bad_call", 404: "nowhere", 405: "not_so", 413: "too_long", 415: "no_form"},
    other_code="broken",
)


def _branch(call, _query, _body):
    """Return the branch of a call as the account that it speaks for."""
    return Speaker(call.headers.get("toy-branch", ""))


def _send(context, outcome, _ids):
    if isinstance(outcome, ContractError):
        raise refuse(outcome)
    if isinstance(outcome, Verbatim):
        return Answer(verbatim_reply(outcome))
    store, space = context.store, context.world.space
    number = store.update(space, "parcels", "n", lambda record: {"n": (record or {"n": 0})["n"] + 1})["n"]
    parcel = {
        "parcelId": str(number),
        "state": "lost" if isinstance(outcome, Lost) else "sent",
        "to": context.call.body["to"],
    }
    store.update(space, PARCEL, str(number), lambda _: parcel)
    where = f"{context.call.call.prefix}/toy/parcels/{number}"
    headers = (("Location", where), ("Toy-Remaining", str(max(MOST_PARCELS - number, 0))))
    return Answer(json_reply(201, parcel, *headers))


def _find(context, outcome, _ids):
    if isinstance(outcome, ContractError):
        raise refuse(outcome)
    if isinstance(outcome, Verbatim):
        return Answer(verbatim_reply(outcome))
    store, space = context.store, context.world.space
    parcels = [store.get(space, PARCEL, key) for key in store.keys(space, PARCEL)]
    return Answer(json_reply(200, {"parcels": [p for p in parcels if p["state"] in context.call.query["state"]]}))


def toy_api():
    """Return the API; what it needs of the server comes with each call."""
    return Api(
        name="toy",
        contract=Contract(read_document(DOCUMENT)),
        error_shape=ERROR_SHAPE,
        operations={
            "sendParcel": Operation(identify=_branch, answer=_send, asks_scenarios=True),
            "findParcels": Operation(identify=_branch, answer=_find),
        },
        conditions={"heavy": Heavy},
        outcomes={"lost": Lost},
    )
