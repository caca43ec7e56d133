import pytest

from mockserver.apis.engagement.identity import objections
from mockserver.apis.engagement.sessions import FixedIds, Sessions
from mockserver.stores.memory import MemoryStore
from tests.support.builders import ACCOUNT, NOW_MS, SIX_HOURS_MS, a_valid_call, a_world

NO_IDS = FixedIds()


@pytest.fixture
def sessions():
    """Make sessions that are kept in memory."""
    return Sessions(MemoryStore())


def opened(sessions, world=None, fixed=NO_IDS, offered=(), **call):
    return sessions.visit(a_valid_call(**call), world or a_world(), fixed, dict(offered))


def clauses(sessions, world=None, **call):
    return [v.clause for v in objections(sessions, a_valid_call(**call), world or a_world())]


@pytest.mark.parametrize(
    ("operation", "places"),
    [("getEngagement", ["body.vid", "body.sid"]), ("createFirstSession", ["path.visitorId", "query.sid"])],
)
def test_objections_point_to_where_the_ids_stand_at_the_door(sessions, operation, places):
    world = a_world(second_request="consumer")
    opened(sessions, world)

    found = objections(sessions, a_valid_call(operation), world)

    assert [v.where for v in found] == places


def test_two_objections_are_told_together(sessions):
    one, other = opened(sessions), opened(sessions)
    world = a_world(unknown_visitor="reject")

    assert clauses(sessions, world, vid="stranger", sid=one.session_id) == ["GE-401-UNKNOWN-VISITOR", "GE-401-FOREIGN"]
    assert clauses(sessions, world, vid=other.visitor_id, sid=one.session_id) == ["GE-401-FOREIGN"]


def test_objecting_changes_nothing(sessions):
    before = sessions.listing("default", NOW_MS)
    clauses(sessions, vid="123", sid="456")

    assert sessions.listing("default", NOW_MS) == before == []
    assert not sessions.knows_visitor("default", ACCOUNT, "123")


def test_a_session_that_is_continued_counts_its_calls_and_collects_its_contexts(sessions):
    first = opened(sessions, offered={"1": 10})
    second = opened(sessions, vid=first.visitor_id, sid=first.session_id, offered={"2": 20})

    record = sessions.find("default", ACCOUNT, first.session_id)
    assert (second.visitor_id, second.session_id) == (first.visitor_id, first.session_id)
    assert (record["calls"], record["contexts"], record["page"]) == (2, {"1": 10, "2": 20}, second.page_id)


@pytest.mark.parametrize(("age_ms", "continues"), [(SIX_HOURS_MS - 1, True), (SIX_HOURS_MS, False)])
def test_a_session_lives_for_its_lifetime_to_the_millisecond(sessions, age_ms, continues):
    first = opened(sessions)
    later = a_world(now_ms=NOW_MS + age_ms)

    second = opened(sessions, later, vid=first.visitor_id, sid=first.session_id)

    assert (second.session_id == first.session_id) is continues
    assert sessions.listing("default", later.now_ms)[0]["live"] is continues


def test_a_clock_that_was_set_back_lets_a_session_live_longer(sessions):
    first = opened(sessions)

    second = opened(sessions, a_world(now_ms=0), vid=first.visitor_id, sid=first.session_id)

    assert second.session_id == first.session_id


@pytest.mark.parametrize(
    ("fixed", "call", "given"),
    [
        pytest.param(FixedIds("v", "s", "9"), {}, ("v", "s", "9"), id="all"),
        pytest.param(
            FixedIds(session="s"), {"vid": "123"}, ("123", "s", None), id="session for a visitor that is named"
        ),
        pytest.param(FixedIds(visitor="v"), {"vid": "123"}, ("v", None, None), id="visitor in place of another"),
    ],
)
def test_fixed_ids_come_before_the_callers_and_the_seeds(sessions, fixed, call, given):
    visit = opened(sessions, fixed=fixed, **call)

    told = (visit.visitor_id, visit.session_id, visit.page_id)
    assert all(wanted in (None, got) for wanted, got in zip(given, told, strict=True))


def test_fixed_ids_use_up_no_number_of_the_seed(sessions):
    opened(sessions, fixed=FixedIds("v", "s"))

    assert opened(sessions) == opened(Sessions(MemoryStore()))


def test_a_session_is_continued_only_under_the_id_that_is_fixed(sessions):
    first = opened(sessions)

    second = opened(sessions, vid=first.visitor_id, sid=first.session_id, fixed=FixedIds(session="abc"))

    assert second.session_id == "abc"


def test_a_visitor_that_was_issued_is_known_and_has_no_live_session(sessions):
    vid = sessions.issue_visitor(ACCOUNT, a_world())

    assert sessions.knows_visitor("default", ACCOUNT, vid)
    assert clauses(sessions, a_world(unknown_visitor="reject"), vid=vid) == []


def test_touching_a_session_that_is_gone_makes_none(sessions):
    sessions.touch(a_valid_call("updateSession", vid="1", sid="gone"), a_world(), "1")

    assert sessions.listing("default", NOW_MS) == []


def test_forgotten_consumers_are_new_again(sessions):
    world = a_world(second_request="consumer")
    opened(sessions, world)
    before = clauses(sessions, world)
    sessions.clear("default")

    assert before == ["GE-401-VID", "GE-401-SID"]
    assert clauses(sessions, world) == []


def test_the_sessions_of_an_account_are_unknown_to_every_other(sessions):
    first = opened(sessions)

    elsewhere = opened(sessions, vid=first.visitor_id, sid=first.session_id, account="another")

    assert elsewhere.visitor_id == first.visitor_id
    assert elsewhere.session_id != first.session_id
    assert opened(sessions, vid=first.visitor_id, sid=first.session_id).session_id == first.session_id


def test_a_vid_whose_session_lives_in_another_account_needs_no_sid(sessions):
    vid = opened(sessions).visitor_id

    assert clauses(sessions, vid=vid, account="another") == []
    assert clauses(sessions, vid=vid) == ["GE-401-SID"]


def test_a_visitor_of_another_account_was_never_handed_out(sessions):
    vid = opened(sessions).visitor_id

    assert clauses(sessions, a_world(unknown_visitor="reject"), vid=vid, account="another") == [
        "GE-401-UNKNOWN-VISITOR"
    ]


def test_each_session_is_listed_with_its_account(sessions):
    opened(sessions)
    opened(sessions, account="another")

    assert [session["account"] for session in sessions.listing("default", NOW_MS)] == [ACCOUNT, "another"]
