"""The path of a call: validate, pick, carry out, distort, record."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from time import perf_counter_ns

from mockserver import preferences
from mockserver.error_entity import error_entity
from mockserver.errors import CallError, InvalidCall, StoreUnavailable
from mockserver.faults import FaultContext, read_faults
from mockserver.in_force import ScenariosInForce
from mockserver.journal import Journal
from mockserver.matching import Facts
from mockserver.model import Call, Exchange, Json, Reply, ValidCall, Violation
from mockserver.operations.base import JSON_TYPE, Handler, Turn
from mockserver.preferences import NO_PREFERENCE, Preference
from mockserver.scenarios import UNMATCHED, Outcome, Scenario, Stub, position_after
from mockserver.sessions import Sessions
from mockserver.spaces import LATEST_MS, Spaces, World
from mockserver.spec import Contract
from mockserver.stores.base import Record, Store
from mockserver.validation import Validator, refused

#: Response headers are kept below what common clients read; the journal has the whole.
MOST_HEADER_BYTES = 4096
_DAY_MS = 86_400_000
_WEEK_MS = 7 * _DAY_MS
_ENGAGEMENT = frozenset(["getEngagement", "createFirstSession", "createSession"])


@dataclass(frozen=True, slots=True)
class Decision:
    """What the server decided about a call, before faults."""

    reply: Reply
    stub: Stub = UNMATCHED
    violations: tuple[Violation, ...] = ()
    near_misses: tuple[Mapping[str, Json], ...] = ()
    visitor_id: str | None = None
    session_id: str | None = None


@dataclass(frozen=True)
class Engine:
    """Answers calls. All parts are handed in; the engine keeps nothing."""

    contract: Contract
    validator: Validator
    handlers: Mapping[str, Handler]
    store: Store
    spaces: Spaces
    sessions: Sessions
    scenarios: ScenariosInForce
    journal: Journal
    wall_ms: Callable[[], int]

    def answer(self, call: Call) -> Reply:
        """Answer *call*. Nothing that a caller can send makes this raise."""
        return self._recorded(call, lambda world: self._decided(call, world))

    def refuse(self, call: Call, error: CallError) -> Reply:
        """Record a call that never reached an operation, and answer it with *error*."""
        return self._recorded(call, lambda world: Decision(problem(error, world.now_ms), violations=error.violations))

    def _recorded(self, call: Call, decide: Callable[[World], Decision]) -> Reply:
        started = perf_counter_ns()
        try:
            world = self.spaces.world(call.space)
            decision = decide(world)
            reply = self._distorted(call, decision, world)
            took_us = (perf_counter_ns() - started) // 1000
            number = self.journal.append(
                Exchange(
                    call,
                    reply,
                    world.now_ms,
                    world.real_ms,
                    took_us,
                    decision.stub.name,
                    decision.violations,
                    decision.near_misses,
                    decision.visitor_id,
                    decision.session_id,
                )
            )
        except StoreUnavailable as error:
            return problem(CallError(503, 18, f"the mock server's store does not answer: {error}"), self.wall_ms())
        except CallError as error:  # the space itself cannot be had, so there is no journal to write to
            return problem(error, self.wall_ms())
        return reply.with_headers(("Mock-Exchange", str(number)))

    def _decided(self, call: Call, world: World) -> Decision:
        try:
            valid = self.validator.validated(call)
        except InvalidCall as error:
            everything = self._with_objections(error, world)
            named = (error.partly.visitor_id, error.partly.session_id) if error.partly else (None, None)
            return Decision(problem(everything, world.now_ms), UNMATCHED, everything.violations, (), *named)
        stub = UNMATCHED
        near_misses: tuple[Mapping[str, Json], ...] = ()
        violations: tuple[Violation, ...] = ()
        turn = Turn(valid, world, self.sessions, self.contract)
        handler = self.handlers[valid.operation]
        preference = NO_PREFERENCE
        try:
            objections = handler.objections(turn)
            if objections:
                raise refused(self.contract, objections)
            handler.admit(turn)
            preference = preferences.read(call.headers.get("prefer"), self.contract.operations[valid.operation])
            scenario = self.scenarios.of(world)
            stub, outcome = self._picked(valid, world, scenario, preference)
            if stub is UNMATCHED and valid.operation in _ENGAGEMENT:
                near_misses = tuple(scenario.near_misses(valid, _facts(valid, world)))
            answer = handler.carry_out(turn, outcome, scenario.ids)
            reply, vid, sid = answer.reply, answer.visitor_id, answer.session_id
        except CallError as error:
            reply, violations = problem(error, world.now_ms), error.violations
            vid, sid = valid.visitor_id, valid.session_id
        reply = reply.with_headers(("Mock-Stub", _latin(stub.name)))
        if preference.applied:
            reply = reply.with_headers(("Preference-Applied", preference.applied))
        reply = replace(reply, delay_ms=reply.delay_ms + preference.delay_ms)
        return Decision(reply, stub, violations, near_misses, vid, sid)

    def _with_objections(self, error: InvalidCall, world: World) -> InvalidCall:
        """Add what is wrong with the identifiers, so that the caller is told everything at once."""
        if error.partly is None:
            return error
        turn = Turn(error.partly, world, self.sessions, self.contract)
        objections = self.handlers[error.partly.operation].objections(turn)
        return refused(self.contract, [*error.violations, *objections])

    def _picked(
        self, valid: ValidCall, world: World, scenario: Scenario, preference: Preference
    ) -> tuple[Stub, Outcome]:
        """Pick the stub and the step of it that answers; a preference of the call comes before any stub."""
        if preference.outcome_wanted:
            seed = f"{world.seed}/drawn/{self._next(world, 'drawn')}" if preference.dynamic else ""
            return _PREFERRED, preferences.outcome(preference, valid, self.contract, seed)
        stub = scenario.pick(valid, _facts(valid, world))
        if stub.is_constant:
            return stub, stub.steps[0].outcome
        found = 0

        def move(record: Record | None) -> Record:
            nonlocal found
            record, found = position_after(record, stub, world.now_ms)
            return record

        self.store.update(world.space, "sequence", f"{scenario.digest}/{stub.name}", move)
        return stub, stub.steps[found].outcome

    def _distorted(self, call: Call, decision: Decision, world: World) -> Reply:
        everywhere = read_faults(list(world.faults), "faults") if world.faults and call.operation else ()
        faults = (*decision.stub.faults, *everywhere)
        if not faults:
            return decision.reply
        rng = Random(f"{world.seed}/fault/{self._next(world, 'fault')}")
        reply = decision.reply
        for fault in faults:
            reply = fault.distort(reply, FaultContext(rng, world.now_ms))
        return reply

    def _next(self, world: World, counter: str) -> int:
        """Count one more *counter* of the space, so that each draw from its seed is a new one."""

        def count(record: Record | None) -> Record:
            return {"n": (record or {"n": 0})["n"] + 1}

        number: int = (self.store.update(world.space, "counter", counter, count) or {"n": 0})["n"]
        return number


_PREFERRED = replace(UNMATCHED, name="prefer")


def problem(error: CallError, now_ms: int) -> Reply:
    """Turn *error* into the contract's error entity; why it was made travels in headers (law of purity)."""
    headers = [JSON_TYPE]
    if error.violations:
        headers.append(("Mock-Clause", ", ".join(dict.fromkeys(v.clause for v in error.violations))))
        headers.append(("Mock-Violations", _violations_header(error.violations)))
    return Reply(error.status, error_entity(now_ms, error.code, error.message), tuple(headers))


