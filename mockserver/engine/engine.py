"""The path of a call: validate, pick, carry out, distort, record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from time import perf_counter_ns

from mockserver.engine.api import SessionBook
from mockserver.engine.apis import Apis
from mockserver.engine.decisions import Decider, Decision
from mockserver.engine.problems import problem
from mockserver.errors import CallError, Conflict, StoreUnavailable
from mockserver.model import Call, Delivery, Exchange, Reply
from mockserver.scenarios.active import ActiveScenarios
from mockserver.state.journal import Journal, receipts_key
from mockserver.state.losses import Losses
from mockserver.state.spaces import Spaces, World
from mockserver.stores.base import Store


@dataclass(slots=True)
class Arrived:
    """A call that was judged, and has no reply until it is settled."""

    call: Call
    decide: Callable[[World], Decision]
    #: When it came, in real time in milliseconds; and where its work is measured from, in nanoseconds.
    arrived_ms: int
    started_ns: int
    reply: Reply | None = None


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

    def answer(self, call: Call, *, wait: bool = True) -> Reply:
        """Answer *call*. Nothing that a caller can send makes this raise.

        Unless it is to *wait* for a store that others have locked: then it raises `MustWait`, and nothing was done.
        """
        return self.settle(self.arrived(call), wait=wait)

    def refuse(self, call: Call, error: CallError) -> Reply:
        """Record a call that never reached an operation, and answer it with *error*."""

        def decide(world: World) -> Decision:
            return Decision(self.problem(call, error, world.now_ms), violations=error.violations)

        return self.settle(Arrived(call, decide, self.wall_ms(), perf_counter_ns()))

    def problem(self, call: Call | None, error: CallError, now_ms: int) -> Reply:
        """Return the reply that says *error* as the API does that *call* is for; the first one where it is for none."""
        return problem(error, self.decider.api_of(call).error_shape, now_ms)

    def arrived(self, call: Call) -> Arrived:
        """Judge *call* without asking the store, which may let only one caller in at a time."""
        arrived_ms, started_ns = self.wall_ms(), perf_counter_ns()
        judged = self.decider.judged(call)
        return Arrived(call, lambda world: self.decider.decided(judged, call, world), arrived_ms, started_ns)

    def settle(self, arrived: Arrived, *, wait: bool = True) -> Reply:
        """Answer a call that has *arrived*, unless `settle_together` has done so; as `answer`."""
        while arrived.reply is None:
            with suppress(Conflict):
                arrived.reply = self._settled(arrived, wait=wait)
        return arrived.reply

    def settle_together(self, several: Sequence[Arrived]) -> None:
        """Answer *several* calls in their order, for the price of one transaction on a store that `undoes`.

        What is amiss with one of them is left to `settle`, which tells it: with that one, or where nothing was done
        because of it, with each by itself.
        """
        if not self.store.undoes:
            for arrived in several:
                with suppress(Exception):
                    self.settle(arrived, wait=False)
            return
        try:
            self.scenarios.own.look(wait=False)
            with self.store.together(wait=False):
                replies = [self._attempted(arrived) for arrived in several]
        except Exception:  # noqa: BLE001 it comes again in `settle`
            return
        for arrived, reply in zip(several, replies, strict=True):
            arrived.reply = reply

    def _settled(self, arrived: Arrived, *, wait: bool) -> Reply:
        try:
            self.scenarios.own.look(wait=wait)  # not within a transaction, for which others wait
            with self.store.together(wait=wait):
                return self._attempted(arrived)
        except StoreUnavailable as error:
            failure = CallError(503, None, f"the mock server's store does not answer: {error}")
            return self.problem(arrived.call, failure, self.wall_ms())
        except CallError as error:  # the space itself cannot be had, so there is no journal to write to
            return self.problem(arrived.call, error, self.wall_ms())

    def _attempted(self, arrived: Arrived) -> Reply:
        call = arrived.call
        world = self.spaces.world(call.space)
        decision = arrived.decide(world)
        reply = self.decider.distorted(call, decision, world)
        took_us = (perf_counter_ns() - arrived.started_ns) // 1000
        number = self.journal.append(
            Exchange(
                call,
                reply,
                world.now_ms,
                arrived.arrived_ms,
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
            reply = replace(reply, receipts_key=receipts_key(number, arrived.arrived_ms))
        return reply.with_headers(("Mock-Exchange", str(number)))

    def deliver(self, call: Call, reply: Reply, delivery: Delivery) -> None:
        """Record what becomes of the distorted *reply* to *call* on its way out."""
        if not reply.receipts_key:
            return
        try:
            if self.spaces.exists(call.space):  # a receipt does not bring back a space that was reset meanwhile
                self.journal.deliver(call.space, reply, delivery, self.spaces.world(call.space).now_ms)
        except StoreUnavailable:  # the reply is on its way: the exchange stays without receipts
            return
