"""Call in, validated call out, or every violation at once.

Two readers judge a call. A compiled JSON Schema validator takes one cheap look and says yes or no; only a no is
explained in full, through shapes that are made of the same schema. That the two agree is tested on every keyword.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from mockserver.contract.calls.reader import CallReader, CallValues
from mockserver.contract.calls.text_members import with_texts_read
from mockserver.contract.calls.unlisted import Outline, closed, unlisted
from mockserver.contract.compiling import call_schema, compiled, kinds
from mockserver.contract.refusals import refused
from mockserver.contract.spec import Contract
from mockserver.errors import InvalidCall
from mockserver.model import Call, Json, Speaker, ValidCall, Violation

if TYPE_CHECKING:
    from mockserver.contract.shapes.document_shapes import DocumentShapes

#: How many violations of one call are reported; a body of a megabyte could hold half a million.
MOST_VIOLATIONS = 1000

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
        self._call_schemas = {(o.id, m): call_schema(o, m) for o, m in kinds(contract)}
        #: Of calls that keep the contract and carry nothing that it does not list: most calls need no other look.
        self._glances = _plain_glances(contract, self._call_schemas)
        self._outlines = {(o.id, m): Outline(contract, o.bodies.get(m)) for o, m in kinds(contract)}
        self._readers = {o.id: CallReader(contract, o) for o in contract.operations.values()}
        self._second_glance = lru_cache(maxsize=None)(self._compiled_second_glance)

    def validated(self, call: Call, *, texts: bool = False) -> ValidCall:
        """Read *call*, whose operation is known; with *texts*, lists and objects may be written as text.

        Raises `InvalidCall` with all violations; the first in evaluation order decides status and code.
        """
        operation = call.operation or ""
        values = self._readers[operation].read(call)
        if texts:
            values = with_texts_read(self._contract, self._contract.operations[operation], values)
        seen, body, kind = values.seen, values.body, (operation, values.media_type)
        fields = body if isinstance(body, dict) else {}
        speaker = self._identify[operation](call, values.query, fields)
        valid = ValidCall(
            call, operation, speaker.account, values.query, fields, speaker.visitor_id, speaker.session_id, (),
            values.headers, values.cookies, values.credentials,
        )  # fmt: skip
        wrong = values.violations
        if not (wrong or values.other_query) and self._glances[kind].is_valid(seen):
            return valid
        listed = self._outlines[kind]
        others = unlisted(self._contract.operations[operation], listed, values.other_query, seen.get("body"))
        valid = replace(valid, unlisted=others)
        if wrong or not self._second_glance(kind).is_valid(seen):
            raise self._explained(values, valid)
        return valid

    def _compiled_second_glance(self, kind: tuple[str, str]) -> Any:
        return compiled(self._contract, self._call_schemas[kind])

    def _explained(self, values: CallValues, partly: ValidCall) -> InvalidCall:
        found = [*values.violations]
        places = {v.where for v in found}
        for violation in self._violations(partly.operation, values):
            if len(found) == MOST_VIOLATIONS:
                more = f"is wrong in more places than the {MOST_VIOLATIONS} told"
                found.append(Violation("body", more, self._contract.call_clauses.body))
                break
            if violation.where not in places:
                found.append(violation)
        error = refused(self._contract, found)
        error.unlisted = partly.unlisted
        if self._unjudged.isdisjoint(v.where for v in found):
            error.partly = partly
        return error

    def _violations(self, operation: str, values: CallValues) -> Iterator[Violation]:
        for name, schema in self._call_schemas[operation, values.media_type]["properties"].items():
            if name in values.seen:  # what could not be read is not judged
                yield from self._shapes.violations(schema, values.seen[name], name, self._contract.call_clauses.body)

    @cached_property
    def _shapes(self) -> DocumentShapes:
        from mockserver.contract.shapes.document_shapes import DocumentShapes  # loads marshmallow

        return DocumentShapes(self._contract.document)


def _plain_glances(
    contract: Contract, call_schemas: Mapping[tuple[str, str], Mapping[str, Json]]
) -> Mapping[tuple[str, str], Any]:
    schemas = {name: closed(schema) for name, schema in contract.document["components"].get("schemas", {}).items()}
    return {kind: compiled(contract, closed(schema), schemas) for kind, schema in call_schemas.items()}
