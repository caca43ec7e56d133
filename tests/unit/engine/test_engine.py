import dataclasses

import orjson
import pytest

from mockserver.apis.engagement.error_entity import ERROR_SHAPE
from mockserver.engine.apis import Apis
from mockserver.engine.decisions import Decider
from mockserver.engine.engine import Engine
from mockserver.engine.problems import MOST_HEADER_BYTES, problem
from mockserver.errors import CallError, Conflict, EarlyRefusal, StoreUnavailable, WouldBlock
from mockserver.model import Reply, Violation
from mockserver.own_apis import own_apis
from mockserver.scenarios.active import ActiveScenarios
from mockserver.scenarios.own_scenario import OwnScenario
from mockserver.settings import Settings
from mockserver.state.journal import Journal
from mockserver.state.journal_query import Query
from mockserver.state.spaces import Spaces, rules_of
from mockserver.stores.base import Limits
from mockserver.stores.files.transaction import Transaction
from mockserver.stores.memory import MemoryStore
from mockserver.stores.opening import open_store
from tests.support.builders import DOCUMENT, NOW_MS, a_call, no_losses
from tests.support.serving.in_process import BrokenStore, WallClock

APIS = Apis(own_apis(DOCUMENT))


def an_engine(store=None, scenario="available", wall=None, **changes):
    store = store or BrokenStore(StoreUnavailable("gone"))
    wall = wall or WallClock()
    settings = Settings(seed=7)
    spaces = Spaces(store, settings, rules_of(settings, APIS.rules), wall_ms=wall, draw_seed=lambda: 1)
    scenarios = ActiveScenarios(OwnScenario(scenario, store, APIS.vocabulary), store, APIS.vocabulary)
    decider = Decider(APIS, store, scenarios)
    losses = no_losses(store)
    engine = Engine(APIS, store, spaces, scenarios, decider, Journal(store, losses), losses, wall)
    return dataclasses.replace(engine, **changes)


def answer(engine, call):
    """Settle one call, and return its reply."""
    return settled(engine, engine.judge(call))


def settled(engine, pending):
    engine.settle([pending])
    return pending.reply


def exchanges(engine):
    return list(engine.journal.find("default", Query()))


def headers(reply):
    return dict(reply.headers)


def test_an_answer_is_in_the_journal_when_the_caller_has_it():
    engine = an_engine()

    reply = answer(engine, a_call(body={}))

    [exchange] = exchanges(engine)
    assert headers(reply)["Mock-Exchange"] == str(exchange["number"]) == "1"
    assert exchange["reply"]["body"] == reply.body.decode()


class OvertakenStore(MemoryStore):
    """A store in which others come first, twice."""

    overtaken = 0

    def transaction(self, *, wait=True):
        """Fail, and leave nothing done."""
        if self.overtaken < 2:
            self.overtaken += 1
            raise Conflict
        return super().transaction(wait=wait)


def test_a_call_that_others_have_overtaken_is_answered_anew_and_recorded_once():
    engine = an_engine(OvertakenStore())

    reply = answer(engine, a_call(body={}))

    assert (reply.status, engine.store.overtaken) == (200, 2)
    assert [exchange["number"] for exchange in exchanges(engine)] == [1]


@pytest.fixture(params=["sqlite", "lmdb"])
def rolling_back(request, tmp_path):
    """Return an engine whose store rolls_back what was done together."""
    store = open_store(f"{request.param}:{tmp_path}/state", Limits())
    yield an_engine(store)
    store.close()


def test_calls_settled_together_are_answered_in_their_order_and_recorded_by_then(rolling_back):
    several = [rolling_back.judge(a_call(body={"vid": vid})) for vid in "abc"]
    rolling_back.settle(several)

    recorded = [(exchange["number"], exchange["visitor_id"]) for exchange in exchanges(rolling_back)]
    replies = [settled(rolling_back, pending) for pending in several]

    assert recorded == [(1, "a"), (2, "b"), (3, "c")]
    assert [headers(reply)["Mock-Exchange"] for reply in replies] == ["1", "2", "3"]
    assert [orjson.loads(reply.body)["visitorId"] for reply in replies] == ["a", "b", "c"]
    assert len(exchanges(rolling_back)) == 3, "what was settled is not settled again"


def test_calls_settled_together_see_what_those_before_them_did(rolling_back):
    first = answer(rolling_back, a_call(body={"vid": "a"}))
    session = {"vid": "a", "sid": orjson.loads(first.body)["sessionId"]}
    several = [rolling_back.judge(a_call(body=body)) for body in ({"vid": "b"}, session, {"vid": "b"}, [])]
    rolling_back.settle(several)

    assert [pending.reply.status for pending in several] == [200, 200, 401, 400]


def decide_nothing(_):
    """Fail, as a call does for which there is no space left, or in which a bug shows."""
    raise CallError(503, 18, "no room")


