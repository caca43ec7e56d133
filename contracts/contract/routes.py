"""Which operation of the contract a method and a path mean, and the values in the path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .document import Document
from .operation import Operation
from .templates import values_in

#: The operations that ask for an engagement.
ENGAGEMENT = frozenset({"getEngagement", "createFirstSession", "createSession"})
#: The operation that reports to a session.
UPDATE = "updateSession"


@dataclass(frozen=True)
class Route:
    """Where a call leads; no operation when the contract has no such path or method."""

    operation: str | None
    #: The method that counts: PUT for a POST that tunnels one.
    method: str
    values: Mapping[str, str] = field(default_factory=dict)
    #: The contract has the path, whatever the method.
    path_known: bool = False


class Routes:
    """The paths of a contract; literal segments win over parameters."""

    def __init__(self, document: Document) -> None:
        spelled = [
            (template, operation)
            for operation in document.operations.values()
            for template in (operation.path, *operation.aliases)
        ]
        spelled.sort(key=lambda pair: pair[0].count("{"))
        self._known = spelled

    def find(self, sent_method: str, path: str, headers: Mapping[str, str]) -> Route:
        """Find the operation of a call whose *path* is decoded, as in the journal; *headers* have lower-case names."""
        found = ((values_in(path, template), operation) for template, operation in self._known)
        here = [(values, operation) for values, operation in found if values is not None]
        tunnelled = [pair for pair in here if _tunnels(pair[1], sent_method, headers)]
        plain = [pair for pair in here if pair[1].method == sent_method]
        for values, operation in (*tunnelled, *plain):
            return Route(operation.id, operation.method, values, path_known=True)
        return Route(None, sent_method, path_known=bool(here))


def _tunnels(operation: Operation, sent_method: str, headers: Mapping[str, str]) -> bool:
    tunnel = operation.tunnel
    return bool(
        tunnel
        and sent_method == tunnel["method"]
        and headers.get(tunnel["header"].lower(), "").upper() == tunnel["value"]
    )