def _violations_header(violations: tuple[Violation, ...]) -> str:
    told: list[str] = []
    size = 0
    for violation in violations:
        entry = _ascii_json({"where": violation.where, "what": violation.what, "clause": violation.clause})
        size += len(entry) + 1
        if size > MOST_HEADER_BYTES - 200:
            rest = f"{len(violations) - len(told)} more, see the journal"
            told.append(_ascii_json({"where": "", "what": rest, "clause": violation.clause}))
            break
        told.append(entry)
    return f"[{','.join(told)}]"


def _ascii_json(value: Json) -> str:
    """Write *value* in ASCII, because header values are."""
    import json

    return json.dumps(value, separators=(",", ":"), ensure_ascii=True)


def _latin(text: str) -> str:
    return "".join(c if 32 <= ord(c) < 127 else "?" for c in text)[:200]  # noqa: PLR2004 printable ASCII


def _facts(valid: ValidCall, world: World) -> Facts:
    # On the last day of the calendar no time zone may be asked for tomorrow; the week before has the same hours.
    now_ms = world.now_ms - _WEEK_MS if world.now_ms > LATEST_MS - _DAY_MS else world.now_ms
    now = datetime.datetime.fromtimestamp(now_ms / 1000, tz=datetime.UTC)
    return Facts(now=now, first_call=valid.visitor_id is None and valid.session_id is None)
