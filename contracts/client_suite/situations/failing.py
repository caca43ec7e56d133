"""Situations in which a call fails: refused, failed by the server, still loading, beyond understanding, lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ...contract.document import Document
from ...judging.attempts import Answer
from ...reading.json_text import Json
from .model import (
    AVAILABLE,
    EITHER,
    ERROR,
    NOT_AVAILABLE,
    POSITIONS,
    Delivery,
    Situation,
    at_position,
    kind,
    stub,
)
from .pairs import every, pairwise

_TIMES: Final = {1: "once", 2: "twice", 3: "three times"}
#: What the documented policy waits before each retry.
_PAUSES_S: Final = (5, 10, 15)


def failing_situations(document: Document, *, exhaustive: bool) -> Iterator[Situation]:
    """Yield every situation in which a call fails, with each combination when *exhaustive*."""
    yield from _errors(document, exhaustive=exhaustive)
    yield from _recoveries(exhaustive=exhaustive)
    yield from _loading()
    yield _too_many()
    yield from _strange_statuses()
    yield from _lost()


def _errors(document: Document, *, exhaustive: bool) -> Iterator[Situation]:
    """Yield each documented error status, at each position of a visit, with and without a message."""
    statuses = sorted({
        status for operation in ("getEngagement", "updateSession")
        for status in document.operations[operation].responses if status >= 400
    })  # fmt: skip
    axes = {"position": POSITIONS, "status": tuple(map(str, statuses)), "message": ("with", "without")}
    for row in every(axes) if exhaustive else pairwise(axes):
        position, status, message = row["position"], int(row["status"]), row["message"]
        entity = _entity(document, status)
        error = {"error": {"status": status, **entity, "message": entity["message"] if message == "with" else None}}
        server = status >= 500
        yield Situation(
            name=f"{position}-{status}-{message}-message",
            sentence=f"The {position} call is answered with {status} for ever, {message} a message.",
            stubs=at_position(position, error),
            delivery=Delivery(kind(position), Answer.SERVER_ERROR if server else Answer.REFUSED, status),
            outcomes=ERROR if position == "first" else EITHER,
            clause="ERR-ENTITY",
            features={f"message {message}": "ERR-ENTITY", f"{status}": "ERR-ENTITY", f"{position} call": "ERR-ENTITY"},
            waits_s=30 if server else 0,
        )


def _entity(document: Document, status: int) -> dict[str, Json]:
    """Return code and message of the contract's own example for *status*."""
    response = document.operations["getEngagement"].responses[status]
    content = document.at(response.pointer)["content"]["application/json"]["examples"]
    pointers = [example["$ref"].removeprefix("#") for example in content.values()]
    values = [document.at(pointer)["value"] for pointer in pointers]
    # A Loading reply is an error of its own kind, with situations of its own.
    plain = next(value for value in values if not str(value.get("message", "")).startswith("Loading"))
    return {"internalCode": plain["internalCode"], "message": plain.get("message", "error")}


def _recoveries(*, exhaustive: bool) -> Iterator[Situation]:
    """Yield 5xx replies that end after one, two or three of them."""
    axes = {"status": ("500", "503"), "times": ("1", "2", "3"), "position": POSITIONS}
    for row in every(axes) if exhaustive else pairwise(axes):
        position, status, times = row["position"], int(row["status"]), int(row["times"])
        error = {"error": {"status": status, "internalCode": 18, "message": "try again"}}
        yield Situation(
            name=f"{position}-{status}-recovers-after-{times}",
            sentence=f"The {position} call is answered with {status} {_TIMES[times]}; then all is well.",
            stubs=at_position(position, {**error, "times": times}, _good(position)),
            delivery=Delivery(kind(position), Answer.SERVER_ERROR, status),
            outcomes=AVAILABLE,
            clause="CL-RETRY-5XX",
            features={"a 5xx that ends": "CL-RETRY-5XX"},
            waits_s=sum(_PAUSES_S[:times]),
        )


