"""Binds the operations of documents to APIs, and refuses what would leave a call without one answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mockserver.contract.document import operations as documented
from mockserver.contract.document.clauses import Clause
from mockserver.contract.spec import Contract
from mockserver.contract.validation import Validator
from mockserver.engine.api import Api, Operation
from mockserver.errors import SpecError

#: No API has such paths: the admin API stands there, and what else is the server's.
_OURS = "/__"
_PARAMETER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class BoundOperation:
    """An operation with all that belongs to it."""

    api: Api
    #: What the contract says of it.
    entry: documented.Operation
    #: How it is answered.
    operation: Operation
    validator: Validator


def bound_operations(contract: Contract, apis: Sequence[Api]) -> Iterable[BoundOperation]:
    """Bind the operations of *contract* to those of *apis* that share it. Raises `SpecError` where they disagree."""
    sharing = [api for api in apis if api.contract is contract]
    if missing := sorted(contract.operations.keys() - {name for api in sharing for name in api.operations}):
        raise SpecError(
            f"the document of {_names(sharing)} has operations that nothing answers: {', '.join(missing)}; "
            "add them to the API's table of operations"
        )
    owners: dict[str, Api] = {}
    for api in sharing:
        if extra := sorted(api.operations.keys() - contract.operations.keys()):
            raise SpecError(
                f"the API {api.name} answers operations that its document does not have: {', '.join(extra)}; "
                "add them to the document, or take them out of its table of operations"
            )
        if twice := sorted(api.operations.keys() & owners.keys()):
            raise SpecError(f"the APIs {owners[twice[0]].name} and {api.name} both answer {twice[0]}; let one do so")
        owners |= dict.fromkeys(api.operations, api)
    validator = Validator(contract, {name: owners[name].operations[name].identify for name in contract.operations})
    for name, entry in contract.operations.items():
        yield BoundOperation(owners[name], entry, owners[name].operations[name], validator)


def refuse_shared_names(found: Sequence[BoundOperation]) -> None:
    """Raise `SpecError` for an operationId that stands in two documents."""
    owners: dict[str, Api] = {}
    for bound in found:
        other = owners.setdefault(bound.entry.id, bound.api)
        if other is not bound.api:
            raise SpecError(
                f"the operationId {bound.entry.id!r} stands in the documents of {other.name} and {bound.api.name}; "
                "rename one of them"
            )


def refuse_shared_paths(found: Sequence[BoundOperation]) -> None:
    """Raise `SpecError` for a path that two documents claim, whatever they call its parameters, or that is ours."""
    owners: dict[str, BoundOperation] = {}
    for bound in found:
        for path in bound.entry.paths:
            if path.startswith(_OURS):
                raise SpecError(
                    f"the path {path} of {bound.api.name} begins with {_OURS}, where the server has paths of its own; "
                    "choose another"
                )
            other = owners.setdefault(_shape(path), bound)
            if other.api.contract is not bound.api.contract:
                raise SpecError(
                    f"the path {path} stands in the documents of {other.api.name} and {bound.api.name}; "
                    "one server can serve it for one of them only: put the other under a prefix of its own"
                )


def joined_clauses(contracts: Sequence[Contract]) -> Mapping[str, Clause]:
    """Return the clauses of all *contracts*. Raises `SpecError` where two of one id do not say the same."""
    found: dict[str, Clause] = {}
    for contract in contracts:
        for clause in contract.clauses.values():
            if found.setdefault(clause.id, clause) != clause:
                raise SpecError(
                    f"two documents have a clause {clause.id!r}, and they do not say the same; rename one of them"
                )
    return found


def _shape(path: str) -> str:
    """Return *path* without the names of its parameters, which no caller sees."""
    return _PARAMETER.sub("{}", path)


def _names(apis: Sequence[Api]) -> str:
    return " and ".join(api.name for api in apis)
