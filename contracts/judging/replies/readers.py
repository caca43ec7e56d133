"""The second reader: every reply is also read by openapi-core, which shares no code with the first.

Where the two disagree, one of them, or the contract's wording, is wrong; that is a finding of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Protocol

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from requests.structures import CaseInsensitiveDict

from ...contract.document import Document
from ...contract.operation import Operation
from ...contract.templates import path_of
from ...reading.json_text import Json
from ...wire.messages import Reply
from .exchange import ReplyViolation
from .headers import documented_value

#: The checks of the first reader that have a counterpart in the second.
SHARED: Final = frozenset({"documented_status", "media_type", "body_schema", "error_entity", "header_schema"})

#: The clause about the text of a reply in JSON.
STRICT: Final = "REP-JSON"

_JSON: Final = "application/json"

#: Any of the contract's servers; openapi-core finds an operation by its whole URL.
_HOST: Final = "http://127.0.0.1:8080"


class Reader(Protocol):
    """Whoever reads replies by the contract."""

    def objection(self, operation: Operation, reply: Reply) -> str:
        """Say what is wrong with *reply*; nothing means that it keeps the contract."""


@dataclass  # openapi-core's protocol wants settable members
class _Request:
    """The least that openapi-core must know of a request to find its operation."""

    path: str
    method: str
    host_url: str = _HOST
    parameters: RequestParameters = field(default_factory=RequestParameters)
    content_type: str = "application/json"
    body: bytes = b""


@dataclass(frozen=True)
class _Response:
    """A reply as openapi-core reads it."""

    status_code: int
    data: bytes
    content_type: str
    headers: CaseInsensitiveDict[str]


class SecondReader:
    """Reads replies by the same document with other code."""

    def __init__(self, document: Document) -> None:
        # openapi-core knows JSON and plain text; a script is a text too.
        # Whether the document is OpenAPI is seen by whoever changes it; it takes longer than all that is read here.
        config = Config(
            spec_validator_cls=None, extra_media_type_deserializers={"application/javascript": bytes.decode}
        )
        contract = {**_with_whole_patterns(document.data), "servers": [{"url": _HOST}]}
        self._openapi = OpenAPI.from_dict(contract, config=config)
        self._document = document
        self._operations = document.operations
        self._read = lru_cache(maxsize=4096)(self._objection)

    def objection(self, operation: Operation, reply: Reply) -> str:
        """Say what is wrong with *reply*; nothing means that it keeps the contract."""
        return self._read(operation.id, reply)

    def _objection(self, name: str, reply: Reply) -> str:
        operation = self._operations[name]
        path = path_of(operation.path, operation.needed_path)
        headers = CaseInsensitiveDict(self._headers(operation, reply))
        response = _Response(reply.status, reply.body, reply.media_type, headers)
        try:
            self._openapi.validate_response(_Request(path, operation.method.lower()), response)
            documented = operation.responses.get(reply.status)
            if documented and _JSON in documented.schemas and reply.media_type == _JSON and b"\\u" in reply.body:
                json.dumps(json.loads(reply.body), ensure_ascii=False).encode()  # half a character is none
        except OpenAPIError as error:
            return _text_of(error)
        except (ValueError, LookupError, RecursionError) as error:
            # A body that is no JSON, or is nested without end, or a charset that nobody knows: Python's own errors.
            return str(error)
        return ""

    def _headers(self, operation: Operation, reply: Reply) -> dict[str, str]:
        """Return the headers by name, joined where they are repeated; of cookies, the documented one only."""
        headers = {name.lower(): reply.header(name) or "" for name, _ in reply.headers if name.lower() != "set-cookie"}
        documented = operation.responses.get(reply.status)
        for name, (pointer, _) in (documented.headers if documented else {}).items():
            cookie = documented_value(self._document, reply, name, pointer) if name.lower() == "set-cookie" else None
            if cookie is not None:
                headers[name] = cookie
        return headers


def _with_whole_patterns(node: Json) -> Json:
    """Return *node* with patterns that mean in Python what they mean in JSON Schema: `$` is the very end.

    openapi-core matches with Python's `re`, for which a line feed may follow.
    """
    if isinstance(node, list):
        return [_with_whole_patterns(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: f"{part[:-1]}\\Z" if key == "pattern" and isinstance(part, str) and part.endswith("$")
        else _with_whole_patterns(part)
        for key, part in node.items()
    }  # fmt: skip


def _text_of(error: OpenAPIError) -> str:
    try:
        return f"{error} {error.__cause__ or ''}".strip()
    except ValueError:  # openapi-core quotes a body as UTF-8, whether it is or not
        return f"{type(error).__name__}: the body is not UTF-8"


def disagreement(violations: Iterable[ReplyViolation], objection: str) -> str:
    """Say in which way the two readers disagree; nothing means that they agree."""
    shared = [violation for violation in violations if violation.check in SHARED or violation.clause == STRICT]
    ours = "; ".join(violation.got for violation in shared)
    # OpenAPI has no words for the text of a body, so that others may read what is no strict JSON.
    of_the_text = all(violation.clause == STRICT for violation in shared)
    if bool(ours) == bool(objection) or (of_the_text and not objection):
        return ""
    return f"the first reader says {ours or 'nothing'}; the second reader says {objection or 'nothing'}"