def _loading() -> Iterator[Situation]:
    for times in (1, 2, 3):
        yield Situation(
            name=f"loading-{times}",
            sentence=f"The account is found loading {_TIMES[times]}; then an engagement is available.",
            stubs=(stub([{"error": "loading", "times": times}, {"offer": {}}]),),
            delivery=Delivery("engagement", Answer.LOADING, 500),
            outcomes=AVAILABLE,
            clause="GE-LOADING-NO-STATUS",
            features={"a Loading reply": "GE-LOADING-NO-STATUS"},
            waits_s=sum(_PAUSES_S[:times]),
        )
    yield Situation(
        name="loading-then-not-available",
        sentence="The account is found loading once; then no engagement is available.",
        stubs=(stub([{"error": "loading", "times": 1}, "not_available"]),),
        delivery=Delivery("engagement", Answer.LOADING, 500),
        outcomes=NOT_AVAILABLE,
        clause="GE-LOADING-NO-STATUS",
        features={"a Loading reply": "GE-LOADING-NO-STATUS"},
        waits_s=5,
    )
    yield Situation(
        name="loading-for-ever",
        sentence="The account never finishes loading.",
        stubs=(stub({"error": "loading"}),),
        delivery=Delivery("engagement", Answer.LOADING, 500),
        outcomes=ERROR,
        clause="GE-LOADING-NO-STATUS",
        features={"a Loading reply": "GE-LOADING-NO-STATUS"},
        waits_s=30,
    )


def _too_many() -> Situation:
    entity = {"time": 1469543282471, "message": "too many requests", "internalCode": 18}
    too_many = {"reply": {"status": 429, "body": entity}, "off_contract": True}
    return Situation(
        name="first-429-once",
        sentence="The first call is answered with 429, once.",
        stubs=(stub([{**too_many, "times": 1}, {"offer": {}}]),),
        delivery=Delivery("engagement", Answer.TOO_MANY, 429),
        outcomes=EITHER,
        clause="CL-RETRY-429",
        waits_s=2,
    )


def _strange_statuses() -> Iterator[Situation]:
    body = {"sessionId": "abc", "visitorId": "xyz", "pageId": "4743822558"}
    strange: tuple[tuple[str, str, dict[str, Json]], ...] = (
        ("unknown", "a status that no page lists", {"status": "Busy"}),
        ("spelled", "the spelling of the unrelated IVR API", {"status": "Not Available"}),
        ("missing", "no status", {}),
    )
    for name, what, member in strange:
        reply = {"reply": {"status": 200, "body": {**member, **body}}, "off_contract": True}
        yield Situation(
            name=f"status-{name}",
            sentence=f"A 200 with {what}.",
            stubs=(stub(reply),),
            delivery=Delivery("engagement", Answer.UNKNOWN_STATUS),
            outcomes=ERROR,
            clause="CL-UNKNOWN-STATUS",
            features={f"status {name}": "CL-UNKNOWN-STATUS"},
            waits_s=30,
        )


def _lost() -> Iterator[Situation]:
    """Yield replies that do not arrive whole; a server that cannot do this refuses the fault."""
    words = {"reset": "The connection is reset before the reply", "truncate": "The body of the reply is cut off"}
    for fault, what in words.items():
        yield Situation(
            name=f"{fault}-once",
            sentence=f"{what}, once.",
            stubs=(stub({"offer": {}}),),
            faults=({fault: {}, "window": {"first": 1}},),
            delivery=Delivery("engagement", Answer.LOST),
            outcomes=EITHER,
            clause="CL-UNKNOWN-STATUS",
            features={"a lost reply": "CL-UNKNOWN-STATUS"},
            waits_s=5,
        )
        yield Situation(
            name=f"{fault}-for-ever",
            sentence=f"{what}, every time.",
            # What does not arrive is no engagement that a client could have coped with.
            stubs=(stub("not_available"),),
            faults=({fault: {}},),
            delivery=Delivery("engagement", Answer.LOST),
            outcomes=ERROR,
            clause="CL-UNKNOWN-STATUS",
            features={"a lost reply": "CL-UNKNOWN-STATUS"},
            waits_s=30,
        )


def _good(position: str) -> Json:
    return {"reply": {"status": 200, "text": ""}} if position == "update" else {"offer": {}}
