"""Reads the parameters of a call from its query, its headers and its cookies, as texts and lists of texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockserver.contract.document.clauses import CallClauses
from mockserver.contract.document.operations import Operation
from mockserver.contract.document.parameters import Parameter
from mockserver.model import Call, Json, Violation


class QueryValues(NamedTuple):
    """What a query says; a tuple, because each call makes one."""

    #: The values of the listed parameters: texts, and lists of texts.
    values: Mapping[str, Json]
    #: A violation for each time that a parameter which is no list was sent again.
    repeated: list[Violation]
    #: The names of the parameters that the contract does not list.
    others: list[str]


#: What a call without a query says.
NO_QUERY = QueryValues({}, [], [])


class ParameterReader:
    """Reads the parameters of calls of one operation, by the names that the contract has for them."""

    def __init__(self, operation: Operation, clauses: CallClauses) -> None:
        self._clauses = clauses
        self._query = {p.name: p for p in operation.parameters if p.location == "query"}
        self._headers = [p for p in operation.parameters if p.location == "header"]
        self._cookies = [p.name for p in operation.parameters if p.location == "cookie"]
        #: Where credentials stand in the query: they are no parameters, and listed all the same.
        self._credentials = frozenset(
            s.name for several in operation.security for s in several if s.location == "query"
        )

    def query(self, call: Call) -> QueryValues:
        """Return what the query of *call* says; of a text that was sent repeatedly, the first."""
        values: dict[str, Json] = {}
        repeated: list[Violation] = []
        others: list[str] = []
        for name, text in call.query:
            parameter = self._query.get(name)
            if parameter is None:
                if name not in self._credentials:
                    others.append(name)
            elif parameter.is_list and parameter.explode:
                values.setdefault(name, []).append(text)
            elif name in values:
                repeated.append(Violation(f"query.{name}", self._once(parameter), self._clauses.repeated))
            else:
                # A query is decoded before it comes here, so that no item of such a list has a comma in it.
                values[name] = text.split(",") if parameter.is_list else text
        return QueryValues(values, repeated, others)

    def headers(self, call: Call) -> Mapping[str, Json]:
        """Return the listed headers of *call*: a list has commas between its items, or is sent in several headers."""
        return {p.name: _header(p, call.headers[p.key]) for p in self._headers if p.key in call.headers}

    def cookies(self, call: Call) -> Mapping[str, Json]:
        """Return the listed cookies of *call*."""
        return {name: call.cookies[name] for name in self._cookies if name in call.cookies}

    def _once(self, parameter: Parameter) -> str:
        way_out = "; put commas between the items" if parameter.is_list else ""
        return f"must be sent once, got it repeatedly{way_out}"


def _header(parameter: Parameter, text: str) -> Json:
    if not parameter.is_list:
        return text
    return [item.strip() for item in text.split(",")] if text.strip() else []
