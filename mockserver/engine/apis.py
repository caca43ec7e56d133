"""The APIs of one server side by side: which of them answers what, and what they have in common."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from mockserver.contract.document import operations as documented
from mockserver.contract.document.clauses import Clause
from mockserver.contract.reply_rules import DocumentRules
from mockserver.engine.api import Api
from mockserver.engine.binding import (
    BoundOperation,
    bound_operations,
    joined_clauses,
    refuse_shared_names,
    refuse_shared_paths,
)
from mockserver.errors import SpecError, nearest
from mockserver.scenarios.vocabulary import ApiWords, Vocabulary
from mockserver.settings import FIELDS


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
        found = [bound for contract in self.contracts for bound in bound_operations(contract, apis)]
        refuse_shared_names(found)
        refuse_shared_paths(found)
        #: By operationId.
        self.bound: Mapping[str, BoundOperation] = {bound.entry.id: bound for bound in found}
        #: What the documents say of the operations, by operationId.
        self.entries: Mapping[str, documented.Operation] = {bound.entry.id: bound.entry for bound in found}
        self.clauses: Mapping[str, Clause] = joined_clauses(self.contracts)
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


def _common(segments: Sequence[str], known: Sequence[str]) -> int:
    """Return with how many segments of a *known* path some *segments* begin; parameters stand for none."""
    pairs = zip(segments, known, strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))


def _rules(api: Api) -> Iterable[str]:
    for name in api.rules:
        if name not in FIELDS:
            raise SpecError(f"the API {api.name} has a rule {name!r}, which is no setting{nearest(name, FIELDS)}")
        yield name
