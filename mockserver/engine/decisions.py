"""What the server decides about a call: which rules it breaks, which stub answers, and what that says."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

from mockserver.contract.refusals import refused
from mockserver.engine import preferences
from mockserver.engine.api import Api, CallContext
from mockserver.engine.apis import Apis
from mockserver.engine.binding import BoundOperation
from mockserver.engine.preferences import NO_PREFERENCE, Preference
from mockserver.engine.problems import noted, problem
from mockserver.errors import CallError, EarlyRefusal, InvalidCall
from mockserver.model import Call, Json, Reply, Unlisted, ValidCall, Violation
from mockserver.scenarios.active import ActiveScenarios
from mockserver.scenarios.faults import FaultContext, counts_calls, distorted, read_faults
from mockserver.scenarios.outcomes import Outcome
from mockserver.scenarios.outcomes.sequence import position_after
from mockserver.scenarios.scenario import UNMATCHED, Scenario, Stub
from mockserver.state.moments import LATEST_MS
from mockserver.state.spaces import World
from mockserver.stores.base import Record, Store

#: The kind of the record that counts the calls which the faults of a space have met.
WINDOWS = "window"
#: The kind of the records that say where sequences stand, and how many calls the faults of a stub have met.
SEQUENCES = "sequence"
_DAY_MS = 86_400_000
_WEEK_MS = 7 * _DAY_MS


@dataclass(frozen=True, slots=True)
class Decision:
    """What the server decided about a call, before faults."""

    reply: Reply
    stub: Stub = UNMATCHED
    violations: tuple[Violation, ...] = ()
    near_misses: tuple[Mapping[str, Json], ...] = ()
    visitor_id: str | None = None
    session_id: str | None = None
    #: The digest of the scenario that has the stub.
    digest: str = ""
    notes: tuple[Unlisted, ...] = ()


@dataclass(frozen=True)
class Decider:
    """Decides. All parts are handed in; it keeps nothing."""

    apis: Apis
    store: Store
    scenarios: ActiveScenarios
    #: Whether the server performs faults on the connections themselves.
    wire: bool = False

    def judged(self, call: Call, *, texts: bool = False) -> ValidCall | InvalidCall:
        """Hold *call* against the contract's shapes, without asking the store; *texts* as in `Validator.validated`."""
        try:
            return self.apis.bound[call.operation or ""].validator.validated(call, texts=texts)
        except InvalidCall as error:
            return error.with_traceback(None)  # its frames would hold it in turn, and the call, for long

    def decided(self, valid: ValidCall | InvalidCall, call: Call, world: World) -> Decision:
        """Decide about *call*, which was `judged`, in *world*, and let its operation answer."""
        bound = self.apis.bound[call.operation or ""]
        contract, operation, shape = bound.api.contract, bound.operation, bound.api.error_shape
        valid = self._by_the_rules(valid, call, world, bound)
        if isinstance(valid, InvalidCall):
            return self._refusal(valid, world, bound)
        notes = _notes(valid)
        stub, digest = UNMATCHED, ""
        near_misses: tuple[Mapping[str, Json], ...] = ()
        violations: tuple[Violation, ...] = ()
        context = CallContext(valid, world, self.store, contract)
        preference = NO_PREFERENCE
        try:
            objections = operation.objections(context)
            if objections:
                raise refused(contract, objections)
            operation.authorize(context)
            preference = preferences.read(call.headers.get("prefer"), bound)
            scenario = self.scenarios.of(world)
            digest = scenario.digest
            stub, outcome = self._picked(valid, world, scenario, preference)
            if stub is UNMATCHED and operation.asks_scenarios:
                near_misses = tuple(scenario.near_misses(valid, _now(world)))
            answer = operation.answer(context, outcome, scenario.ids)
            reply, named = answer.reply, (answer.visitor_id, answer.session_id)
        except CallError as error:
            if isinstance(error, InvalidCall):  # nothing was granted
                preference = NO_PREFERENCE
            reply, violations = problem(error, shape, world.now_ms), error.violations
            named = valid.visitor_id, valid.session_id
        reply = noted(reply.with_headers(("Mock-Stub", _latin(stub.name))), notes)
        if preference.applied:
            reply = reply.with_headers(("Preference-Applied", preference.applied))
        if preference.delay_ms:
            reply = replace(reply, delay_ms=reply.delay_ms + preference.delay_ms)
        return Decision(reply, stub, violations, near_misses, *named, digest, notes)

    def _by_the_rules(
        self, judged: ValidCall | InvalidCall, call: Call, world: World, bound: BoundOperation
    ) -> ValidCall | InvalidCall:
        """Judge *call* again where the space is more patient than the contract, or stricter."""
        if world.rules["text_members"] == "accept" and isinstance(judged, InvalidCall):
            judged = self.judged(call, texts=True)
        if world.rules["unknown_members"] == "refuse" and judged.unlisted:
            contract = bound.api.contract
            others = [Violation(found.where, found.what, contract.call_clauses.unlisted) for found in judged.unlisted]
            known, partly = ((), judged) if isinstance(judged, ValidCall) else (judged.violations, judged.partly)
            judged = refused(contract, [*known, *others])
            judged.partly = partly
        return judged

    def _refusal(self, error: InvalidCall, world: World, bound: BoundOperation) -> Decision:
        everything = self._with_objections(error, world, bound)
        named = (error.partly.visitor_id, error.partly.session_id) if error.partly else (None, None)
        notes = _notes(error)
        reply = noted(problem(everything, bound.api.error_shape, world.now_ms), notes)
        return Decision(reply, UNMATCHED, everything.violations, (), *named, notes=notes)

    def _with_objections(self, error: InvalidCall, world: World, bound: BoundOperation) -> InvalidCall:
        """Add what is wrong with the identifiers, so that the caller is told everything at once."""
        if error.partly is None:
            return error
        contract = bound.api.contract
        objections = bound.operation.objections(CallContext(error.partly, world, self.store, contract))
        return refused(contract, [*error.violations, *objections])

    def _picked(
        self, valid: ValidCall, world: World, scenario: Scenario, preference: Preference
    ) -> tuple[Stub, Outcome]:
        """Pick the stub and the step of it that answers; a preference of the call comes before any stub."""
        if preference.outcome_wanted:
            seed = f"{world.seed}/drawn/{self._next(world, 'counter', 'drawn')}" if preference.dynamic else ""
            return _PREFERRED, preferences.outcome(preference, self.apis.bound[valid.operation], seed)
        stub = scenario.pick(valid, _now(world))
        if stub.is_constant:
            return stub, stub.steps[0].outcome
        found = 0

        def move(record: Record | None) -> Record:
            nonlocal found
            record, found = position_after(record, stub.steps, world.now_ms, repeat=stub.repeat)
            return record

        self.store.update(world.space, SEQUENCES, f"{scenario.digest}/{stub.name}", move)
        return stub, stub.steps[found].outcome

    def api_of(self, call: Call) -> Api:
        """Return the API that *call* is for, or seems to be for: the one with the path that begins as its path does."""
        bound = self.apis.bound.get(call.operation or "")
        return bound.api if bound else self.apis.nearest(call.path)

    def refused(self, call: Call, refusal: EarlyRefusal) -> CallError:
        """Return *refusal* as the API says it that *call* seems to be for."""
        contract = self.api_of(call).contract
        clause = contract.clauses[getattr(contract.call_clauses, refusal.rule)]
        violations = [Violation(refusal.where, refusal.what, clause.id)]
        error = CallError(clause.status or refusal.status, clause.code, refusal.message, violations)
        error.headers = refusal.headers
        return error

    def distorted(self, call: Call, decision: Decision, world: World) -> Reply:
        """Return the reply as the faults of the stub and of the space leave it."""
        reply, stub = decision.reply, decision.stub
        of_space = list(world.faults) if call.operation else []
        everywhere = read_faults(of_space, "faults", wire=self.wire) if of_space else ()
        if not stub.faults and not everywhere:
            return reply
        shape = self.api_of(call).error_shape
        rng = Random(f"{world.seed}/fault/{self._next(world, 'counter', 'fault')}")
        # No digest is "faults", so that the key is never that of a sequence.
        own = (stub.faults, SEQUENCES, f"faults/{decision.digest}/{stub.name}")
        for faults, kind, key in (own, (everywhere, WINDOWS, "space")):
            calls = self._next(world, kind, key) if counts_calls(faults) else 0
            reply = distorted(reply, faults, FaultContext(rng, world.now_ms, calls, error_shape=shape))
        return reply

    def _next(self, world: World, kind: str, key: str) -> int:
        """Count one more of *key*, and return how many there are."""

        def count(record: Record | None) -> Record:
            return {"n": (record or {"n": 0})["n"] + 1}

        number: int = (self.store.update(world.space, kind, key, count) or {"n": 0})["n"]
        return number


_PREFERRED = replace(UNMATCHED, name="prefer")


@lru_cache(maxsize=10_000)
def _latin(text: str) -> str:
    return "".join(c if 32 <= ord(c) < 127 else "?" for c in text)[:200]


def _notes(judged: ValidCall | InvalidCall) -> tuple[Unlisted, ...]:
    """Return what is worth a note: a name that nobody listed means little, one that nearly was may be a slip."""
    return tuple(found for found in judged.unlisted if found.nearest)


def _now(world: World) -> datetime.datetime:
    # On the last day of the calendar no time zone may be asked for tomorrow; the week before has the same hours.
    now_ms = world.now_ms - _WEEK_MS if world.now_ms > LATEST_MS - _DAY_MS else world.now_ms
    return datetime.datetime.fromtimestamp(now_ms / 1000, tz=datetime.UTC)
