"""The APIs of one server side by side: which of them answers an operation, and what keeps them apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mockserver.contract.document import operations as documented
from mockserver.contract.document.clauses import Clause
from mockserver.contract.reply_rules import DocumentRules
from mockserver.contract.spec import Contract
from mockserver.contract.validation import Validator
from mockserver.engine.api import Api, Operation
from mockserver.errors import SpecError, nearest
from mockserver.scenarios.vocabulary import ApiWords, Vocabulary
from mockserver.settings import FIELDS

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


class Apis:
    """The APIs that one server stands in for; the first of them answers for what belongs to none."""

    def __init__(self, apis: Sequence[Api]) -> None:
        """Bind every operation to its API. Raises `SpecError` where APIs and documents disagree."""
        self.all = tuple(apis)
        names = [api.name for api in apis]
        if twin := next((name for name in names if names.count(name) > 1), None):
            raise SpecError(f"two APIs are called {twin!r}; rename one of them")
        #: Each once, though several APIs share it.
        self.contracts = tuple({id(api.contract): api.contract for api in apis}.values())
        found = [bound for contract in self.contracts for bound in _bound(contract, apis)]
        _refuse_shared_names(found)
        _refuse_shared_paths(found)
        #: By operationId.
        self.bound: Mapping[str, BoundOperation] = {bound.entry.id: bound for bound in found}
        #: What the documents say of the operations, by operationId.
        self.entries: Mapping[str, documented.Operation] = {bound.entry.id: bound.entry for bound in found}
        self.clauses: Mapping[str, Clause] = _clauses(self.contracts)
        self._segments = {
            api.name: [path.split("/") for name in api.operations for path in self.entries[name].paths] for api in apis
        }
        #: The names of the rules that only one API keeps.
        self.rules = frozenset(name for api in apis for name in _rules(api))
        #: What scenarios may say.
        self.vocabulary = Vocabulary([_words(api) for api in apis], DocumentRules(*self.contracts))

    def nearest(self, path: str) -> Api:
        """Return the API that has the path which has most in common with *path*; the first one among equals."""
        segments = path.split("/")
        return max(self.all, key=lambda api: max(_common(segments, known) for known in self._segments[api.name]))

    def names(self) -> frozenset[str]:
        """Return the name of every parameter of the contracts, and of every member of every object."""
        return frozenset(name for contract in self.contracts for name in contract.names())

    def credentials(self) -> frozenset[tuple[str, str]]:
        """Return where calls carry what opens something: header, query or cookie, and the name there."""
        return frozenset(place for contract in self.contracts for place in contract.credentials)

    def personal_names(self) -> frozenset[str]:
        """Return those under which a person stands, in small letters."""
        return frozenset(name for api in self.all for name in api.personal_names)

    @property
    def first(self) -> Api:
        """The API that answers for what belongs to none, such as a path that no document has."""
        return self.all[0]


def _words(api: Api) -> ApiWords:
    """Return what *api* adds to scenario documents."""
    asking = tuple(name for name, operation in api.operations.items() if operation.asks_scenarios)
    return ApiWords(
        name=api.name,
        rules=DocumentRules(api.contract),
        conditions=api.conditions,
        outcomes=api.outcomes,
        ids=api.ids,
        default_operations=asking or tuple(api.operations),
        presets=api.presets,
    )


def _bound(contract: Contract, apis: Sequence[Api]) -> Iterable[BoundOperation]:
    """Bind the operations of *contract* to those of *apis* that share it."""
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


def _refuse_shared_names(found: Sequence[BoundOperation]) -> None:
    owners: dict[str, Api] = {}
    for bound in found:
        other = owners.setdefault(bound.entry.id, bound.api)
        if other is not bound.api:
            raise SpecError(
                f"the operationId {bound.entry.id!r} stands in the documents of {other.name} and {bound.api.name}; "
                "rename one of them"
            )


def _refuse_shared_paths(found: Sequence[BoundOperation]) -> None:
    """Refuse a path that two documents claim, whatever they call its parameters."""
    owners: dict[str, BoundOperation] = {}
    for bound in found:
        for path in bound.entry.paths:
            other = owners.setdefault(_shape(path), bound)
            if other.api.contract is not bound.api.contract:
                raise SpecError(
                    f"the path {path} stands in the documents of {other.api.name} and {bound.api.name}; "
                    "one server can serve it for one of them only: put the other under a prefix of its own"
                )


def _clauses(contracts: Sequence[Contract]) -> Mapping[str, Clause]:
    found: dict[str, Clause] = {}
    for contract in contracts:
        for clause in contract.clauses.values():
            if found.setdefault(clause.id, clause) != clause:
                raise SpecError(
                    f"two documents have a clause {clause.id!r}, and they do not say the same; rename one of them"
                )
    return found


def _common(segments: Sequence[str], known: Sequence[str]) -> int:
    """Return with how many segments of a *known* path some *segments* begin; parameters stand for none."""
    pairs = zip(segments, known, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _shape(path: str) -> str:
    """Return *path* without the names of its parameters, which no caller sees."""
    return _PARAMETER.sub("{}", path)


def _rules(api: Api) -> Iterable[str]:
    for name in api.rules:
        if name not in FIELDS:
            raise SpecError(f"the API {api.name} has a rule {name!r}, which is no setting{nearest(name, FIELDS)}")
        yield name


def _names(apis: Sequence[Api]) -> str:
    return " and ".join(api.name for api in apis)
