"""The parameters of operations: where each stands in a call, and how its text is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mockserver.contract.document.paths import parameters_of
from mockserver.contract.document.references import resolved
from mockserver.errors import SpecError, nearest
from mockserver.model import Json

#: How the values of a location are written; no other style is read.
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
#: What OpenAPI says elsewhere, and where.
_ELSEWHERE = {
    "accept": "a response has one media type, and nobody reads Accept; leave it out",
    "content-type": "say under requestBody/content how a body is declared",
    "authorization": "declare a security scheme of type http, or an apiKey, and name it under security",
    "cookie": "declare each cookie as a parameter `in: cookie`",
}
#: Headers that speak to the mock, or to the HTTP server; `mock-` begins more of them.
_NO_PARAMETERS = frozenset(
    "prefer x-http-method-override host content-length content-encoding transfer-encoding connection expect te "
    "trailer upgrade keep-alive".split()
)


class Parameter(NamedTuple):
    """One parameter of an operation."""

    name: str
    #: path, query, header or cookie.
    location: str
    required: bool
    #: References at its top are followed.
    schema: Mapping[str, Json]
    clause: str
    #: Whether its value is a list of texts: in a query, or in a header.
    is_list: bool = False
    #: Whether each item of a list in a query has the name again (`a=1&a=2`), or commas stand between them (`a=1,2`).
    explode: bool = True

    @property
    def key(self) -> str:
        """The name by which a call is asked for it: those of headers mean the same in capitals or not."""
        return self.name.lower() if self.location == "header" else self.name


def read_parameters(
    document: Mapping[str, Any], item: Mapping[str, Any], entry: Mapping[str, Any], where: str
) -> tuple[Parameter, ...]:
    """Read the parameters of the operation *entry* of a path *item*; its own stand in for those of the path.

    Raises `SpecError` for one that nobody would read as it is written.
    """
    read: dict[tuple[str, str], Parameter] = {}
    for holder in (item, entry):
        seen: set[tuple[str, str]] = set()
        for parameter in _read(document, holder.get("parameters", ()), where):
            key = (parameter.location, parameter.key)
            if key in seen:
                raise SpecError(f"{where}/parameters: {_named(parameter)} stands there twice; keep one of them")
            seen.add(key)
            read[key] = parameter
    return tuple(read.values())


def refuse_other_path_parameters(parameters: Iterable[Parameter], path: str, where: str) -> None:
    """Raise `SpecError` unless *path* names the very parameters that stand in a path."""
    listed = [p.name for p in parameters if p.location == "path"]
    named = parameters_of(path)
    for name in named:
        if name not in listed:
            hint = nearest(name, listed)
            raise SpecError(f"{where}: {path} names {name!r}, which is no parameter `in: path`; list it{hint}")
    for name in listed:
        if name not in named:
            raise SpecError(f"{where}: the parameter {name!r} is `in: path`, and {path} does not name it; take it out")


def refuse_header_of_no_api(name: str, spot: str) -> None:
    """Raise `SpecError` when the header *name*, which is demanded at *spot*, means something to the server itself."""
    if name.lower() in _NO_PARAMETERS or name.lower().startswith("mock-"):
        raise SpecError(
            f"{spot}: the header {name} speaks to the mock server, or to any HTTP server, and belongs to no API; "
            "take another"
        )


def _read(document: Mapping[str, Any], entries: Iterable[Mapping[str, Any]], where: str) -> Iterator[Parameter]:
    for written in entries:
        entry = resolved(document, written)
        schema = resolved(document, entry["schema"])
        parameter = Parameter(
            name=entry["name"],
            location=entry["in"],
            required=entry.get("required", False),
            schema=schema,
            clause=entry["x-clause"],
            is_list=schema.get("type") == "array",
            explode=entry.get("explode", True),
        )
        spot = f"{where}/parameters/{parameter.name}"
        _refuse_unread_style(entry, parameter, spot)
        _refuse_unread_schema(document, parameter, spot)
        if parameter.location == "header":
            _refuse_header_of_others(parameter, spot)
        yield parameter


def _refuse_unread_style(entry: Mapping[str, Any], parameter: Parameter, spot: str) -> None:
    style = _STYLES[parameter.location]
    if entry.get("style", style) != style:
        raise SpecError(
            f"{spot}: the style {entry['style']!r} is not honoured by the server; "
            f"what is `in: {parameter.location}` is read in the style {style}, so leave it out"
        )
    if "explode" in entry and not (parameter.location == "query" and parameter.is_list):
        raise SpecError(
            f"{spot}: the keyword 'explode' is not honoured by the server, but for lists in a query; leave it out"
        )
    if parameter.location == "path" and not parameter.required:
        raise SpecError(f"{spot}: a parameter `in: path` is always there; write required: true")


def _refuse_unread_schema(document: Mapping[str, Any], parameter: Parameter, spot: str) -> None:
    schema = parameter.schema
    if parameter.is_list and parameter.location not in ("query", "header"):
        raise SpecError(
            f"{spot}: a list is read in a query or a header, and this is `in: {parameter.location}`; "
            "make it a text, and say with a pattern how its items are written"
        )
    if parameter.is_list:
        schema = resolved(document, schema.get("items", {}))
    if schema.get("type") != "string":
        what = "the items of a parameter" if parameter.is_list else "the schema of a parameter"
        raise SpecError(
            f"{spot}: {what} must be of type string, because a URL or a header is text "
            "and nothing reads numbers out of it; say with a pattern how a number is written"
        )


def _refuse_header_of_others(parameter: Parameter, spot: str) -> None:
    if parameter.key in _ELSEWHERE:
        raise SpecError(f"{spot}: the header {parameter.name} is no parameter in OpenAPI; {_ELSEWHERE[parameter.key]}")
    refuse_header_of_no_api(parameter.name, spot)


def _named(parameter: Parameter) -> str:
    return f"the parameter {parameter.name!r} `in: {parameter.location}`"
