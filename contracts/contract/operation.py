"""An operation of the contract, and the replies that it documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..reading.json_text import Json
from .templates import values_in


@dataclass(frozen=True)
class Response:
    """One documented reply of an operation."""

    status: int
    #: Where it stands, references followed.
    pointer: str
    #: The pointer of the schema of each media type; no media type means an empty body.
    schemas: Mapping[str, str]
    #: The pointer of each header's schema, and whether the header is required.
    headers: Mapping[str, tuple[str, bool]]
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """One operation of the contract."""

    id: str
    method: str
    path: str
    #: Other spellings of the path.
    aliases: tuple[str, ...]
    pointer: str
    responses: Mapping[int, Response]
    #: The example of each required parameter, by location and name: `("path", "accountId")`.
    examples: Mapping[tuple[str, str], Json]
    #: The media type of a body, or "" where there is none.
    consumes: str = ""
    clauses: tuple[str, ...] = ()
    #: The method and header of a call that means the same, as the document's x-tunnel.
    tunnel: Mapping[str, str] = field(default_factory=dict)

    @property
    def needed_query(self) -> Mapping[str, Json]:
        """Return the required query parameters with their examples."""
        return {name: example for (location, name), example in self.examples.items() if location == "query"}

    @property
    def needed_path(self) -> Mapping[str, Json]:
        """Return the path parameters with their examples."""
        return {name: example for (location, name), example in self.examples.items() if location == "path"}

    def matches(self, path: str) -> bool:
        """Say whether *path* is one of the spellings of this operation's path."""
        return self.values_in(path) is not None

    def values_in(self, path: str) -> Mapping[str, str] | None:
        """Return what stands for the parameters in *path*, or None where it is no spelling of this operation's."""
        found = (values_in(path, template) for template in (self.path, *self.aliases))
        return next((values for values in found if values is not None), None)
