"""What a planted server is: one defect, the operation that has it, and the clause by which it is found."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from contracts.wire.messages import Call, Reply
from tests.contract.servers.tampering import Defect, of

#: Writes a reply as the bytes that go over the wire.
Framing = Callable[[Call, Reply], bytes]


@dataclass(frozen=True)
class Planted:
    """A server with one defect; the cases of *folder* find it by *clause*."""

    sentence: str
    folder: str
    clause: str
    defect: Defect = lambda answer: answer
    #: How a reply is written to a socket; none is a defect that shows without one.
    framing: Framing | None = None
    #: Clauses that the same defect breaks too.
    also: frozenset[str] = frozenset()

    def __str__(self):
        return f"{self.folder}: {self.sentence}" if self.folder else self.sentence


def at(operation, change, when=lambda _call, _reply: True):
    """Make a defect that changes the replies of *operation* for which *when* holds."""

    def defect(answer):
        def worse(call):
            reply = answer(call)
            return change(reply) if of(call, operation) and when(call, reply) else reply

        return worse

    return defect


def refused(_call, reply):
    return reply.status >= 400


def answered(_call, reply):
    return reply.status == 200


def with_text(change):
    """Change the text of a body."""
    return lambda reply: replace(reply, body=change(reply.body))


def with_time(change):
    """Change the time of an error."""

    def mistimed(reply):
        entity = json.loads(reply.body)
        return replace(reply, body=json.dumps({**entity, "time": change(entity["time"])}).encode())

    return mistimed
