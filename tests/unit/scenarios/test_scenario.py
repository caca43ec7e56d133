import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.apis.engagement.outcomes import NotAvailable, Offer
from mockserver.apis.engagement.outcomes.error import NAMED_ERRORS
from mockserver.scenarios.outcomes import ContractError, Unscripted
from mockserver.scenarios.outcomes.sequence import Step, position_after
from mockserver.scenarios.scenario import UNMATCHED, Scenario, Stub
from tests.support.scenario_fakes import a_call, a_matcher
from tests.unit.apis.engagement.test_conditions import NOW, calls, matchers, moments

MANY = 10_000


def a_stub(name="a", matcher=None, *steps, repeat=False):
    return Stub(name, matcher or a_matcher(), steps or (Step(NotAvailable()),), repeat)


def a_scenario(*stubs):
    return Scenario("test", stubs=stubs)


def answering(stub, *clock):
    """Return the steps that answer calls at these times."""
    record, found = None, []
    for now_ms in clock:
        record, step = position_after(record, stub.steps, now_ms, repeat=stub.repeat)
        found.append(step)
    return found


class TestPick:
    def test_the_first_stub_without_differences_answers(self):
        scenario = a_scenario(a_stub("other", a_matcher(account=("1",))), a_stub("first"), a_stub("second"))

        assert scenario.pick(a_call(), NOW).name == "first"

    def test_when_no_stub_matches_the_operation_answers_by_itself(self):
        scenario = a_scenario(a_stub("other", a_matcher(account=("1",))))

        stub = scenario.pick(a_call(), NOW)

        assert stub is UNMATCHED
        assert (stub.name, stub.steps) == ("none", (Step(Unscripted()),))

    def test_a_scenario_without_stubs_matches_nothing(self):
        assert a_scenario().pick(a_call(), NOW) is UNMATCHED

    @settings(deadline=None)
    @given(st.lists(matchers, max_size=8), calls, moments)
    def test_the_index_finds_what_asking_every_stub_finds(self, matchers, call, now):
        stubs = [a_stub(str(number), matcher) for number, matcher in enumerate(matchers)]

        one_by_one = next((stub for stub in stubs if not stub.matcher.differences(call, now)), UNMATCHED)

        assert a_scenario(*stubs).pick(call, now) is one_by_one

    @pytest.mark.parametrize(
        ("condition", "call"),
        [
            pytest.param(lambda n: {"account": (n,)}, a_call(account="9999"), id="account"),
            pytest.param(lambda n: {"visitor": (n, f"{n}x")}, a_call(visitor="9999"), id="visitor"),
            pytest.param(
                lambda n: {"session": (n,), "visitor": ("v",)}, a_call(visitor="v", session="9999"), id="session"
            ),
            pytest.param(
                lambda n: {"consumer_sections": ("A", n)}, a_call(consumerSections=["A", "9999"]), id="section"
            ),
            pytest.param(lambda n: {"headers": {"x-tenant": n}}, a_call(headers={"x-tenant": "9999"}), id="header"),
            pytest.param(
                lambda n: {"app_details": {"os": "IOS", "appVersion": n}},
                a_call(appDetails={"os": "IOS", "appVersion": "9999"}),
                id="app details",
            ),
            pytest.param(
                lambda n: {"engagement_attributes": ({"type": "personal", "personal": {"contacts": [{"email": n}]}},)},
                a_call(
                    engagementAttributes=[
                        {"type": "lead"},
                        {"type": "personal", "personal": {"contacts": [{"email": "x"}, {"email": "9999"}]}},
                    ]
                ),
                id="attribute",
            ),
        ],
    )
    def test_of_many_stubs_only_those_that_may_match_are_asked(self, condition, call):
        scenario = a_scenario(*(a_stub(str(n), a_matcher(**condition(str(n)))) for n in range(MANY)), a_stub("last"))

        assert scenario.pick(call, NOW).name == "9999"
        assert list(scenario._index.candidates(call)) == [9999, MANY]


