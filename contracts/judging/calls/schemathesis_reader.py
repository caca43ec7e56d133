"""The second reader of a client's calls, and of the replies that it got: Schemathesis, which shares no code with ours.

It looks up the operation by method and path, and holds each path, query and header value, the body and the reply
against the contract. What OpenAPI has no words for is handed to it: the other spellings of a
path (`x-aliases`), and which method counts where a POST stands for another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final, NoReturn
from urllib.parse import quote

import jsonschema_rs
import requests
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi import checks

from ...contract.document import METHODS, Document
from ...contract.links import with_link_bodies
from ...errors import BeyondReader
from ...reading.json_text import Json
from ..attempts import Attempt

#: The checks that read a reply; the others judge how a server treats calls.
_READING: Final = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
#: The validator of Schemathesis reads no deeper than 255.
_DEEPEST: Final = 200


class SchemathesisReader:
    """Reads exchanges by one contract; raises BeyondReader for one that it cannot read."""

    def __init__(self, document: Document) -> None:
        contract, self._ids = _every_spelling(deepcopy(with_link_bodies(document.data)))
        # A schemathesis.toml in the current folder is somebody else's.
        self._schema = schemathesis.openapi.from_dict(contract, config=SchemathesisConfig())
        # JSONP is a script, for which it has no reader.
        schemathesis.deserializer("application/javascript")(lambda _context, reply: reply.content.decode())

    def operation_of(self, attempt: Attempt) -> str | None:
        """Return the operationId of a call, or None for one outside the contract."""
        found = self._find(attempt)
        return self._ids[found.path, found.method.lower()] if found else None

    def objections_to_call(self, attempt: Attempt) -> Mapping[str, str]:
        """Say what is wrong with a call, by where it is wrong: `path`, `query.v`, `body`, ..."""
        operation = self._find(attempt)
        if operation is None:
            return {"path": f"no operation is {attempt.method} {attempt.path}"}
        return dict((*_parameters(operation, attempt), *_body(operation, attempt)))

    def objection_to_reply(self, attempt: Attempt) -> str:
        """Say what is wrong with the reply to a call; nothing means that it keeps the contract."""
        operation = self._find(attempt)
        if operation is None:
            return ""
        # It would take any cookie for the documented one.
        headers = {name: [value] for name, value in attempt.reply_headers.items() if name != "set-cookie"}
        request = requests.Request(attempt.method, f"http://127.0.0.1{quote(attempt.path)}").prepare()
        reply = schemathesis.Response(attempt.status, headers, attempt.reply, request, elapsed=0.0, verify=False)
        try:
            documented = self._schema.get_content_types(operation, reply)
            if "application/json" in documented and "json" in attempt.reply_headers.get("content-type", "").lower():
                _json(attempt.reply)  # Schemathesis also takes other encodings than that of JSON
            operation.Case(path_parameters=dict(_path_values(operation, attempt))).validate_response(
                reply, checks=_READING
            )
        except (Failure, FailureGroup, ValueError) as error:
            return "; ".join(map(_text_of, error.exceptions if isinstance(error, FailureGroup) else [error]))
        return ""

    def _find(self, attempt: Attempt) -> Any:
        operation = self._schema.find_operation_by_path(attempt.method, attempt.path)
        if operation is None or operation.method.upper() != attempt.method:  # its router takes HEAD for GET
            return None
        # It also drops slashes at the beginning.
        return operation if operation.path.count("/") == attempt.path.count("/") else None


def _parameters(operation: Any, attempt: Attempt) -> Iterator[tuple[str, str]]:
    """Hold the values that were sent against the parameters that the contract lists."""
    sent: dict[str, list[tuple[str, str]]] = {
        "path": list(_path_values(operation, attempt)),
        "query": list(attempt.query),
        "header": list(attempt.headers.items()),
    }
    for parameter in (*operation.path_parameters, *operation.query, *operation.headers):
        location, name = parameter.location.value, parameter.name
        wanted = name.lower() if location == "header" else name
        values = [value for key, value in sent[location] if key == wanted]
        objection = ""
        if values:
            # A parameter that stands there more than once is a list.
            objection = _objection(operation.get_parameter(name, location), values[0] if len(values) == 1 else values)
        elif parameter.is_required:
            objection = "it is required, and missing"
        if objection:
            yield f"{location}.{wanted}", objection


def _path_values(operation: Any, attempt: Attempt) -> Iterator[tuple[str, str]]:
    """Yield what stands in the path for each parameter of it; a parameter fills a whole segment."""
    for name, value in zip(operation.path.split("/"), attempt.path.split("/"), strict=True):
        if name.startswith("{"):
            yield name[1:-1], value


def _body(operation: Any, attempt: Attempt) -> Iterator[tuple[str, str]]:
    bodies = list(operation.body)
    if not bodies or (not attempt.body and not any(body.is_required for body in bodies)):
        return
    sent = attempt.headers.get("content-type")
    try:
        body = operation.get_body_for_media_type(sent)
    except ValueError as error:
        yield "header.content-type", str(error)
        return
    if body is None:
        known = " or ".join(each.media_type for each in bodies)
        yield "header.content-type", f"a body is {known}, not {sent or 'without a media type'}"
        return
    try:
        value = _json(attempt.body)
    except ValueError as error:
        yield "body", str(error)
        return
    for violation in body.get_validator().iter_errors(value):
        yield ".".join(map(str, ["body", *violation.instance_path[:1]])), _text_of(violation)


def _objection(parameter: Any, value: Json) -> str:
    try:
        parameter.validate(value)
    except jsonschema_rs.ValidationError as error:
        return _text_of(error)
    return ""


def _json(body: bytes) -> Json:
    """Read JSON in its one encoding.

    Raises ValueError for anything else, and BeyondReader for what is nested too deep.
    """
    try:
        value = json.loads(body.decode(), parse_constant=_refuse)
    except RecursionError:
        raise BeyondReader from None
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()  # half a character is none
    level = [value]
    for _ in range(_DEEPEST):
        level = [part for each in level for part in _children(each)]
    if level:
        raise BeyondReader
    return value


def _children(value: Json) -> Iterable[Json]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"JSON has no {constant}")


def _text_of(error: Exception) -> str:
    title = f"{error.title}: " if isinstance(error, Failure) else ""
    where = ".".join(map(str, error.instance_path)) + ": " if isinstance(error, jsonschema_rs.ValidationError) else ""
    return " ".join(f"{title}{where.removeprefix(': ')}{getattr(error, 'message', error)}".split())[:300]


def _every_spelling(contract: Json) -> tuple[Json, Mapping[tuple[str, str], str]]:
    """Return *contract* with each spelling of a path as a path of its own, and the operationId of each method there."""
    ids: dict[tuple[str, str], str] = {}
    for path, item in list(contract["paths"].items()):
        for spelling in (path, *item.get("x-aliases", ())):
            contract["paths"][spelling] = deepcopy(item)
            for method in item.keys() & METHODS:
                ids[spelling, method] = item[method]["operationId"]
                if spelling != path:  # no two operations have one id
                    del contract["paths"][spelling][method]["operationId"]
    return contract, ids
