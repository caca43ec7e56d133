"""Finds what serves a target: by Flask's `url_map`, which is the only router."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from mockserver.contract.document.operations import Operation
from mockserver.errors import EarlyRefusal
from mockserver.web.refusals import no_such_method, no_such_path
from mockserver.web.target import Target

#: So many answers of the map are remembered: nearly all callers ask at the same few paths.
_MOST_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that serves a target, or none where nothing does."""

    operation: str | None
    #: The rule of the map, `/things/<id>/parts`; empty where nothing is served.
    rule: str
    #: By the names that the contract has for them.
    path_values: Mapping[str, str]


class Router:
    """Asks the map, which must have all its rules by then."""

    def __init__(self, url_map: Map, operations: Iterable[Operation]) -> None:
        self._map = url_map
        self._asked = url_map.bind("localhost")  # the map has no hosts, so that any will do
        #: Of the paths with a parameter whose name no variable of a rule can have, by the text of the rule.
        self._renaming = {rule.text: rule for one in operations for rule in one.rules if rule.renames}
        self._remembered = lru_cache(maxsize=_MOST_REMEMBERED)(self._matched)

    def find(self, target: Target) -> Route | EarlyRefusal:
        """Return the route of the target, or why there is none."""
        try:
            return self._remembered(target.path, target.method)
        except MethodNotAllowed as error:
            return no_such_method(target, error.valid_methods or ())
        except HTTPException:
            return no_such_path(target.path, self.served())

    def allowed(self, path: str) -> str:
        """List the methods that are allowed at *path*."""
        return ", ".join(sorted(self._asked.allowed_methods(path)))

    def served(self) -> Iterable[str]:
        """Return the rules of all that is served."""
        return (rule.rule for rule in self._map.iter_rules())

    def _matched(self, path: str, method: str) -> Route:
        if not path.startswith("/") or path.startswith("//"):  # slashes that werkzeug would add, or drop
            raise NotFound
        rule: Rule
        rule, values = self._asked.match(path, method, return_rule=True)
        renaming = self._renaming.get(rule.rule)
        return Route(rule.endpoint, rule.rule, renaming.path_values(values) if renaming else values)


class LiteralRule(Rule):
    """A rule that takes no redirects: the mock answers at the path it was asked, or says 404."""

    def __init__(self, *args: object, **options: object) -> None:
        options.update(strict_slashes=True, merge_slashes=False)
        super().__init__(*args, **options)  # type: ignore[arg-type]  # handed through
