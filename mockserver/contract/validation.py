"""Call in, validated call out, or every violation at once.

Two readers judge a call. A compiled JSON Schema validator takes one cheap look and says yes or no; only a no is
explained in full, through shapes that are made of the same schema. That the two agree is tested on every keyword.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from mockserver.contract.calls.reader import CallParts, CallReader
from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.contract.text_members import with_texts_read
from mockserver.contract.unlisted import Outline, closed, unlisted
from mockserver.errors import InvalidCall, SpecError
from mockserver.model import Call, Json, Speaker, ValidCall, Violation

if TYPE_CHECKING:
    from mockserver.contract.shapes.document_shapes import DocumentShapes

#: How many violations of one call are reported; a body of a megabyte could hold half a million.
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
        self._call_schemas = {(o.id, m): call_schema(o, m) for o, m in _kinds(contract)}
        self._glances = _plain_glances(contract, self._call_schemas)
        self._outlines = {(o.id, m): Outline(contract, o.bodies.get(m)) for o, m in _kinds(contract)}
        self._readers = {o.id: CallReader(contract, o) for o in contract.operations.values()}
        self._second_glance = lru_cache(maxsize=None)(self._compiled_second_glance)

    def validated(self, call: Call, *, texts: bool = False) -> ValidCall:
        """Read *call*, whose operation is known; with *texts*, lists and objects may be written as text.

        Raises `InvalidCall` with all violations; the first in evaluation order decides status and code.
        """
        operation = call.operation or ""
        parts = self._readers[operation].read(call)
        if texts:
            parts = with_texts_read(self._contract, self._contract.operations[operation], parts)
        seen, body, kind = parts.seen, parts.body, (operation, parts.media_type)
        fields = body if isinstance(body, dict) else {}
        speaker = self._identify[operation](call, parts.query, fields)
        valid = ValidCall(
            call, operation, speaker.account, parts.query, fields, speaker.visitor_id, speaker.session_id, (),
            parts.headers, parts.cookies, parts.credentials,
        )  # fmt: skip
        wrong = parts.violations
        if not (wrong or parts.other_query) and self._glances[kind].is_valid(seen):
            return valid
        listed = self._outlines[kind]
        others = unlisted(self._contract.operations[operation], listed, parts.other_query, seen.get("body"))
        valid = replace(valid, unlisted=others)
        if wrong or not self._second_glance(kind).is_valid(seen):
            raise self._explained(parts, valid)
        return valid

    def _compiled_second_glance(self, kind: tuple[str, str]) -> Any:
        return compiled(self._contract, self._call_schemas[kind])

    def _explained(self, parts: CallParts, partly: ValidCall) -> InvalidCall:
        found = [*parts.violations]
        places = {v.where for v in found}
        for violation in self._violations(partly.operation, parts):
            if len(found) == MOST_TOLD:
                more = f"is wrong in more places than the {MOST_TOLD} told"
                found.append(Violation("body", more, self._contract.call_clauses.body))
                break
            if violation.where not in places:
                found.append(violation)
        error = refused(self._contract, found)
        error.unlisted = partly.unlisted
        if self._unjudged.isdisjoint(v.where for v in found):
            error.partly = partly
        return error

    def _violations(self, operation: str, parts: CallParts) -> Iterator[Violation]:
        for name, schema in self._call_schemas[operation, parts.media_type]["properties"].items():
            if name in parts.seen:  # what could not be read is not judged
                yield from self._shapes.violations(schema, parts.seen[name], name, self._contract.call_clauses.body)

    @cached_property
    def _shapes(self) -> DocumentShapes:
        from mockserver.contract.shapes.document_shapes import DocumentShapes  # loads marshmallow

        return DocumentShapes(self._contract.document)


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
    has_subject = not violation.what.startswith(("must ", "is required"))
    return violation.what if has_subject else f"{violation.member} {violation.what}"


def _rank(contract: Contract, violation: Violation) -> tuple[int, int]:
    if violation.clause in contract.credential_clauses:  # a stranger learns nothing else
        return (0, 0)
    status = contract.clauses[violation.clause].status or 400
    places = contract.conventions.first
    early = places.index(violation.where) if violation.where in places else len(places)
    # A body that was not read cannot be refused for what it says: 413 and 415 stand with the 400s.
    return (400 if status in (413, 415) else status, early)


def _plain_glances(
    contract: Contract, call_schemas: Mapping[tuple[str, str], Mapping[str, Json]]
) -> Mapping[tuple[str, str], Any]:
    schemas = {name: closed(schema) for name, schema in contract.document["components"].get("schemas", {}).items()}
    return {kind: compiled(contract, closed(schema), schemas) for kind, schema in call_schemas.items()}


def _kinds(contract: Contract) -> Iterator[tuple[Operation, str]]:
    """Yield each operation with each media type of its bodies; with "" where it takes none."""
    for operation in contract.operations.values():
        for media_type in operation.bodies or ("",):
            yield operation, media_type


def call_schema(operation: Operation, media_type: str) -> Mapping[str, Json]:
    """Make the schema of a whole call: the values of each part that has parameters, and a body of *media_type*."""
    parts: dict[str, Json] = {}
    for part in ("path", "query", "header", "cookie"):
        parameters = [p for p in operation.parameters if p.place == part]
        if parameters or part in ("path", "query"):
            parts[part] = {
                "properties": {p.name: {**p.schema, "x-clause": p.clause} for p in parameters},
                "required": [p.name for p in parameters if p.required],
            }
    required = [*parts]
    if media_type:
        parts["body"] = operation.bodies[media_type]
        required += ["body"] if operation.body_required else []
    return {"type": "object", "properties": parts, "required": required}


def compiled(contract: Contract, schema: Mapping[str, Json], schemas: Mapping[str, Json] | None = None) -> Any:
    """Compile *schema*, whose references point into the contract, or into *schemas* in place of those.

    Raises `SpecError` for a schema that cannot be compiled.
    """
    components = {"schemas": schemas or contract.document["components"].get("schemas", {})}
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "components": components}
    try:
        return jsonschema_rs.validator_for(whole, validate_formats=True)
    except ValueError as error:
        raise SpecError(f"a schema cannot be compiled: {str(error)[:300]}; write it otherwise") from error
