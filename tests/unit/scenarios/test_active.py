import pytest

from mockserver.engine.apis import Apis
from mockserver.errors import ScenarioError
from mockserver.own_apis import own_apis
from mockserver.scenarios.active import ActiveScenarios
from mockserver.scenarios.own_scenario import OwnScenario
from mockserver.stores.memory import MemoryStore
from tests.support.builders import DOCUMENT, a_world

VOCABULARY = Apis(own_apis(DOCUMENT)).vocabulary
TEXT = "scenario: {}\nstubs: [{{then: not_available}}]\n"


def active_scenarios(chosen="available", store=None):
    store = store or MemoryStore()
    return ActiveScenarios(OwnScenario(chosen, store, VOCABULARY), store, VOCABULARY)


def world_with(scenario, space="default"):
    world = a_world(space=space)
    return type(world)(world.space, 7, world.rules, world.clock, world.now_ms, scenario)


def test_a_preset_answers_where_nothing_was_set():
    ours = active_scenarios("loading")

    assert ours.of(a_world()).name == "loading"
    assert ours.text_of(a_world())[0] == "loading"


def test_a_scenario_that_was_put_answers_in_the_world_that_names_it():
    ours = active_scenarios()
    digest = ours.put("default", TEXT.format("mine"), "admin").digest

    assert ours.of(world_with(digest)).name == "mine"
    assert ours.of(a_world()).name == "available"
    assert ours.text_of(world_with(digest)) == ("admin", TEXT.format("mine"))


def test_another_worker_reads_the_scenario_from_the_store():
    store = MemoryStore()
    digest = active_scenarios(store=store).put("default", TEXT.format("mine"), "admin").digest

    assert active_scenarios(store=store).of(world_with(digest)).name == "mine"


def test_a_scenario_is_read_once_and_not_for_every_call():
    ours = active_scenarios()
    digest = ours.put("default", TEXT.format("mine"), "admin").digest

    assert ours.of(world_with(digest)) is ours.of(world_with(digest))


def test_a_scenario_that_the_store_has_lost_gives_way_to_the_servers():
    assert active_scenarios().of(world_with("gone")).name == "available"


def test_very_many_spaces_have_their_own_scenarios():
    ours = active_scenarios()
    digests = [ours.put(f"s{n}", TEXT.format(f"mine-{n}"), "admin").digest for n in range(300)]

    assert [ours.of(world_with(digest, f"s{n}")).name for n, digest in enumerate(digests)] == [
        f"mine-{n}" for n in range(300)
    ]


def test_a_scenario_that_cannot_be_read_replaces_nothing():
    store = MemoryStore()
    ours = active_scenarios(store=store)
    digest = ours.put("default", TEXT.format("mine"), "admin").digest

    with pytest.raises(ScenarioError):
        ours.put("default", "scenario: [", "admin")

    assert ours.text_of(world_with(digest))[0] == "admin"


def test_scenarios_that_are_long_do_not_stay_read_for_as_many_spaces():
    ours = active_scenarios()
    long = TEXT + "# " + "x" * 1_000_000

    digests = [ours.put(f"s{n}", long.format(f"mine-{n}"), "admin").digest for n in range(12)]

    assert sum(length for _, length in ours._read.values()) <= 8 << 20
    assert [ours.of(world_with(digest, f"s{n}")).name for n, digest in enumerate(digests)] == [
        f"mine-{n}" for n in range(12)
    ]


def test_a_worker_that_comes_between_two_scenarios_never_finds_none():
    store = MemoryStore()
    first = active_scenarios(store=store).put("default", TEXT.format("first"), "admin").digest
    active_scenarios(store=store).put("default", TEXT.format("second"), "admin")  # its digest is not active yet

    assert active_scenarios(store=store).of(world_with(first)).name == "second"
