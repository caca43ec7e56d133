import string

import pytest

from contracts.client_suite.running.campaign import space_seed
from contracts.client_suite.situations.enumeration import enumerate_situations
from contracts.reading.argument_types import DEFAULT_SEED, LARGEST_SEED
from mockserver.apis.engagement.identifiers import session_id, visitor_id
from tests.support.harness.client_builders import DOCUMENT

#: What the contract allows in an id.
ALLOWED = set(string.ascii_letters + string.digits + "._-")


@pytest.mark.parametrize("seed", [DEFAULT_SEED, 0, 7, LARGEST_SEED])
@pytest.mark.parametrize("member", ["visitorId", "sessionId"])
def test_the_ids_of_a_campaign_carry_every_character_that_the_contract_allows(seed, member):
    situations = enumerate_situations(DOCUMENT)
    draw = visitor_id if member == "visitorId" else session_id
    drawn = [draw(space_seed(seed, one.name), 1) for one in situations if one.offers]
    printed = [
        then["reply"]["body"][member] for one in situations for then in bodies(one) if member in then["reply"]["body"]
    ]

    assert set("".join([*drawn, *printed])) == ALLOWED


def bodies(situation):
    for stub in situation.stubs:
        then = stub["then"]
        for outcome in then if isinstance(then, list) else [then]:
            if isinstance(outcome, dict) and isinstance(outcome.get("reply", {}).get("body"), dict):
                yield outcome


def test_each_situation_has_a_seed_of_its_own_and_the_same_each_time():
    names = [one.name for one in enumerate_situations(DOCUMENT)]
    seeds = [space_seed(DEFAULT_SEED, name) for name in names]

    assert len(set(seeds)) == len(names)
    assert seeds == [space_seed(DEFAULT_SEED, name) for name in names]
    assert all(0 <= seed <= LARGEST_SEED for seed in seeds)
