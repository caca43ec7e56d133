"""Call in, validated call out, or every violation at once.

Two readers judge a call. A compiled JSON Schema validator takes one cheap look and says yes or no; only a no
is explained in full, through the marshmallow schemas. That the two agree is tested property by property.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import jsonschema_rs

from mockserver.contract.calls import json_body
from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.contract.text_members import with_texts_read
from mockserver.contract.unlisted import Shape, closed, unlisted
from mockserver.errors import InvalidCall
from mockserver.model import Call, Json, ValidCall, Violation

IMPRESSIONS = frozenset(["impDisplay", "impAccept", "impExpanded", "impTimeout", "impClose"])
#: How many violations of one call are told; a body of a megabyte could hold half a million.
MOST_TOLD = 1000
#: How many members the message of an error names.
MOST_NAMED = 50

#: Violations are told in the order in which a server would stumble over them; the first decides the status.
_FIRST = ("path.accountId", "query.v", "query.version")
#: A call whose identifiers themselves could not be read cannot be asked whose they are.
_IDENTITY = frozenset(
    "body body.vid body.sid path.visitorId query.sid header.Content-Type header.Content-Encoding".split()
)


class Validator:
    """Reads calls against the contract; everything that can be compiled is compiled once."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        #: Of calls that keep the contract and carry nothing that it does not list: most calls need no other look.
        self._glances = _plain_glances(contract)
        self._shapes = {o.id: Shape(contract, o.body) for o in contract.operations.values()}
        self._second_glance = lru_cache(maxsize=None)(self._compiled_second_glance)

    def validated(self, call: Call, *, texts: bool = False) -> ValidCall:
        """Read *call*, whose operation is known; with *texts*, lists and objects may be written as text.

        Raises `InvalidCall` with all violations; the first in evaluation order decides status and code.
        """
        operation = self._contract.operations[call.operation or ""]
        query, repeated, others = _read_query(call, operation)
        body, unreadable = _read_body(call, operation)
        if texts:
            body = with_texts_read(self._contract, operation, body)
        seen = {"path": call.path_values, "query": query}
        if body is not json_body.UNREAD:
            seen["body"] = body
        valid = _read(call, operation, query, body)
        wrong = bool(repeated or unreadable)
        if not (wrong or others) and self._glances[operation.id].is_valid(seen):
            return valid
        valid = replace(valid, unlisted=unlisted(operation, self._shapes[operation.id], others, seen.get("body")))
        if wrong or not self._second_glance(operation.id).is_valid(seen):
            raise self._explained(operation, seen, [*repeated, *unreadable], valid)
        return valid

    def _compiled_second_glance(self, operation: str) -> Any:
        return compiled(self._contract, _call_schema(self._contract.operations[operation]))

    def _explained(
        self, operation: Operation, seen: Mapping[str, Json], found: list[Violation], partly: ValidCall
    ) -> InvalidCall:
        from mockserver.contract import schemas  # marshmallow is for calls that break the contract

        places = {v.where for v in found}
        for where, what in schemas.explained_call(operation.id, seen):
            if len(found) == MOST_TOLD:
                found.append(Violation("body", f"is wrong in more places than the {MOST_TOLD} told", "GE-400-BODY"))
                break
            if where not in places:
                found.append(Violation(where, what, self._clause(operation, where, seen)))
        error = refused(self._contract, found)
        error.unlisted = partly.unlisted
        if not {v.where for v in found} & _IDENTITY:
            error.partly = partly
        return error

    def _clause(self, operation: Operation, where: str, seen: Mapping[str, Json]) -> str:
        if where.startswith("body.engagementAttributes.") and where.endswith(".type"):
            sort = _at(seen, where)
            if isinstance(sort, str) and sort in IMPRESSIONS:
                return "GE-400-IMPRESSION"
            if sort == "searchInfo":
                return "GE-400-SEARCHINFO-MSDK"
        return self._contract.clause_at(operation.id, where)


def refused(contract: Contract, violations: list[Violation]) -> InvalidCall:
    """Make the refusal that *violations* amount to; the first in evaluation order decides."""
    ranked = sorted(violations, key=lambda v: _rank(contract, v))
    first = contract.clauses[ranked[0].clause]
    same = [v for v in ranked if contract.clauses[v.clause].status == first.status]
    if first.code == 33:  # noqa: PLR2004 the documented code of an illegal version
        message = "Illegal Version"
    elif ranked[0].where == "body" and ranked[0].what.startswith("is not JSON"):
        message = "request body does not contain a valid JSON statement!"
    elif first.status in (400, 415):  # a validation error names its members
        message = _listed([v.member for v in same])
    else:
        message = _listed([_sentence(v) for v in same])
    return InvalidCall(first.status or 400, first.code or 5, message, ranked)


