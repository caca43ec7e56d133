"""One function per rule that every reply must keep, whatever the case was after.

A check looks at one exchange and yields a violation wherever the contract is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Final

from ...reading.json_text import Json
from ...wire.messages import Reply
from .exchange import Exchange, ReplyViolation
from .headers import allow_header, header_schema
from .strictness import content_coding, head_body, objection, strict_json, whole_reply

#: The flat error entity, whatever operation it answers.
ERROR_SCHEMA: Final = "/components/schemas/Error"

#: A time in milliseconds since 1970 is larger than this from 1973 on, one in seconds until the year 5138.
LEAST_MS: Final = 100_000_000_000
#: How far the time of an error may be from the server's clock.
MOST_APART_MS: Final = 300_000


def documented_status(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand a status that the operation documents."""
    operation, status = exchange.operation, exchange.reply.status
    if operation and status not in operation.responses:
        listed = ", ".join(map(str, operation.responses))
        yield ReplyViolation(
            "documented_status",
            f"{operation.id} answers with one of {listed}",
            f"status {exchange.reply.summary()}",
            f"answer with a documented status instead of {status}",
            f"{operation.pointer}/responses",
        )


def media_type(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand a documented media type of a reply with a body (REP-TYPE, of errors ERR-ENTITY)."""
    documented = exchange.documented
    if documented and documented.schemas and exchange.reply.media_type not in documented.schemas:
        wanted = " or ".join(documented.schemas)
        failed = documented.status >= HTTPStatus.BAD_REQUEST
        yield ReplyViolation(
            "media_type",
            f"a {documented.status} reply is {wanted}",
            f"Content-Type: {exchange.reply.header('Content-Type')}",
            f"send Content-Type: {wanted}",
            f"{documented.pointer}/content",
            "ERR-ENTITY" if failed and any(_schema_violations(exchange, "media_type", ERROR_SCHEMA)) else "REP-TYPE",
        )


def empty_body(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand an empty body where no media type is documented."""
    documented = exchange.documented
    if documented and not documented.schemas and exchange.reply.body:
        clause = next((name for name in documented.clauses if name.endswith("-EMPTY-REPLY")), None)
        yield ReplyViolation(
            "empty_body",
            f"a {documented.status} reply has an empty body",
            exchange.reply.summary(),
            "send no body",
            documented.pointer,
            clause,
        )


def body_schema(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand that the body of a good reply fits its schema."""
    documented = exchange.documented
    if documented and documented.status < HTTPStatus.BAD_REQUEST and exchange.reply.media_type in documented.schemas:
        yield from _schema_violations(exchange, "body_schema", documented.schemas[exchange.reply.media_type])


def error_entity(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand the error entity of every error, documented or not (ERR-ENTITY)."""
    documented = exchange.documented
    declared_right = documented is None or exchange.reply.media_type in documented.schemas
    schema = _error_schema(exchange)
    if exchange.reply.status >= HTTPStatus.BAD_REQUEST and declared_right and schema and exchange.call.method != "HEAD":
        yield from _schema_violations(exchange, "error_entity", schema)


def _error_schema(exchange: Exchange) -> str | None:
    """Return the schema that every error keeps; in a contract without one, what is documented for this error."""
    if "Error" in exchange.document.data["components"]["schemas"]:
        return ERROR_SCHEMA
    documented = exchange.documented
    return documented.schemas.get(exchange.reply.media_type) if documented else None


def error_time(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand the time of an error in milliseconds since 1970 (ERR-ENTITY), and the right one (ERR-TIME).

    How right can be said only where the clock of the server is known.
    """
    time = _member(exchange, "time") if exchange.reply.status >= HTTPStatus.BAD_REQUEST else None
    if not isinstance(time, int) or isinstance(time, bool):
        return
    pointer = f"{ERROR_SCHEMA}/properties/time"
    if time < LEAST_MS:
        got = f"time is {time}, which would be in 1973 or before"
        yield ReplyViolation(
            "error_time",
            "time is in milliseconds since 1970",
            got,
            "multiply time by 1000",
            pointer,
            "ERR-ENTITY",
        )
    elif (now_ms := exchange.now_ms) is not None and abs(time - now_ms) > MOST_APART_MS:
        side = "after" if time > now_ms else "before"
        yield ReplyViolation(
            "error_time",
            "time is when the error happened",
            f"time is {time}, {abs(time - now_ms) / 1000:.0f} seconds {side} {now_ms}, the server's own clock",
            f"send time as {now_ms}, the moment of the error in milliseconds since 1970",
            pointer,
            "ERR-TIME",
        )


def loading_status(exchange: Exchange) -> Iterator[ReplyViolation]:
    """Demand that a Loading reply has no `status` that could be taken for NotAvailable (GE-LOADING-NO-STATUS)."""
    if exchange.reply.status == HTTPStatus.INTERNAL_SERVER_ERROR and _member(exchange, "status") is not None:
        yield ReplyViolation(
            "loading_status",
            "a reply 500 has no member status",
            exchange.reply.summary(),
            "leave status out of the error entity",
            ERROR_SCHEMA,
            "GE-LOADING-NO-STATUS",
        )


Check = Callable[[Exchange], Iterator[ReplyViolation]]

#: Every check by its name; the order is the order of violations.
CHECKS: Final[dict[str, Check]] = {
    check.__name__: check
    for check in (
        documented_status,
        media_type,
        empty_body,
        body_schema,
        error_entity,
        error_time,
        loading_status,
        header_schema,
        allow_header,
        strict_json,
        content_coding,
        whole_reply,
        head_body,
    )
}


def violations(exchange: Exchange) -> list[ReplyViolation]:
    """Return every violation that any check finds in *exchange*, in the order of the checks."""
    return [violation for check in CHECKS.values() for violation in check(exchange)]


def _schema_violations(exchange: Exchange, check: str, pointer: str) -> Iterator[ReplyViolation]:
    try:
        value = _decoded(exchange.reply)
    except ValueError as error:
        yield ReplyViolation(
            check,
            "the body is JSON",
            f"{exchange.reply.summary()} ({error})",
            "send JSON",
            pointer,
            "REP-JSON" if objection(exchange.reply) else exchange.clause_around(pointer),
        )
        return
    for violation in exchange.shapes.violations(pointer, value):
        clause = exchange.clause_around(violation.pointer) or exchange.clause_around(pointer)
        rule = exchange.document.clauses[clause].rule if clause else "the body fits its schema"
        yield ReplyViolation(
            check,
            rule,
            f"{violation.where or 'body'}: {violation.what}; the reply was {exchange.reply.summary()}",
            violation.cure,
            violation.pointer,
            clause,
        )


def _decoded(reply: Reply) -> Json:
    """Read a body by its media type: JSON, unless it is declared as some other text."""
    if reply.media_type in {"", "application/json"} or reply.status >= HTTPStatus.BAD_REQUEST:
        return reply.json()
    return reply.body.decode()


def _member(exchange: Exchange, name: str) -> Json:
    try:
        value = exchange.reply.json()
    except ValueError:
        return None
    return value.get(name) if isinstance(value, dict) else None
