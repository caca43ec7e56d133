"""Asks a server one question at a time, on loopback."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bench.contestants.contestant import Ask, Contestant, Journal, Ports
from bench.measuring.processes import Failed, Tree
from bench.work import HEADERS, PATH, Work

#: No start and no single answer takes longer, in seconds, however busy the machine is.
PATIENCE_S = 60
_PAUSE_S = 0.001


@dataclass(frozen=True)
class Traits:
    """What a contestant was seen to do of the work; nobody is taken at their word."""

    #: It refused a body that breaks the contract.
    validates: bool
    #: Two replies had different session ids.
    fresh_ids: bool
    #: It could say how many calls came.
    journal: bool


@dataclass(frozen=True)
class Timed:
    """An answer, and how long it took until it was read and understood."""

    took_ms: float
    value: Any


def wait_for_answer(server: Tree, port: int, work: Work, since: float) -> float:
    """Ask until the first 200 comes, and return the seconds from *since* until then. Raises `Failed`."""
    while time.monotonic() - since < PATIENCE_S:
        server.refuse_dead()
        try:
            if post(port, work.body)[0] == HTTPStatus.OK:
                return time.monotonic() - since
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(_PAUSE_S)
    raise Failed(f"no answer within {PATIENCE_S} s: {server.last_words()}")


def traits(contestant: Contestant, ports: Ports, work: Work) -> Traits:
    """See what *contestant* does of the work. Raises `Failed` when a right call is not answered with an offer."""
    answers = [post(ports.mock, work.body) for _ in range(2)]
    bodies = [json.loads(body) for status, body in answers if status == HTTPStatus.OK]
    if len(bodies) < len(answers) or any("sessionId" not in body for body in bodies):
        raise Failed(f"{contestant.name} does not do the work: {answers}")
    refused = post(ports.mock, work.wrong_body)[0] != HTTPStatus.OK
    journal = contestant.journal is not None and count(contestant, ports).value >= len(answers)
    return Traits(refused, bodies[0]["sessionId"] != bodies[1]["sessionId"], journal)


def count(contestant: Contestant, ports: Ports) -> Timed:
    """Ask how many calls came, and time it."""
    if contestant.journal is None:
        raise Failed(f"{contestant.name} has no journal")
    timed = ask(contestant.journal.count(ports), ports)
    return Timed(timed.took_ms, contestant.journal.counted(timed.value))


def read_all(journal: Journal, ports: Ports) -> Timed:
    """Read all entries, page by page, and time it; the value is how many there are."""
    started = time.perf_counter()
    question: Ask | None = journal.everything(ports)
    entries = 0
    while question:
        answer = ask(question, ports).value
        entries += len(journal.entries(answer))
        question = journal.following(answer)
    return Timed(round((time.perf_counter() - started) * 1000, 2), entries)


def ask(question: Ask, ports: Ports) -> Timed:
    """Put one question, and time it until the answer is parsed. Raises `Failed` when it is refused."""
    started = time.perf_counter()
    port = ports.admin if question.own_port else ports.mock
    body = None if question.body is None else json.dumps(question.body)
    status, text = _send(port, question.method, question.path, body, [*HEADERS.items(), *question.headers])
    value = json.loads(text) if text.strip() else None
    took_ms = (time.perf_counter() - started) * 1000
    if status >= HTTPStatus.BAD_REQUEST:
        raise Failed(f"{question.method} {question.path} was answered with {status}: {text[:300]!r}")
    return Timed(round(took_ms, 2), value)


def post(port: int, body: str, path: str = PATH) -> tuple[int, bytes]:
    """Send the measured request over a connection of its own."""
    return _send(port, "POST", path, body, list(HEADERS.items()))


def _send(port: int, method: str, path: str, body: str | None, headers: Sequence[tuple[str, str]]) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as connection:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response.status, response.read()