def _listed(words: list[str]) -> str:
    """Join *words*, each once; of very many only the first, because the journal has them all."""
    words = list(dict.fromkeys(words))
    rest = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _sentence(violation: Violation) -> str:
    """Say what is wrong, and with which member: what a schema says has no subject."""
    return f"{violation.member} {violation.what}" if violation.what.startswith("must ") else violation.what


def _rank(contract: Contract, violation: Violation) -> tuple[int, int]:
    status = contract.clauses[violation.clause].status or 400
    early = _FIRST.index(violation.where) if violation.where in _FIRST else len(_FIRST)
    # A body that was not read cannot be refused for what it says: 413 and 415 stand with the 400s.
    return (400 if status in (413, 415) else status, early)


def _read(call: Call, operation: Operation, query: Mapping[str, Json], body: Json) -> ValidCall:
    fields = body if isinstance(body, dict) else {}
    js_door = operation.id == "getEngagement"
    return ValidCall(
        call=call,
        operation=operation.id,
        account=call.path_values["accountId"],
        query=query,
        body=fields,
        visitor_id=fields.get("vid") if js_door else call.path_values.get("visitorId"),
        session_id=fields.get("sid") if js_door else query.get("sid", _stray_session_id(call, operation)),
    )


def _stray_session_id(call: Call, operation: Operation) -> str | None:
    """Return the sid of a call that may carry none: it makes a second request of a first one (GE-401-VID)."""
    if operation.id != "createFirstSession":
        return None
    return next((text for name, text in call.query if name == "sid"), None)


def _plain_glances(contract: Contract) -> Mapping[str, Any]:
    schemas = {name: closed(schema) for name, schema in contract.document["components"]["schemas"].items()}
    return {o.id: compiled(contract, closed(_call_schema(o)), schemas) for o in contract.operations.values()}


def _call_schema(operation: Operation) -> Mapping[str, Json]:
    """Make the schema of a whole call: path values, query values, body."""
    places: dict[str, Json] = {}
    for place in ("path", "query"):
        parameters = [p for p in operation.parameters if p.place == place]
        places[place] = {
            "properties": {p.name: p.schema for p in parameters},
            "required": [p.name for p in parameters if p.required],
        }
    required = ["path", "query"]
    if operation.body is not None:
        places["body"] = operation.body
        required += ["body"] if operation.body_required else []
    return {"type": "object", "properties": places, "required": required}


def compiled(contract: Contract, schema: Mapping[str, Json], schemas: Mapping[str, Json] | None = None) -> Any:
    """Compile *schema*, whose references point into the contract, or into *schemas* in place of those."""
    components = {"schemas": schemas or contract.document["components"]["schemas"]}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": components}
    return jsonschema_rs.validator_for(whole, validate_formats=True)


def _read_query(call: Call, operation: Operation) -> tuple[dict[str, Json], list[Violation], list[str]]:
    """Return the listed parameters, what is wrong with them, and the names of all others."""
    listed = {p.name: p for p in operation.parameters if p.place == "query"}
    values: dict[str, Json] = {}
    repeated, others = [], []
    for name, text in call.query:
        if name not in listed:
            others.append(name)
            continue
        if name in values:
            repeated.append(Violation(f"query.{name}", "must be sent once, got it repeatedly", "REQ-400-REPEATED"))
        values.setdefault(name, text)
    return values, repeated, others


def _read_body(call: Call, operation: Operation) -> tuple[Json, list[Violation]]:
    if operation.body is None:
        return json_body.UNREAD, []
    if not call.body:
        if operation.body_required:
            return json_body.UNREAD, [Violation("body", "must be a JSON object, got an empty body", "GE-400-BODY")]
        return {}, []
    return json_body.read(call.headers, call.body)


def _at(seen: Json, where: str) -> Json:
    for part in where.split("."):
        if isinstance(seen, list):
            seen = seen[int(part)]
        elif isinstance(seen, dict):
            seen = seen.get(part)
    return seen
