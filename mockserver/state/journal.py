"""The record of all exchanges: append, find, verify, clear."""

from __future__ import annotations

import base64
import heapq
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mockserver.model import Delivery, Exchange, Json, Reply
from mockserver.state.journal_query import NO_JSON, Query, can_be_written, read_json
from mockserver.state.losses import Loss, Losses
from mockserver.state.redaction import Secrets, redacted
from mockserver.stores.base import Record, Store, Usage

LOG = "journal"
#: The kind of the records that say what became of distorted replies.
RECEIPTS = "receipt"
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Count:
    """How often something shall have happened."""

    at_least: int = 1
    at_most: int | None = None

    def holds(self, count: int) -> bool:
        """Say whether *count* is between the two bounds."""
        return self.at_least <= count and (self.at_most is None or count <= self.at_most)

    def __str__(self) -> str:
        """Say the bounds in words, such as `at least 1`."""
        if self.at_most is None:
            return f"at least {self.at_least}"
        if self.at_most == self.at_least:
            return f"exactly {self.at_most}"
        return f"at most {self.at_most}" if not self.at_least else f"{self.at_least} to {self.at_most}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found."""

    verified: bool
    count: int
    dropped: int
    #: The loss of state that keeps the verification from passing, as `Loss.as_json` writes it; None without one.
    lost: Json
    message: str
    #: The exchanges that came nearest to the query without matching it, with their differences.
    nearest: tuple[Mapping[str, Json], ...]


class Journal:
    """The journals of all spaces."""

    def __init__(
        self,
        store: Store,
        losses: Losses,
        *,
        telling_nobody: Collection[str] | None = None,
        secrets: Secrets = Secrets(),  # noqa: B008 frozen
    ) -> None:
        """Record exchanges in *store* without *secrets*.

        With *telling_nobody*, the names whose values may stay, also without what tells who a person is.
        """
        self._store = store
        self._losses = losses
        self._telling_nobody = telling_nobody
        self._secrets = secrets

    def append(self, exchange: Exchange) -> int:
        """Record *exchange* and return its number. When this returns, every worker can read it."""
        record = redacted(as_record(exchange), telling_nobody=self._telling_nobody, secrets=self._secrets)
        return self._store.append(exchange.call.space, LOG, record)

    def deliver(self, space: str, reply: Reply, delivery: Delivery, now_ms: int) -> None:
        """Record one receipt for each fault of *reply* beside its exchange; *now_ms* is the clock of the space."""
        receipt = {"bytes_sent": delivery.bytes_sent, "ending": delivery.ending, "at_ms": now_ms}
        receipts = [{"fault": fault, **receipt, "sent_ms": delivery.sent_ms} for fault in reply.faults]
        self._store.update(space, RECEIPTS, reply.receipts_key, lambda _: {"receipts": receipts})

    def find(self, space: str, query: Query, *, after: int = 0) -> Iterator[Record]:
        """Yield the exchanges with numbers above *after* that match *query*, oldest first."""
        for number, record in self._store.entries(space, LOG, after=after):
            if not query.differences(record):
                yield self._as_read(space, number, record)

    def verify(self, space: str, query: Query, wanted: Count) -> Verdict:
        """Count the exchanges that match *query*, and say whether they are as many as *wanted*.

        The verification fails when exchanges were dropped that could have changed its outcome. It always fails when
        the server has lost its state: the scenario that should have answered may be lost with the exchanges.
        """
        count, nearest = self._compared(space, query)
        dropped = self.usage(space).dropped
        # What was dropped can only add to the count: it may spoil an upper bound, and never a lower one.
        certain = not dropped or wanted.at_most is None
        loss = self._losses.of(space)
        verified = wanted.holds(count) and certain and loss is None
        return Verdict(
            verified, count, dropped, loss and loss.as_json(),
            _verdict_in_words(count, dropped, wanted, loss, certain=certain),
            () if verified else tuple(
                {"number": number, "differences": differences, "exchange": self._as_read(space, number, record)}
                for differences, number, record in nearest
            ),
        )  # fmt: skip

    def _compared(self, space: str, query: Query) -> tuple[int, list[tuple[list[str], int, Record]]]:
        """Return how many exchanges match, and of the others those with the fewest differences, oldest first."""
        count = 0

        def others() -> Iterator[tuple[list[str], int, Record]]:
            nonlocal count
            for number, record in self._store.entries(space, LOG):
                if differences := query.differences(record):
                    yield differences, number, record
                else:
                    count += 1

        nearest = heapq.nsmallest(_NEAREST, others(), key=lambda other: (len(other[0]), other[1]))
        return count, nearest

    def usage(self, space: str) -> Usage:
        """Return how many exchanges the journal of *space* holds, in how many bytes, and how many it has dropped."""
        return self._store.usage(space, LOG)

    def clear(self, space: str) -> None:
        """Forget the exchanges of *space*; numbering starts over."""
        self._store.clear(space, LOG)
        self._store.clear(space, RECEIPTS)

    def _as_read(self, space: str, number: int, record: Record) -> Record:
        """Return the exchange *number*, its receipts included."""
        # Only a distorted reply has any, so that reading a journal without faults asks the store once.
        key = receipts_key(number, record["arrived_ms"])
        delivered = self._store.get(space, RECEIPTS, key) if record["faults"] else None
        read = {part: _with_json(record[part]) for part in ("call", "reply")}
        return {"number": number, **record, **read, "receipts": delivered["receipts"] if delivered else []}


def receipts_key(number: int, arrived_ms: int) -> str:
    """Return the key of the receipts of one exchange; its number alone may be that of another after `clear`."""
    return f"{number}/{arrived_ms}"


def as_record(exchange: Exchange) -> Record:
    """Write *exchange* as the JSON object that the journal keeps and the admin API shows."""
    call, reply = exchange.call, exchange.reply
    return {
        "at_ms": exchange.at_ms,
        "arrived_ms": exchange.arrived_ms,
        "took_us": exchange.took_us,
        "operation": call.operation,
        "call": {
            "method": call.method,
            "sent_method": call.sent_method or call.method,
            "path": call.path,
            "query": call.query,
            "headers": call.headers,
            "body": _text(call.body),
            "connection": call.connection,
        },
        "reply": {
            "status": reply.status,
            "headers": reply.headers,
            "body": _text(reply.body),
            "delay_ms": reply.delay_ms,
        },
        "stub": exchange.stub,
        "violations": [{"where": v.where, "what": v.what, "clause": v.clause} for v in exchange.violations],
        "notes": [{"where": n.where, "what": n.what, "nearest": n.nearest} for n in exchange.notes],
        "near_misses": exchange.near_misses,
        "visitor_id": exchange.visitor_id,
        "session_id": exchange.session_id,
        "faults": reply.faults,
    }


def _with_json(message: Mapping[str, Json]) -> Mapping[str, Json]:
    """Add what the body of *message* says, where it is JSON; it is parsed when somebody asks, and never stored."""
    value = read_json(message["body"])
    return message if value is NO_JSON or not can_be_written(value) else {**message, "json": value}


def _text(body: bytes) -> Json:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _verdict_in_words(count: int, dropped: int, wanted: Count, loss: Loss | None, *, certain: bool) -> str:
    text = f"wanted {wanted} matching exchanges, found {count}"
    if dropped and (not certain or not wanted.holds(count)):
        text += (
            f"; {dropped} exchanges were dropped from the full journal, so the count is not certain: "
            "raise journal_entries or journal_bytes, or clear the journal between tests"
        )
    if loss:
        text += f"; but nothing can be verified here: {loss.message}"
    return text
