"""Read what stands under `then`: an outcome, or a sequence of them, checked against the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from mockserver.model import Json
from mockserver.scenarios.documents.mistakes import AlreadyNoted
from mockserver.scenarios.documents.nodes import Node, valid_words
from mockserver.scenarios.scenario import NAMED_ERRORS, ContractError, NotAvailable, Offer, Outcome, Step, Verbatim

OUTCOMES = ("offer", "not_available", "error", "reply")
LASTING = ("times", "for_ms")
MOST_STEPS = 10_000
#: A hundred days; longer than any test, and short enough to add to a clock.
LONGEST_MS = 100 * 24 * 3600 * 1000

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
#: What frames a reply, dates it or speaks of the connection is the HTTP server's; it would drop a second account.
_OF_THE_SERVER = frozenset(
    "connection content-length date keep-alive proxy-authenticate proxy-authorization server te trailer trailers "
    "transfer-encoding upgrade".split()
)
#: So begin the headers that the mock adds to every reply.
_OF_THE_MOCK = "mock-"
_WITHOUT_BODY = frozenset((204, 304))
_MOST_PROBLEMS = 3


class ContractRules(Protocol):
    """What the contract says, as far as scenarios are checked against it."""

    @property
    def operations(self) -> Collection[str]:
        """The operationIds."""

    @property
    def ids(self) -> Mapping[str, str]:
        """The schema components of the identifiers that a scenario may prescribe, by their words there."""

    @property
    def default_engagement(self) -> Mapping[str, Json]:
        """The engagementDetails that every offer starts from."""

    def documented_statuses(self, operation: str) -> Collection[int]:
        """Return the statuses that *operation* may answer with."""

    def component_members(self, component: str) -> Sequence[str]:
        """Return the names of the members of a component, in the contract's order."""

    def component_problems(self, component: str, value: Json) -> Sequence[str]:
        """Say where *value* breaks the schema of a component; nothing means it does not."""

    def reply_problems(self, operation: str, status: int, body: bytes) -> Sequence[str]:
        """Say where a reply of *operation* breaks the contract; nothing means it does not."""


@dataclass(frozen=True, slots=True)
class _Purpose:
    """What an outcome is read for."""

    operations: Sequence[str]
    rules: ContractRules
    #: Whether deviations from the contract are meant.
    off_contract: bool = False


def read_steps(node: Node, operations: Sequence[str], rules: ContractRules, *, repeat: bool) -> tuple[Step, ...]:
    """Read the outcome of a stub for *operations*, or its sequence of outcomes."""
    if not isinstance(node.value, list):
        if repeat:
            node.refuse("repeat needs a list of outcomes to start over with")
        return (_step(node, operations, rules, stays=True),)
    items = node.items()
    if not 0 < len(items) <= MOST_STEPS:
        node.refuse(f"wanted 1 to {MOST_STEPS} outcomes, got {len(items)}")
    return tuple(_steps(items, operations, rules, repeat=repeat))


def _steps(items: Sequence[Node], operations: Sequence[str], rules: ContractRules, *, repeat: bool) -> Iterator[Step]:
    for item in items:
        with item.noting():
            yield _step(item, operations, rules, stays=item is items[-1] and not repeat)


def _step(node: Node, operations: Sequence[str], rules: ContractRules, *, stays: bool) -> Step:
    if isinstance(node.value, str):
        node.word(("not_available",), "outcome")
        return Step(NotAvailable())
    table = node.table((*OUTCOMES, "off_contract", *LASTING))
    kinds = [name for name in OUTCOMES if name in table]
    if not kinds and node.is_wrong:  # its key is misspelt
        raise AlreadyNoted
    if len(kinds) != 1:
        node.refuse(f"wanted one of {', '.join(OUTCOMES)}, got {' and '.join(kinds) or 'none of them'}")
    off_contract = "off_contract" in table and table["off_contract"].flag()
    if "off_contract" in table and kinds[0] not in ("offer", "reply"):
        table["off_contract"].note("off_contract belongs beside offer or reply", at_key=True)
    lasting = [name for name in LASTING if name in table]
    if len(lasting) > 1:
        node.note("a step lasts for times calls or for_ms milliseconds, not both")
    if lasting and stays:
        table[lasting[0]].note(
            f"the last outcome stays for ever, so {lasting[0]} says nothing; "
            "leave it out, add a further outcome, or put repeat: true beside then",
            at_key=True,
        )
    times = table["times"].integer(1, 1_000_000_000) if "times" in table else None
    for_ms = table["for_ms"].integer(1, LONGEST_MS) if "for_ms" in table else None
    return Step(_READERS[kinds[0]](table[kinds[0]], _Purpose(operations, rules, off_contract)), times, for_ms)


