"""The outcome `reply`: a reply, word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import orjson

from mockserver.model import Json
from mockserver.scenarios.documents.mistakes import AlreadyNoted
from mockserver.scenarios.documents.nodes import Node
from mockserver.scenarios.outcomes.base import Outcome, Purpose, refuse_deviation

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: What frames a reply, dates it or speaks of the connection is the HTTP server's; it would drop a second account.
_OF_THE_SERVER = frozenset(
    "connection content-length date keep-alive proxy-authenticate proxy-authorization server te trailer trailers "
    "transfer-encoding upgrade".split()
)
#: So begin the headers that the mock adds to every reply.
_OF_THE_MOCK = "mock-"
_WITHOUT_BODY = frozenset((204, 304))


@dataclass(frozen=True)
class Verbatim(Outcome):
    """A reply, word for word."""

    summary: ClassVar = "Exactly this reply."
    may_stand_alone: ClassVar = False
    may_leave_contract: ClassVar = True
    schema: ClassVar[Mapping[str, Json]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["status"],
        "properties": {
            "status": {"type": "integer", "minimum": 200, "maximum": 599},
            "headers": {"type": "object", "additionalProperties": {"$ref": "#/$defs/texts"}},
            "body": {"description": "A JSON value, sent in compact form."},
            "text": {"description": "The exact text of the body.", "type": "string"},
        },
        "not": {"required": ["body", "text"]},
    }

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @classmethod
    def read(cls, node: Node, purpose: Purpose) -> Self:
        """Read `{status: 200, headers: {...}, body: {...}}`, or with a `text`; raises `AlreadyNoted` if it is wrong."""
        table = node.table(("status", "headers", "body", "text"), required=("status",))
        status = table["status"].integer(200, 599)
        body = _body(table, node)
        if body and status in _WITHOUT_BODY:
            node.refuse(f"a reply with status {status} has no body")
        headers: tuple[tuple[str, str], ...] = ()
        if "headers" in table:
            with node.noting():
                headers = _headers(table["headers"])
        if node.is_wrong:
            raise AlreadyNoted
        if body and not any(name.lower() == "content-type" for name, _ in headers):
            headers = (("Content-Type", "application/json"), *headers)
        if not purpose.off_contract:
            for operation in purpose.operations:
                problems = purpose.rules.reply_problems(operation, status, body, headers)
                refuse_deviation(node, f"this reply to {operation}", problems)
        return cls(status, headers, body)


def _body(table: Mapping[str, Node], node: Node) -> bytes:
    if "body" in table and "text" in table:
        node.refuse("a reply has a body or a text, not both")
    if "text" in table:
        return table["text"].text().encode()
    return orjson.dumps(table["body"].value) if "body" in table else b""


def _headers(node: Node) -> tuple[tuple[str, str], ...]:
    headers = node.members()
    for name, member in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            member.note(f"{name!r} is no name of a header", at_key=True)
        if name.lower() in _OF_THE_SERVER:
            member.note("the HTTP server writes this header itself, or not at all; leave it out", at_key=True)
        if name.lower().startswith(_OF_THE_MOCK):
            member.note("headers that begin with Mock- are written by the mock; leave it out", at_key=True)
        if any(not (text.isascii() and text.isprintable()) for text in member.texts()):
            member.note("the value of a header is printable ASCII on one line")
        elif any(text != text.strip() for text in member.texts()):
            member.note("the value of a header has no blanks around it, because HTTP takes them off")
    return tuple((name, text) for name, member in headers.items() for text in member.texts())
