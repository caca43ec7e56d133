"""The security schemes of a document: which credentials a call has to carry, and where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from mockserver.contract.document.clauses import Clause, refuse_unfit_clause
from mockserver.contract.document.parameters import refuse_header_of_no_api
from mockserver.errors import SpecError, nearest


class SecurityScheme(NamedTuple):
    """One kind of credentials."""

    #: As the document calls it.
    id: str
    #: header, query or cookie.
    location: str
    #: The name of the header, of the query parameter or of the cookie.
    name: str
    #: basic or bearer; empty for an API key, which is any text.
    scheme: str
    #: The clause that a call without these credentials breaks.
    clause: str

    @property
    def key(self) -> str:
        """The name by which a call is asked for it: those of headers mean the same in capitals or not."""
        return self.name.lower() if self.location == "header" else self.name

    @property
    def where(self) -> str:
        """Where a call without these credentials is wrong, as in `Violation.where`."""
        return f"{self.location}.{self.name}"


#: Security schemes; a call meets the requirement when it carries credentials of each of them.
Requirement = tuple[SecurityScheme, ...]


def read_schemes(document: Mapping[str, Any], clauses: Mapping[str, Clause]) -> Mapping[str, SecurityScheme]:
    """Read the security schemes of *document* by their ids.

    Raises `SpecError` for a clause that refuses nobody, and for a header that is the server's.
    """
    schemes = {}
    for id_, entry in document["components"].get("securitySchemes", {}).items():
        refuse_unfit_clause(entry["x-clause"], clauses, f"components/securitySchemes/{id_}")
        location, name = entry.get("in", "header"), entry.get("name", "Authorization")
        if location == "header":
            refuse_header_of_no_api(name, f"components/securitySchemes/{id_}")
        schemes[id_] = SecurityScheme(id_, location, name, entry.get("scheme", ""), entry["x-clause"])
    return schemes


def read_security(
    document: Mapping[str, Any], entry: Mapping[str, Any], schemes: Mapping[str, SecurityScheme], where: str
) -> tuple[Requirement, ...]:
    """Read what an operation *entry* demands: one of several requirements; none at all where it demands nothing.

    Raises `SpecError` for a scheme that is not listed.
    """
    listed = entry.get("security", document.get("security", ()))
    requirements = tuple(tuple(_scheme(id_, schemes, where) for id_ in requirement) for requirement in listed)
    return () if () in requirements else requirements


def refuse_undocumented_refusals(
    security: tuple[Requirement, ...], statuses: Collection[int], clauses: Mapping[str, Clause], where: str
) -> None:
    """Raise `SpecError` unless the operation documents the status of a call without its credentials."""
    for scheme in (scheme for requirement in security for scheme in requirement):
        status = clauses[scheme.clause].status
        if status not in statuses:
            raise SpecError(
                f"{where}/responses: a call without {scheme.id} is refused with {status} (clause {scheme.clause}), "
                "which is not documented; list it"
            )


def _scheme(id_: str, schemes: Mapping[str, SecurityScheme], where: str) -> SecurityScheme:
    if id_ not in schemes:
        raise SpecError(f"{where}/security: {id_!r} is not in components/securitySchemes{nearest(id_, schemes)}")
    return schemes[id_]
