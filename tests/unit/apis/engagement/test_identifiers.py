import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.apis.engagement import identifiers
from tests.support.builders import CONTRACT

SEEDS = st.integers(0, 2**63 - 1)


@given(SEEDS, st.integers(0, 10**9))
def test_ids_have_the_shapes_of_real_ones_and_keep_the_contract(seed, number):
    visitor, session = identifiers.visitor_id(seed, number), identifiers.session_id(seed, number)
    page = identifiers.page_id(seed, session, number)

    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", visitor)
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", session)
    assert re.fullmatch(r"[1-9][0-9]{9}", page)
    assert re.fullmatch(CONTRACT.component("VisitorId")["pattern"], visitor)


@pytest.mark.parametrize("make", [identifiers.visitor_id, identifiers.session_id])
def test_no_two_numbers_and_no_two_seeds_share_an_id(make):
    assert len({make(seed, number) for seed in range(50) for number in range(50)}) == 2500


def test_visitors_and_sessions_of_one_number_differ():
    assert identifiers.visitor_id(7, 1) != identifiers.session_id(7, 1)


def test_each_call_of_a_session_opens_another_page():
    assert len({identifiers.page_id(7, "abc", call) for call in range(100)}) == 100
