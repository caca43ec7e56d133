"""What a look-up of hosts answers: the account, the service and the callback that were asked for, and hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from ...contract.document import Document
from ...contract.operation import Operation
from ...contract.shapes import Shapes
from ...reading.json_text import Json
from ...wire.messages import Call, Reply

#: What a service discovery by script must at least know, as the clause says.
_NEEDED: Final = ("conversationVep", "smt")
_ALL: Final = "/components/schemas/Domains"
_HOST: Final = "/components/schemas/Domain/properties/baseURI"


def is_lookup(operation: Operation) -> bool:
    """Say whether *operation* looks up hosts."""
    return "DOM-OWN-HOST" in operation.clauses


def hosts_of(operation: Operation, reply: Reply) -> list[Json]:
    """Return every host that *reply* names; nothing where it cannot be read."""
    answer = _answer_of(operation, reply)
    entries = answer.get("baseURIs", [answer]) if isinstance(answer, dict) else answer
    listed = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [entry.get("baseURI", entry.get("lpServer")) for entry in listed]


@dataclass(frozen=True)
class Objection:
    """One way in which a reply is not what was looked up."""

    clause: str
    what: str
    cure: str


def objections(document: Document, shapes: Shapes, operation: Operation, call: Call, reply: Reply) -> list[Objection]:
    """Return each way in which *reply*, a good one by its status, does not answer *call*."""
    return [Objection(*found) for found in _objections(document, shapes, operation, call, reply)]


def _objections(
    document: Document, shapes: Shapes, operation: Operation, call: Call, reply: Reply
) -> Iterator[tuple[str, str, str]]:
    clause = next(name for name in operation.clauses if name.startswith("DOM-"))
    script = "application/javascript" in operation.responses[reply.status].schemas
    if script:
        wanted = dict(call.query).get("cb", "")
        name = reply.body.decode(errors="replace").partition("(")[0]
        if name != wanted:
            yield clause, f"the script calls {name!r}", f"call the function {wanted!r}, which cb names"
    answer = _answer_of(operation, reply)
    if answer is None:
        yield clause, "the script hands over no {ResultSet: {lpData: ...}} in JSON", "hand over ResultSet.lpData"
        return
    yield from _shape(document, shapes, clause, answer) if script else ()
    yield from _asked(operation, call, clause, answer)
    for host in hosts_of(operation, reply):
        if isinstance(host, str) and not _is_bare(host):
            yield (
                "DOM-BARE-HOST",
                f"{host!r} is no bare host",
                "send a host, and its port where that is not the usual one",
            )
    if script and isinstance(answer, dict) and isinstance(answer.get("baseURIs"), list):
        known = [entry.get("service") for entry in answer["baseURIs"] if isinstance(entry, dict)]
        for service in _NEEDED:
            if service not in known:
                yield clause, f"{service} is not among the services", f"list {service}"


def _answer_of(operation: Operation, reply: Reply) -> Json:
    """Return what a look-up is answered, out of its script where it is one; None where nobody can read it."""
    try:
        text = reply.body.decode()
        if "cb" not in operation.needed_query:
            return json.loads(text)
        inside = json.loads(text.partition("(")[2].rstrip().removesuffix(";").removesuffix(")"))
        return inside["ResultSet"]["lpData"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _shape(document: Document, shapes: Shapes, clause: str, answer: Json) -> Iterator[tuple[str, str, str]]:
    """Read what a script hands over as the JSON flavour of the same look-up is read."""
    if clause == "DOM-JSONP-ALL":
        for violation in shapes.violations(_ALL, answer):
            named = document.clause_around(violation.pointer)
            yield (
                ("DOM-BARE-HOST" if named == "DOM-BARE-HOST" else clause),
                f"{violation.where}: {violation.what}",
                violation.cure,
            )
    elif not (
        isinstance(answer, list) and answer and all(isinstance(entry, dict) and "lpServer" in entry for entry in answer)
    ):
        yield clause, "lpData is no list of {lpServer}", "send lpData as [{lpServer: host}]"
    else:
        for entry in answer:
            for violation in shapes.violations(_HOST, entry["lpServer"]):
                yield "DOM-BARE-HOST", f"lpServer: {violation.what}", violation.cure.replace(" it ", " lpServer ")


def _asked(operation: Operation, call: Call, clause: str, answer: Json) -> Iterator[tuple[str, str, str]]:
    asked = {name: unquote(value) for name, value in (operation.values_in(call.path) or {}).items()}
    if not isinstance(answer, dict):
        return
    entries = answer.get("baseURIs", [answer])
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict):
            continue
        for member, parameter in (("account", "accountId"), ("service", "serviceName")):
            if parameter in asked and member in entry and entry[member] != asked[parameter]:
                what = f"{member} is {entry[member]!r}, and {asked[parameter]!r} was asked for"
                yield clause, what, f"send {member} as it was asked for"
                return


def _is_bare(host: str) -> bool:
    parts = urlsplit(f"//{host}")
    try:
        usual = parts.port is None or parts.port > 0
    except ValueError:  # a port that none could be
        return False
    return usual and not (parts.query or parts.fragment or "@" in parts.netloc)
