import dataclasses

import orjson
import pytest

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.apis.engagement.sessions import ID_COMPONENTS
from mockserver.app import own_apis
from mockserver.contract.reply_rules import DocumentRules
from mockserver.engine.apis import Apis
from mockserver.engine.decisions import Decider
from mockserver.engine.engine import Engine
from mockserver.engine.problems import MOST_HEADER_BYTES, problem
from mockserver.errors import CallError, Conflict, StoreUnavailable
from mockserver.model import Violation
from mockserver.scenarios.active import ActiveScenarios
from mockserver.scenarios.own_scenario import OwnScenario
from mockserver.settings import Settings
from mockserver.state.journal import Journal
from mockserver.state.journal_query import Query
from mockserver.state.spaces import Spaces
from mockserver.stores.base import Limits
from mockserver.stores.files.transaction import Transaction
from mockserver.stores.memory import MemoryStore
from mockserver.stores.opening import open_store
from tests.api.serving import BrokenStore, WallClock
from tests.support.builders import CONTRACT, DOCUMENT, NOW_MS, a_call, no_losses

APIS = Apis(own_apis(DOCUMENT))
RULES = DocumentRules(CONTRACT, ids=ID_COMPONENTS)


def an_engine(store=None, scenario="available", wall=None, **changes):
    store = store or BrokenStore(StoreUnavailable("gone"))
    wall = wall or WallClock()
    spaces = Spaces(store, Settings(seed=7), wall_ms=wall, draw_seed=lambda: 1)
    scenarios = ActiveScenarios(OwnScenario(scenario, store, RULES), store, RULES)
    decider = Decider(APIS, store, scenarios)
    losses = no_losses(store)
    engine = Engine(APIS, store, spaces, scenarios, decider, Journal(store, losses), losses, wall)
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


@pytest.fixture(params=["sqlite", "lmdb"])
def undoing(request, tmp_path):
    """Return an engine whose store undoes what was done together."""
    store = open_store(f"{request.param}:{tmp_path}/state", Limits())
    yield an_engine(store)
    store.close()


def test_calls_settled_together_are_answered_in_their_order_and_recorded_by_then(undoing):
    several = [undoing.arrived(a_call(body={"vid": vid})) for vid in "abc"]
    undoing.settle_together(several)

    recorded = [(exchange["number"], exchange["visitor_id"]) for exchange in exchanges(undoing)]
    replies = [undoing.settle(arrived) for arrived in several]

    assert recorded == [(1, "a"), (2, "b"), (3, "c")]
    assert [headers(reply)["Mock-Exchange"] for reply in replies] == ["1", "2", "3"]
    assert [orjson.loads(reply.body)["visitorId"] for reply in replies] == ["a", "b", "c"]
    assert len(exchanges(undoing)) == 3, "what was settled is not settled again"


def test_calls_settled_together_see_what_those_before_them_did(undoing):
    first = undoing.answer(a_call(body={"vid": "a"}))
    session = {"vid": "a", "sid": orjson.loads(first.body)["sessionId"]}
    several = [undoing.arrived(a_call(body=body)) for body in ({"vid": "b"}, session, {"vid": "b"}, [])]
    undoing.settle_together(several)

    assert [arrived.reply.status for arrived in several] == [200, 200, 401, 400]


def decide_nothing(_):
    """Fail, as a call does for which there is no space left, or in which a bug shows."""
    raise CallError(503, 18, "no room")


def test_one_call_that_is_amiss_undoes_all_that_was_settled_with_it_and_spoils_no_other(undoing):
    several = [undoing.arrived(a_call(body={"vid": vid})) for vid in "abc"]
    several[1].decide = decide_nothing
    undoing.settle_together(several)

    assert [arrived.reply for arrived in several] == [None] * 3
    assert exchanges(undoing) == []
    assert [undoing.settle(arrived).status for arrived in several] == [200, 503, 200]
    assert [exchange["visitor_id"] for exchange in exchanges(undoing)] == ["a", "c"]


def test_where_nothing_can_be_undone_one_call_that_is_amiss_spoils_no_other():
    engine = an_engine(MemoryStore())
    several = [engine.arrived(a_call(body={"vid": vid})) for vid in "abc"]
    several[1].decide = lambda _: 1 / 0
    engine.settle_together(several)

    assert [arrived.reply and arrived.reply.status for arrived in several] == [200, None, 200]
    assert [exchange["visitor_id"] for exchange in exchanges(engine)] == ["a", "c"]
    with pytest.raises(ZeroDivisionError):
        engine.settle(several[1])


def test_nothing_was_settled_when_the_last_step_of_the_store_fails(undoing, monkeypatch):
    several = [undoing.arrived(a_call(body={})) for _ in range(2)]
    with monkeypatch.context() as patch:
        patch.setattr(Transaction, "write_counters", lambda _: 1 / 0)
        undoing.settle_together(several)

    assert [arrived.reply for arrived in several] == [None] * 2
    assert [undoing.settle(arrived).status for arrived in several] == [200, 200]
    assert [exchange["number"] for exchange in exchanges(undoing)] == [1, 2]


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

    reply = problem(CallError(400, 5, "0, 1, 2", violations), ERROR_SHAPE, NOW_MS)

    assert headers(reply)["Mock-Clause"] == "A, B"
    assert [v["where"] for v in orjson.loads(headers(reply)["Mock-Violations"])] == ["body.0", "body.1", "body.2"]


def test_an_error_without_violations_and_message_is_the_bare_entity():
    reply = problem(CallError(500, 18, None), ERROR_SHAPE, 5)

    assert reply.body == b'{"time":5,"internalCode":18}'
    assert reply.headers == (("Content-Type", "application/json"),)


@pytest.mark.parametrize("count", [1, 10, 100])
@pytest.mark.parametrize("what", ["x", "ü\n\x00" * 20, "x" * 5000])
def test_the_header_of_violations_stays_below_its_bound_and_is_ascii_json(count, what):
    violations = [Violation(f"body.{n}", what, "GE-400-BODY") for n in range(count)]

    header = headers(problem(CallError(400, 5, "x", violations), ERROR_SHAPE, NOW_MS))["Mock-Violations"]

    told = orjson.loads(header)
    assert len(header) <= MOST_HEADER_BYTES
    assert header.isascii()
    assert header.isprintable()
    assert len(told) == count or told[-1]["what"].endswith("more, see the journal")
