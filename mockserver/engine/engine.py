"""The path of a call: judge, decide, distort, record."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from time import perf_counter_ns

from mockserver.engine.api import SessionBook
from mockserver.engine.apis import Apis
from mockserver.engine.decisions import Decider, Decision
from mockserver.engine.problems import problem
from mockserver.errors import CallError, Conflict, EarlyRefusal, StoreUnavailable, WouldBlock
from mockserver.model import Call, Delivery, Exchange, Reply
from mockserver.scenarios.active import ActiveScenarios
from mockserver.state.journal import Journal, receipts_key
from mockserver.state.losses import Losses
from mockserver.state.spaces import Spaces, World
from mockserver.stores.base import Store

#: What is said of a bug of ours to whoever has met it.
FAILED = "the mock server failed; its log says how"

_log = logging.getLogger("mockserver")


@dataclass(slots=True, eq=False)
class PendingCall:
    """A call that was judged, and has no reply until it is settled."""

    call: Call
    #: Decides about it in its space.
    decide: Callable[[World], Decision]
    #: When it came, in real time: epoch milliseconds.
    arrived_ms: int
    #: Where its work is measured from, in nanoseconds.
    started_ns: int
    reply: Reply | None = None
    #: The path as its rule has it, `/things/<id>`; empty where nothing is served.
    route: str = ""


@dataclass(frozen=True)
class Engine:
    """Answers calls. All parts are handed in; the engine keeps nothing."""

    apis: Apis
    store: Store
    spaces: Spaces
    scenarios: ActiveScenarios
    decider: Decider
    journal: Journal
    losses: Losses
    wall_ms: Callable[[], int]

    @property
    def sessions(self) -> list[SessionBook]:
        """The sessions of those APIs that keep any."""
        return [api.sessions(self.store) for api in self.apis.all if api.sessions]

    def problem(self, call: Call, error: CallError, now_ms: int) -> Reply:
        """Return the reply that says *error* as the API does that *call* is for."""
        return problem(error, self.decider.api_of(call).error_shape, now_ms)

    def judge(self, call: Call) -> PendingCall:
        """Hold *call* against the contract, without asking the store."""
        arrived_ms, started_ns = self.wall_ms(), perf_counter_ns()
        try:
            judged = self.decider.judged(call)
        except Exception as error:  # noqa: BLE001 a bug
            return PendingCall(call, self._refusing(call, _failure(error)), arrived_ms, started_ns)
        return PendingCall(call, lambda world: self.decider.decided(judged, call, world), arrived_ms, started_ns)

    def refuse(self, call: Call, refusal: EarlyRefusal) -> PendingCall:
        """Take *call*, which no operation can answer, for one that is answered with *refusal*."""
        error = self.decider.refused(call, refusal)
        return PendingCall(call, self._refusing(call, error), self.wall_ms(), perf_counter_ns())

    def reply_unrecorded(self, call: Call, reply: Reply) -> PendingCall:
        """Take *call* for one that is answered with *reply* whatever its space says, and is not recorded."""
        return PendingCall(call, lambda _: Decision(reply), self.wall_ms(), perf_counter_ns(), reply)

    def settle(self, calls: Sequence[PendingCall], *, wait: bool = True) -> None:
        """Decide about *calls* in their order, record them, and give each its reply.

        Several calls share one transaction where the store rolls back; if anything is amiss with one of them, each
        has a transaction of its own. Nothing that a caller can send makes this raise.

        Unless it is to *wait*, calls for which the store would block are left without a reply, and without a trace.
        """
        unsettled = [pending for pending in calls if pending.reply is None]
        if len(unsettled) > 1 and self.store.rolls_back:
            self._settle_in_one_transaction(unsettled)
        for pending in unsettled:
            if pending.reply is None:
                with suppress(WouldBlock):
                    pending.reply = self._settled(pending, wait=wait)

    def _settle_in_one_transaction(self, calls: Sequence[PendingCall]) -> None:
        try:
            self.scenarios.own.look(wait=False)
            with self.store.transaction(wait=False):
                replies = [self._attempted(pending) for pending in calls]
        except Exception:  # noqa: BLE001 it was rolled back, and comes again where each call is by itself
            return
        for pending, reply in zip(calls, replies, strict=True):
            pending.reply = reply

    def _settled(self, pending: PendingCall, *, wait: bool) -> Reply:
        has_failed = False
        while True:
            try:
                self.scenarios.own.look(wait=wait)  # not within a transaction, for which others wait
                with self.store.transaction(wait=wait):
                    return self._attempted(pending)
            except Conflict:
                continue
            except WouldBlock:
                raise
            except StoreUnavailable as error:
                failure = CallError(503, None, f"the mock server's store does not answer: {error}")
                return self.problem(pending.call, failure, self.wall_ms())
            except CallError as error:  # the space itself cannot be had, so there is no journal to write to
                return self.problem(pending.call, error, self.wall_ms())
            except Exception as error:  # noqa: BLE001 a bug
                if has_failed:  # as it did before, so that the exchange goes unrecorded
                    return self.problem(pending.call, CallError(500, None, FAILED), self.wall_ms())
                pending.decide, has_failed = self._refusing(pending.call, _failure(error)), True

    def _attempted(self, pending: PendingCall) -> Reply:
        call = pending.call
        world = self.spaces.world(call.space)
        decision = pending.decide(world)
        reply = self.decider.distorted(call, decision, world)
        took_us = (perf_counter_ns() - pending.started_ns) // 1000
        number = self.journal.append(
            Exchange(
                call,
                reply,
                world.now_ms,
                pending.arrived_ms,
                took_us,
                decision.stub.name,
                decision.violations,
                decision.near_misses,
                decision.visitor_id,
                decision.session_id,
                decision.notes,
            )
        )
        if reply.faults:
            reply = replace(reply, receipts_key=receipts_key(number, pending.arrived_ms))
        return reply.with_headers(("Mock-Exchange", str(number)))

    def _refusing(self, call: Call, error: CallError) -> Callable[[World], Decision]:
        def decide(world: World) -> Decision:
            return Decision(self.problem(call, error, world.now_ms), violations=error.violations)

        return decide

    def deliver(self, call: Call, reply: Reply, delivery: Delivery) -> None:
        """Record what becomes of the distorted *reply* to *call* on its way out."""
        if not reply.receipts_key:
            return
        try:
            if self.spaces.exists(call.space):  # a receipt does not bring back a space that was reset meanwhile
                self.journal.deliver(call.space, reply, delivery, self.spaces.world(call.space).now_ms)
        except StoreUnavailable:  # the reply is on its way: the exchange stays without receipts
            return


def _failure(error: Exception) -> CallError:
    """Log a bug of ours, and return what its caller is told."""
    log_failure(error)
    return CallError(500, None, FAILED)


def log_failure(error: Exception) -> None:
    """Log what should not have happened."""
    _log.error("the mock server failed; please report this", exc_info=error)
