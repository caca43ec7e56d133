import pytest

from contracts.identity import rule_on_ids
from tests.unit.contracts.client_builders import AVAILABLE, JS_DOOR, LOADING, a_record, an_update, broken, kept, read


def ruled(*records):
    return rule_on_ids(read(*records))


def test_ids_of_the_latest_reply_keep_every_rule():
    rulings = ruled(a_record(0), a_record(1, vid="xyz", sid="abc"), an_update(2))

    assert broken(rulings) == []
    assert {"CL-IDS-CARRIED", "GE-401-SID", "GE-401-VID", "GE-401-FOREIGN", "US-400-CONTEXT"} <= kept(rulings)


@pytest.mark.parametrize(
    ("second", "clause"),
    [
        pytest.param({"vid": "xyz"}, "GE-401-SID", id="no sid"),
        pytest.param({"sid": "abc"}, "GE-401-VID", id="no vid"),
        pytest.param({}, "CL-IDS-CARRIED", id="neither"),
        pytest.param({"vid": "other", "sid": "abc"}, "GE-401-FOREIGN", id="another visitor's sid"),
        pytest.param({"vid": "xyz", "sid": "made-up"}, "CL-IDS-CARRIED", id="a sid of nobody"),
    ],
)
def test_a_second_request_with_other_ids_breaks_one_clause(second, clause):
    assert broken(ruled(a_record(0), a_record(1, **second))) == [("ids", clause)]


@pytest.mark.parametrize(
    ("body", "clauses"),
    [
        pytest.param({"vid": "xyz", "sid": "abc"}, [], id="both"),
        pytest.param({"vid": "xyz"}, [("ids", "GE-401-SID")], id="no sid"),
        pytest.param({"sid": "abc"}, [("ids", "GE-401-VID")], id="no vid"),
    ],
)
def test_the_js_door_carries_them_in_the_body(body, clauses):
    first = a_record(0, path=JS_DOOR, body={})

    assert broken(ruled(first, a_record(1, path=JS_DOOR, body=body))) == clauses


def test_a_lost_session_is_replaced_by_the_new_one():
    renewed = {**AVAILABLE, "sessionId": "new"}
    records = [a_record(0), a_record(1, said=renewed, vid="xyz", sid="abc")]

    assert broken(ruled(*records, an_update(2, sid="new"))) == []
    assert broken(ruled(*records, an_update(2, sid="abc"))) == [("ids", "CL-IDS-CARRIED")]


def test_ids_kept_from_an_earlier_run_may_open_the_first_request():
    assert broken(ruled(a_record(0, vid="kept", sid="from-last-week"))) == []


def test_the_retry_of_a_loading_reply_needs_no_sid():
    rulings = ruled(a_record(0, 500, LOADING), a_record(5, vid="from-message"))

    assert broken(rulings) == []
    assert "GE-VID-ONLY" in kept(rulings)


def test_ids_of_a_reply_that_got_lost_need_not_be_known():
    assert broken(ruled(a_record(0, broken_by="reset"), a_record(1))) == []


def test_an_impression_names_a_context_that_was_handed_out():
    assert broken(ruled(a_record(0), an_update(1, context="7"))) == [("ids", "US-400-CONTEXT")]


def test_an_update_without_a_session_comes_too_early():
    assert broken(ruled(an_update(0))) == [("ids", "US-404-SESSION"), ("ids", "US-400-CONTEXT")]
