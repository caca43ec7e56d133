"""What the broken servers are made of: the mock, with its calls or replies changed on the way."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from contracts.wire.messages import Call, Reply
from contracts.wire.subjects import Subject
from tests.support.harness.contract import CONTRACT

#: Answers a call.
Answer = Callable[[Call], Reply]
#: Makes a worse server of a good one.
Defect = Callable[[Answer], Answer]


@dataclass(frozen=True)
class BrokenSubject:
    """A subject with a defect; its admin API is left whole, so that cases can still be arranged."""

    good: Subject
    defect: Defect

    @property
    def base(self):
        return self.good.base

    def within(self, prefix):
        return BrokenSubject(self.good.within(prefix), self.defect)

    def ask(self, call):
        if call.path.startswith("/__admin"):
            return self.good.ask(call)
        return self.defect(self.good.ask)(call)


def of(call, *operations):
    """Say whether *call* is one of these operations, tunnelled updates included."""
    headers = {name.lower(): value for name, value in call.headers.items()}
    method = headers.get("x-http-method-override", call.method).upper()
    return any(
        CONTRACT.operations[name].method == method and CONTRACT.operations[name].matches(call.path)
        for name in operations
    )


def body_of(message):
    """Return the members of a JSON object, or none."""
    try:
        body = json.loads(message.body)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def with_body(message, body):
    return replace(message, body=json.dumps(body).encode())


def with_members(message, /, **members):
    return with_body(message, {**body_of(message), **members})


def without(message, *members):
    return with_body(message, {name: value for name, value in body_of(message).items() if name not in members})


def with_header(reply, name, value):
    others = tuple((key, kept) for key, kept in reply.headers if key.lower() != name.lower())
    return replace(reply, headers=others if value is None else (*others, (name, value)))


def refused_for(reply, clause):
    """Say whether the mock refused a call because of *clause*."""
    return clause in (reply.header("Mock-Clause") or "")


def changing(when, change):
    """Make a defect that changes each reply for which *when* holds."""

    def defect(answer):
        def worse(call):
            reply = answer(call)
            return change(reply) if when(call, reply) else reply

        return worse

    return defect


def misreading(when, change):
    """Make a defect that takes each call for which *when* holds for another."""

    def defect(answer):
        return lambda call: answer(change(call) if when(call) else call)

    return defect


def accepting(clause, mend, *operations):
    """Make a defect that serves calls of *operations* which break *clause*, as if they had been mended."""

    def defect(answer):
        def worse(call):
            reply = answer(call)
            return answer(mend(call)) if refused_for(reply, clause) and of(call, *operations) else reply

        return worse

    return defect