class TestNearMisses:
    def test_the_stubs_with_the_fewest_differences_come_first(self):
        scenario = a_scenario(
            a_stub("two", a_matcher(account=("1",), visitor=("x",))),
            a_stub("one", a_matcher(account=("1",))),
            a_stub("also one", a_matcher(session=("x",))),
        )

        assert scenario.near_misses(a_call(), NOW, most=2) == [
            {"stub": "one", "differences": ["account: wanted '1', got '56072331'"]},
            {"stub": "also one", "differences": ["session: wanted 'x', got nothing"]},
        ]

    def test_a_stub_that_shares_its_most_telling_condition_is_found_however_far_down(self):
        visitors = (a_stub(str(n), a_matcher(visitor=(str(n),), account=("1",))) for n in range(5000))

        nearest, *_ = a_scenario(*visitors).near_misses(a_call(visitor="4999"), NOW)

        assert nearest == {"stub": "4999", "differences": ["account: wanted '1', got '56072331'"]}

    def test_there_are_none_without_stubs(self):
        assert a_scenario().near_misses(a_call(), NOW) == []


class TestPositionAfter:
    def test_a_step_answers_so_many_calls(self):
        stub = a_stub("a", None, Step(NotAvailable(), times=2), Step(Offer({})))

        assert answering(stub, 0, 0, 0, 0) == [0, 0, 1, 1]

    def test_a_step_that_says_nothing_answers_one_call(self):
        stub = a_stub("a", None, Step(NotAvailable()), Step(NotAvailable()), Step(Offer({})))

        assert answering(stub, 0, 0, 0, 0) == [0, 1, 2, 2]

    def test_a_step_lasts_a_while_from_the_first_call_that_it_answers(self):
        stub = a_stub("a", None, Step(NotAvailable(), for_ms=100), Step(Offer({})))

        assert answering(stub, 1000, 1099, 1100, 1101) == [0, 0, 1, 1]

    def test_the_time_of_a_later_step_begins_with_the_call_that_reaches_it(self):
        stub = a_stub("a", None, Step(NotAvailable()), Step(NotAvailable(), for_ms=100), Step(Offer({})))

        assert answering(stub, 0, 5000, 5099, 5100) == [0, 1, 1, 2]

    def test_no_step_is_passed_over_after_a_long_pause(self):
        stub = a_stub("a", None, Step(NotAvailable(), for_ms=10), Step(NotAvailable(), for_ms=10), Step(Offer({})))

        assert answering(stub, 0, 1_000_000, 2_000_000) == [0, 1, 2]

    def test_a_clock_set_back_does_not_end_a_step(self):
        stub = a_stub("a", None, Step(NotAvailable(), for_ms=100), Step(Offer({})))

        assert answering(stub, 1000, 0, 1099) == [0, 0, 0]

    def test_a_repeated_sequence_starts_over(self):
        stub = a_stub("a", None, Step(NotAvailable(), times=2), Step(Offer({})), repeat=True)

        assert answering(stub, *range(7)) == [0, 0, 1, 0, 0, 1, 0]

    def test_a_repeated_sequence_starts_over_after_a_while(self):
        stub = a_stub("a", None, Step(NotAvailable()), Step(Offer({}), for_ms=10), repeat=True)

        assert answering(stub, 0, 0, 9, 10, 10, 19, 20) == [0, 1, 1, 0, 1, 1, 0]

    def test_the_record_given_is_left_as_it_was(self):
        stub = a_stub("a", None, Step(NotAvailable(), times=2), Step(Offer({})))
        record, _ = position_after(None, stub.steps, 5, repeat=False)

        position_after(record, stub.steps, 6, repeat=False)

        assert record == {"step": 0, "calls": 1, "since_ms": 5}


def test_a_stub_with_one_step_is_constant():
    assert a_stub().is_constant


def test_a_stub_with_two_steps_is_not_constant():
    assert not a_stub("a", None, Step(NotAvailable()), Step(Offer({}))).is_constant


def test_the_named_errors_are_those_of_the_contract():
    assert dict(NAMED_ERRORS) == {
        "loading": ContractError(500, 20, None, "loading"),
        "internal": ContractError(500, 18, "Internal server error", "internal"),
        "unavailable": ContractError(503, 18, "Server temporarily unavailable", "unavailable"),
        "unknown_account": ContractError(404, 6, "Data not found", "unknown_account"),
        "no_engagement": ContractError(404, 6, "Data not found", "no_engagement"),
    }
