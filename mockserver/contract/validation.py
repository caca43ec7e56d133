"""Call in, validated call out, or every violation at once.

Two readers judge a call. A compiled JSON Schema validator takes one cheap look and says yes or no; only a no
is explained in full, through the marshmallow schemas. That the two agree is tested property by property.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from mockserver.model import Call, Json, Speaker, ValidCall, Violation

#: How many violations of one call are told; a body of a megabyte could hold half a million.
MOST_TOLD = 1000
#: How many members the message of an error names.
MOST_NAMED = 50

#: Says whom a call speaks for: *query* and *body* hold what could be read of it.
Identify = Callable[[Call, Mapping[str, Json], Mapping[str, Json]], Speaker]
#: A call with a violation at one of these, or where its API has identifiers, cannot be asked whom it speaks for.
_UNREAD = frozenset(["body", "header.Content-Type", "header.Content-Encoding"])


class Validator:
    """Reads calls against the contract; everything that can be compiled is compiled once."""

    def __init__(self, contract: Contract, identify: Mapping[str, Identify]) -> None:
        """Compile *contract*; *identify* has a function for each of its operations."""
        self._contract = contract
        self._identify = identify
        self._unjudged = _UNREAD | contract.conventions.identifiers
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
        fields = body if isinstance(body, dict) else {}
        speaker = self._identify[operation.id](call, query, fields)
        valid = ValidCall(call, operation.id, speaker.account, query, fields, speaker.visitor_id, speaker.session_id)
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
        if self._unjudged.isdisjoint(v.where for v in found):
            error.partly = partly
        return error

    def _clause(self, operation: Operation, where: str, seen: Mapping[str, Json]) -> str:
        clause = self._contract.conventions.clause(where, seen)
        return self._contract.clause_at(operation.id, where) if clause is None else clause


def refused(contract: Contract, violations: list[Violation]) -> InvalidCall:
    """Make the refusal that *violations* amount to; the first in evaluation order decides."""
    ranked = sorted(violations, key=lambda v: _rank(contract, v))
    first = contract.clauses[ranked[0].clause]
    same = [v for v in ranked if contract.clauses[v.clause].status == first.status]
    message = contract.conventions.message(ranked[0], first)
    if message is None:  # a validation error names its members
        words = [v.member if first.status in (400, 415) else _sentence(v) for v in same]
        message = _listed(words)
    return InvalidCall(first.status or 400, first.code, message, ranked)


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
    places = contract.conventions.first
    early = places.index(violation.where) if violation.where in places else len(places)
    # A body that was not read cannot be refused for what it says: 413 and 415 stand with the 400s.
    return (400 if status in (413, 415) else status, early)


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
