"""The checks of a reply's headers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from ...contract.document import Document
from ...reading.json_text import Json
from ...wire.messages import Reply
from .exchange import Exchange, ReplyViolation

#: Types that a header writes as JSON does.
_WRITTEN_AS_JSON: Final = frozenset({"integer", "number", "boolean"})


def header_schema(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand that documented headers are there when required, and fit their schemas."""
    documented = exchange.documented
    for name, (pointer, required) in (documented.headers if documented else {}).items():
        value = documented_value(exchange.document, exchange.reply, name, pointer)
        if value is None and required:
            what, cure = "the header is missing", f"send the header {name}"
        elif value is None:
            continue
        else:
            violation = next(exchange.shapes.violations(pointer, _typed(exchange.document, pointer, value)), None)
            if violation is None:
                continue
            what, cure = f"{name}: {value}: {violation.what}", f"mend the header {name}: {violation.cure}"
        yield ReplyViolation(
            "header_schema", f"the header {name} is as documented", what, cure, pointer, exchange.clause_around(pointer)
        )


def allow_header(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand that a reply 405 says in Allow which methods the path has (REQ-405)."""
    if exchange.reply.status != HTTPStatus.METHOD_NOT_ALLOWED:
        return
    allowed = {method.strip().upper() for method in (exchange.reply.header("Allow") or "").split(",")} - {""}
    wanted = exchange.document.methods_of(exchange.call.path)
    if not allowed >= wanted or not allowed:
        yield ReplyViolation(
            "allow_header",
            f"a reply 405 has the header Allow with {', '.join(sorted(wanted))}",
            f"Allow: {exchange.reply.header('Allow')}",
            f"send Allow: {', '.join(sorted(wanted))}",
            "",
            "REQ-405",
        )


def documented_value(document: Document, reply: Reply, name: str, pointer: str) -> str | None:
    """Return what *reply* says in the header *name*, whose schema is at *pointer*; of cookies, the documented one only.

    A server may set other cookies beside it, before it or after it.
    """
    if name.lower() != "set-cookie":
        return reply.header(name)
    own = str(document.at(pointer.rpartition("/")[0])["example"]).partition("=")[0]
    set_here = (value for key, value in reply.headers if key.lower() == "set-cookie")
    return next((value for value in set_here if value.partition("=")[0].strip() == own), None)


def _typed(document: Document, pointer: str, text: str) -> Json:
    """Read a header's *text* as what its schema at *pointer* wants, or leave it a text for the schema to refuse."""
    schema = document.at(document.resolved(pointer))
    if schema.get("type") == "array":
        return [_typed(document, f"{document.resolved(pointer)}/items", part.strip()) for part in text.split(",")]
    if schema.get("type") in _WRITTEN_AS_JSON:
        with suppress(ValueError):
            return json.loads(text)
    return text