def _offer(node: Node, purpose: _Purpose) -> Offer:
    known = purpose.rules.component_members("EngagementDetails")
    changed = dict(purpose.rules.default_engagement)
    for name, member in node.members().items():
        if name not in known and not purpose.off_contract and (meant := _misspelt(name, known)):
            member.note(
                f"the contract spells this member {meant!r}; if another member is meant, "
                "put off_contract: true beside offer",
                at_key=True,
            )
        elif member.value is not None:
            changed[name] = member.value
        elif name in changed:
            del changed[name]
        elif name not in known:
            member.note(f"there is no {name!r} to remove{valid_words(name, known, 'members')}", at_key=True)
    order = {name: place for place, name in enumerate(known)}
    details = {name: changed[name] for name in sorted(changed, key=lambda name: order.get(name, len(order)))}
    if not purpose.off_contract:
        _refuse_problems(node, "the offer", purpose.rules.component_problems("EngagementDetails", details))
    return Offer(details, purpose.off_contract)


def _not_available(node: Node, _purpose: _Purpose) -> NotAvailable:
    if node.value is not True:
        node.wanted("true")
    return NotAvailable()


def _error(node: Node, purpose: _Purpose) -> ContractError:
    if isinstance(node.value, str):
        status_part, error = node, NAMED_ERRORS[node.word(NAMED_ERRORS, "error")]
    else:
        table = node.table(("status", "internalCode", "message"), required=("status", "internalCode"))
        message = table["message"].text() if "message" in table and table["message"].value is not None else None
        status_part = table["status"]
        error = ContractError(status_part.integer(400, 599), table["internalCode"].integer(0, 2**31 - 1), message)
        if node.is_wrong:
            raise AlreadyNoted
    for operation in purpose.operations:
        documented = purpose.rules.documented_statuses(operation)
        if error.status not in documented:
            status_part.refuse(
                f"the contract documents no status {error.status} for {operation}, only "
                f"{', '.join(map(str, sorted(documented)))}; to send it all the same, use reply with off_contract: true"
            )
    return error


def _reply(node: Node, purpose: _Purpose) -> Verbatim:
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
            _refuse_problems(node, f"this reply to {operation}", purpose.rules.reply_problems(operation, status, body))
    return Verbatim(status, headers, body)


_READERS: Mapping[str, Callable[[Node, _Purpose], Outcome]] = {
    "offer": _offer,
    "not_available": _not_available,
    "error": _error,
    "reply": _reply,
}


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


def _misspelt(name: str, known: Collection[str]) -> str | None:
    """Return the member that *name* differs from only by case and by `_` or `-`."""
    plain = {member.lower(): member for member in known}
    return plain.get(name.lower().replace("_", "").replace("-", ""))


def _refuse_problems(node: Node, what: str, problems: Sequence[str]) -> None:
    if problems:
        listed = "; ".join(problems[:_MOST_PROBLEMS])
        more = f"; and {len(problems) - _MOST_PROBLEMS} more" if len(problems) > _MOST_PROBLEMS else ""
        way_out = f"Mend it, or put off_contract: true beside {node.path[-1]} if it is meant"
        node.refuse(f"{what} breaks the contract: {listed}{more}. {way_out}")