def test_one_call_that_is_amiss_spoils_no_other_that_is_settled_with_it(rolling_back):
    several = [rolling_back.judge(a_call(body={"vid": vid})) for vid in "abc"]
    several[1].decide = decide_nothing
    rolling_back.settle(several)

    assert [pending.reply.status for pending in several] == [200, 503, 200]
    assert [exchange["visitor_id"] for exchange in exchanges(rolling_back)] == ["a", "c"]


@pytest.mark.parametrize("store", ["memory:", "sqlite:{}/state"])
def test_a_bug_in_one_call_is_its_own_500_and_spoils_no_other(store, tmp_path):
    engine = an_engine(open_store(store.format(tmp_path), Limits()))
    several = [engine.judge(a_call(body={"vid": vid})) for vid in "abc"]
    several[1].decide = lambda _: 1 / 0
    engine.settle(several)
    engine.store.close()

    assert [pending.reply.status for pending in several] == [200, 500, 200]


def test_nothing_was_settled_when_the_last_step_of_the_store_fails(rolling_back, monkeypatch):
    several = [rolling_back.judge(a_call(body={})) for _ in range(2)]
    failures = iter([ZeroDivisionError])
    write_counters = Transaction.write_counters

    def failing_once(transaction):
        for failure in failures:
            raise failure
        write_counters(transaction)

    monkeypatch.setattr(Transaction, "write_counters", failing_once)
    rolling_back.settle(several)

    assert [pending.reply.status for pending in several] == [200, 200]
    assert [exchange["number"] for exchange in exchanges(rolling_back)] == [1, 2]


class LockedStore(MemoryStore):
    """A store that another process holds."""

    rolls_back = True

    def transaction(self, *, wait=True):
        if not wait:
            raise WouldBlock
        return super().transaction(wait=wait)


def test_calls_for_which_the_store_would_block_are_left_without_a_reply_and_without_a_trace():
    engine = an_engine(LockedStore())
    several = [engine.judge(a_call(body={})) for _ in range(2)]

    engine.settle(several, wait=False)
    left = [pending.reply for pending in several], exchanges(engine)
    engine.settle(several)

    assert left == ([None, None], [])
    assert [pending.reply.status for pending in several] == [200, 200]


def test_a_reply_that_is_not_recorded_is_there_already_and_settles_with_others():
    engine = an_engine()
    several = [engine.reply_unrecorded(a_call(body={}), Reply(200)), engine.judge(a_call(body={}))]
    engine.settle(several)

    assert [pending.reply.status for pending in several] == [200, 200]
    assert len(exchanges(engine)) == 1


class BusyStore(MemoryStore):
    """A store that lets a caller in when time has passed."""

    def __init__(self, wall):
        super().__init__()
        self._wall = wall

    def transaction(self, *, wait=True):
        self._wall.now_ms += 500
        return super().transaction(wait=wait)


def test_a_call_has_arrived_when_it_came_and_not_when_the_store_let_it_in():
    wall = WallClock()
    engine = an_engine(BusyStore(wall), wall=wall)
    came_ms = wall()

    answer(engine, a_call(body={}))

    assert [exchange["arrived_ms"] for exchange in exchanges(engine)] == [came_ms]


def test_a_refusal_at_the_edge_is_recorded_with_its_violations():
    engine = an_engine()
    error = EarlyRefusal(404, "path", "path", "nothing here")

    reply = settled(engine, engine.refuse(dataclasses.replace(a_call(), operation=None), error))

    [exchange] = exchanges(engine)
    assert (reply.status, exchange["operation"]) == (404, None)
    assert exchange["violations"] == [{"where": "path", "what": "nothing here", "clause": "REQ-404"}]


def test_faults_of_the_space_fall_on_errors_as_well_but_not_on_what_is_no_operation():
    engine = an_engine()
    engine.spaces.change("default", faults=[{"delay": {"ms": 5}}])

    invalid = answer(engine, a_call(body=[]))
    nowhere = settled(
        engine,
        engine.refuse(dataclasses.replace(a_call(), operation=None), EarlyRefusal(404, "path", "path", "nothing")),
    )

    assert (invalid.status, invalid.delay_ms) == (400, 5)
    assert nowhere.delay_ms == 0


def test_a_preferred_delay_is_added_to_that_of_the_faults():
    engine = an_engine()
    engine.spaces.change("default", faults=[{"delay": {"ms": 5}}])

    assert (
        answer(engine, a_call(body={}, headers={"content-type": "application/json", "prefer": "delay-ms=2"})).delay_ms
        == 7
    )


def test_a_store_that_is_gone_is_told_in_real_time_because_the_space_cannot_be_read():
    store = BrokenStore(StoreUnavailable("gone"))
    engine = an_engine(store)
    store.broken = True

    reply = answer(engine, a_call(body={}))

    assert reply.status == 503
    assert orjson.loads(reply.body) == {
        "time": NOW_MS,
        "message": "the mock server's store does not answer: gone",
        "internalCode": 18,
    }


def test_each_fault_draws_anew():
    engine = an_engine()
    engine.spaces.change("default", faults=[{"delay": {"ms": 5000, "jitter_ms": 5000}}])

    assert len({answer(engine, a_call(body={})).delay_ms for _ in range(10)}) > 5


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
