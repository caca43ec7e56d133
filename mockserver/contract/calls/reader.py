"""Reads all parts of a call, without judging what stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockserver.contract.calls.bodies import BodyReader
from mockserver.contract.calls.credentials import CredentialReader
from mockserver.contract.calls.json_body import UNREAD
from mockserver.contract.calls.parameters import NO_QUERY, ParameterReader
from mockserver.contract.document.operations import Operation
from mockserver.contract.spec import Contract
from mockserver.model import Call, Json, Violation

_NOTHING: Mapping[str, Json] = {}


class CallValues(NamedTuple):
    """What a call says, part by part; a tuple, because each call makes one."""

    #: Values by the name of their part: path, query, header, cookie, body. A part that could not be read is missing.
    seen: Mapping[str, Json]
    query: Mapping[str, Json]
    headers: Mapping[str, Json]
    cookies: Mapping[str, Json]
    #: The value of the body, or `UNREAD`, and the media type by which it was read.
    body: Json
    media_type: str
    #: The key, the token, or `user:password`, by the name of its security scheme.
    credentials: Mapping[str, str]
    #: What keeps a part from being read.
    violations: list[Violation]
    #: The names of query parameters that the contract does not list.
    other_query: list[str]


class CallReader:
    """Reads calls of one operation; what the operation does not have costs nothing."""

    def __init__(self, contract: Contract, operation: Operation) -> None:
        locations = {parameter.location for parameter in operation.parameters}
        self._parameters = ParameterReader(operation, contract.call_clauses)
        self._has_headers, self._has_cookies = "header" in locations, "cookie" in locations
        self._bodies = BodyReader(contract, operation)
        self._credentials = CredentialReader(operation) if operation.security else None

    def read(self, call: Call) -> CallValues:
        """Read every part of *call* that its operation has; nothing is raised for what cannot be read."""
        query = self._parameters.query(call) if call.query else NO_QUERY
        media_type, body, violations = self._bodies.read(call)
        seen: dict[str, Json] = {"path": call.path_values, "query": query.values}
        if body is not UNREAD:
            seen["body"] = body
        headers = cookies = _NOTHING
        credentials: Mapping[str, str] = _NOTHING
        if query.repeated:
            violations = [*query.repeated, *violations]
        if self._has_headers:
            headers = seen["header"] = self._parameters.headers(call)
        if self._has_cookies:
            cookies = seen["cookie"] = self._parameters.cookies(call)
        if self._credentials is not None:
            found = self._credentials.read(call)
            credentials = found.values
            violations = [*found.missing, *violations]
        return CallValues(seen, query.values, headers, cookies, body, media_type, credentials, violations, query.others)
