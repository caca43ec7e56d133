import dataclasses

import orjson
import pytest

from mockserver.contract_rules import DocumentRules
from mockserver.engine import Engine
from mockserver.errors import CallError, Conflict, StoreUnavailable
from mockserver.in_force import ScenariosInForce
from mockserver.journal import Journal, Query
from mockserver.model import Violation
from mockserver.operations import HANDLERS
from mockserver.problems import MOST_HEADER_BYTES, problem
from mockserver.sessions import Sessions
from mockserver.settings import Settings
from mockserver.spaces import Spaces
from mockserver.stores.memory import MemoryStore
from mockserver.validation import Validator
from tests.api.serving import BrokenStore, WallClock
from tests.builders import CONTRACT, NOW_MS, a_call

VALIDATOR = Validator(CONTRACT)
RULES = DocumentRules(CONTRACT)


def an_engine(store=None, scenario="available", wall=None, **changes):
    store = store or BrokenStore(StoreUnavailable("gone"))
    wall = wall or WallClock()
    spaces = Spaces(store, Settings(seed=7), wall_ms=wall, draw_seed=lambda: 1)
    scenarios = ScenariosInForce(scenario, store, RULES)
    engine = Engine(CONTRACT, VALIDATOR, HANDLERS, store, spaces, Sessions(store), scenarios, Journal(store), wall)
    return dataclasses.replace(engine, **changes)


def exchanges(engine):
    return list(engine.journal.find("default", Query()))


def headers(reply):
    return dict(reply.headers)


def test_an_answer_is_in_the_journal_when_the_caller_has_it():
    engine = an_engine()

    reply = engine.answer(a_call(body={}))

    [exchange] = exchanges(engine)
    assert headers(reply)["Mock-Exchange"] == str(exchange["number"]) == "1"
    assert exchange["reply"]["body"] == reply.body.decode()


class OvertakenStore(MemoryStore):
    """A store in which others come first, twice."""

    overtaken = 0

    def together(self, *, wait=True):
        """Fail, and leave nothing done."""
        if self.overtaken < 2:
            self.overtaken += 1
            raise Conflict
        return super().together(wait=wait)


def test_a_call_that_others_have_overtaken_is_answered_anew_and_recorded_once():
    engine = an_engine(OvertakenStore())

    reply = engine.answer(a_call(body={}))

    assert (reply.status, engine.store.overtaken) == (200, 2)
    assert [exchange["number"] for exchange in exchanges(engine)] == [1]


class BusyStore(MemoryStore):
    """A store that lets a caller in when time has passed."""

    def __init__(self, wall):
        super().__init__()
        self._wall = wall

    def together(self, *, wait=True):
        self._wall.now_ms += 500
        return super().together(wait=wait)


def test_a_call_has_arrived_when_it_came_and_not_when_the_store_let_it_in():
    wall = WallClock()
    engine = an_engine(BusyStore(wall), wall=wall)
    came_ms = wall()

    engine.answer(a_call(body={}))

    assert [exchange["arrived_ms"] for exchange in exchanges(engine)] == [came_ms]


def test_a_refusal_at_the_edge_is_recorded_with_its_violations():
    engine = an_engine()
    error = CallError(404, 28, "nothing here", [Violation("path", "nothing here", "REQ-404")])

    reply = engine.refuse(dataclasses.replace(a_call(), operation=None), error)

    [exchange] = exchanges(engine)
    assert (reply.status, exchange["operation"]) == (404, None)
    assert exchange["violations"] == [{"where": "path", "what": "nothing here", "clause": "REQ-404"}]


def test_faults_of_the_space_fall_on_errors_as_well_but_not_on_what_is_no_operation():
    engine = an_engine()
    engine.spaces.change("default", faults=[{"delay": {"ms": 5}}])

    invalid = engine.answer(a_call(body=[]))
    nowhere = engine.refuse(dataclasses.replace(a_call(), operation=None), CallError(404, 28, "nothing"))

    assert (invalid.status, invalid.delay_ms) == (400, 5)
    assert nowhere.delay_ms == 0


def test_a_preferred_delay_is_added_to_that_of_the_faults():
    engine = an_engine()
    engine.spaces.change("default", faults=[{"delay": {"ms": 5}}])

    assert (
        engine.answer(a_call(body={}, headers={"content-type": "application/json", "prefer": "delay-ms=2"})).delay_ms
        == 7
    )


def test_a_store_that_is_gone_is_told_in_real_time_because_the_space_cannot_be_read():
    store = BrokenStore(StoreUnavailable("gone"))
    engine = an_engine(store)
    store.broken = True

    reply = engine.answer(a_call(body={}))

    assert reply.status == 503
    assert orjson.loads(reply.body) == {
        "time": NOW_MS,
        "message": "the mock server's store does not answer: gone",
        "internalCode": 18,
    }


def test_each_fault_draws_anew():
    engine = an_engine()
    engine.spaces.change("default", faults=[{"delay": {"ms": 5000, "jitter_ms": 5000}}])

    assert len({engine.answer(a_call(body={})).delay_ms for _ in range(10)}) > 5


def test_an_error_names_each_clause_once():
    violations = [Violation(f"body.{n}", "is wrong", clause) for n, clause in enumerate(["A", "B", "A"])]

    reply = problem(CallError(400, 5, "0, 1, 2", violations), NOW_MS)

    assert headers(reply)["Mock-Clause"] == "A, B"
    assert [v["where"] for v in orjson.loads(headers(reply)["Mock-Violations"])] == ["body.0", "body.1", "body.2"]


def test_an_error_without_violations_and_message_is_the_bare_entity():
    reply = problem(CallError(500, 18, None), 5)

    assert reply.body == b'{"time":5,"internalCode":18}'
    assert reply.headers == (("Content-Type", "application/json"),)


@pytest.mark.parametrize("count", [1, 10, 100])
@pytest.mark.parametrize("what", ["x", "ü\n\x00" * 20, "x" * 5000])
def test_the_header_of_violations_stays_below_its_bound_and_is_ascii_json(count, what):
    violations = [Violation(f"body.{n}", what, "GE-400-BODY") for n in range(count)]

    header = headers(problem(CallError(400, 5, "x", violations), NOW_MS))["Mock-Violations"]

    told = orjson.loads(header)
    assert len(header) <= MOST_HEADER_BYTES
    assert header.isascii()
    assert header.isprintable()
    assert len(told) == count or told[-1]["what"].endswith("more, see the journal")
