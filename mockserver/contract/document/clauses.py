"""The clauses of a document: its rules, each with a sentence, its sources and its standing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from mockserver.errors import SpecError, nearest
from mockserver.model import Code


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of the contract."""

    id: str
    rule: str
    #: Whom it binds: call, reply, server or client.
    about: str
    #: How sure it is: documented, observed, inferred or recommended.
    standing: str
    source: tuple[str, ...]
    status: int | None = None
    #: What the API calls the error of a call that breaks it.
    code: Code | None = None


class CallClauses(NamedTuple):
    """The clauses that a call can break before any parameter or schema is looked at, as `x-call-clauses` lists them."""

    #: The body is not what its media type says: no JSON, no form, or nothing at all.
    body: str
    #: A text is not UTF-8, or not of whole characters.
    unicode: str
    #: A number is larger than any that can be held.
    number: str
    #: Lists and objects stand too deep in one another.
    depth: str
    #: An object or a form names a member twice.
    twice: str
    #: The body is declared as another media type than the operation reads.
    media_type: str
    #: The body is declared in another charset than UTF-8.
    charset: str
    #: The body is compressed.
    coding: str
    #: A query parameter that is no list is sent repeatedly.
    repeated: str
    #: A member or a query parameter is not listed, where a space refuses that.
    unlisted: str
    #: A `Prefer` header asks for what cannot be had.
    prefer: str
    #: Nothing is served at the path.
    path: str
    #: The path does not allow the method.
    method: str
    #: The body is larger than the server reads.
    size: str
    #: The call does not name the host that it is meant for.
    host: str
    #: X-HTTP-Method-Override asks for another method than PUT.
    override: str


def read_clauses(document: Mapping[str, Any]) -> Mapping[str, Clause]:
    """Read the clauses of *document* by their ids. Raises `SpecError` for twins, and for unknown sources."""
    entries = document["x-clauses"]
    refuse_twins([entry["id"] for entry in entries], "clause")
    sources = document.get("x-sources", {})
    for entry in entries:
        for tag in entry["source"]:
            if tag not in sources:
                raise SpecError(
                    f"x-clauses: the source {tag!r} of {entry['id']} is not in x-sources{nearest(tag, sources)}"
                )
    return {
        entry["id"]: Clause(
            id=entry["id"],
            rule=entry["rule"],
            about=entry["about"],
            standing=entry["standing"],
            source=tuple(entry["source"]),
            status=entry.get("status"),
            code=entry.get("internalCode"),
        )
        for entry in entries
    }


def read_call_clauses(document: Mapping[str, Any], known: Mapping[str, Clause]) -> CallClauses:
    """Read `x-call-clauses`. Raises `SpecError` when one is missing, unknown, or does not bind calls with a status."""
    entry = document["x-call-clauses"]
    names = CallClauses._fields
    for name in entry:
        if name not in names:
            raise SpecError(f"x-call-clauses: {name!r} is nothing that a call can break{nearest(name, names)}")
    missing = [name for name in names if name not in entry]
    if missing:
        raise SpecError(
            f"x-call-clauses: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing; "
            "name for each the clause that a call breaks by it"
        )
    for name in names:
        refuse_unfit_clause(entry[name], known, f"x-call-clauses/{name}")
    return CallClauses(**entry)


def refuse_unfit_clause(clause: str, known: Mapping[str, Clause], where: str) -> None:
    """Raise `SpecError` unless a call that breaks *clause*, named at *where*, is refused with a status."""
    refuse_unknown_clauses([clause], known, where)
    status = known[clause].status
    if status is None or not 400 <= status < 500:
        raise SpecError(
            f"{where}: the clause {clause!r} has the status {status}, so that nobody knows how a call that breaks it "
            "is refused; give it a status from 400 to 499"
        )


def refuse_unknown_clauses(ids: Iterable[str], known: Collection[str], where: str) -> None:
    """Raise `SpecError` when one of *ids*, which stand at *where*, is none of the *known* clauses."""
    for clause in ids:
        if clause not in known:
            raise SpecError(f"{where}: the clause {clause!r} is not in x-clauses{nearest(clause, known)}")


def refuse_twins(names: list[str], what: str) -> None:
    """Raise `SpecError` when one of *names*, which name a *what*, stands there more than once."""
    if len(set(names)) == len(names):
        return
    name = next(name for name in names if names.count(name) > 1)
    raise SpecError(f"the {what} {name!r} stands {names.count(name)} times in the contract; keep one of them")
