import pytest

from contracts.judging.calls.identity import judge_ids
from tests.support.harness.client_builders import (
    AVAILABLE,
    FAILED,
    JS_DOOR,
    LOADING,
    a_record,
    an_update,
    broken,
    kept,
    read,
)


def judged(*records):
    return judge_ids(read(*records))


def test_ids_of_the_latest_reply_keep_every_rule():
    judgements = judged(a_record(0), a_record(1, vid="xyz", sid="abc"), an_update(2))

    assert broken(judgements) == []
    assert {"CL-IDS-CARRIED", "GE-401-SID", "GE-401-VID", "GE-401-FOREIGN", "US-400-CONTEXT"} <= kept(judgements)


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
    assert broken(judged(a_record(0), a_record(1, **second))) == [("ids", clause)]


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

    assert broken(judged(first, a_record(1, path=JS_DOOR, body=body))) == clauses


def test_a_lost_session_is_replaced_by_the_new_one():
    renewed = {**AVAILABLE, "sessionId": "new"}
    records = [a_record(0), a_record(1, said=renewed, vid="xyz", sid="abc")]

    assert broken(judged(*records, an_update(2, sid="new"))) == []
    assert broken(judged(*records, an_update(2, sid="abc"))) == [("ids", "CL-IDS-CARRIED")]


def test_ids_kept_from_an_earlier_run_may_open_the_first_request():
    assert broken(judged(a_record(0, vid="kept", sid="from-last-week"))) == []


def test_the_retry_of_a_loading_reply_needs_no_sid():
    judgements = judged(a_record(0, 500, LOADING), a_record(5, vid="from-message"))

    assert broken(judgements) == []
    assert "GE-VID-ONLY" in kept(judgements)


def test_ids_of_a_reply_that_got_lost_need_not_be_known():
    assert broken(judged(a_record(0, broken_by="reset"), a_record(1))) == []


def test_an_impression_names_a_context_that_was_handed_out():
    assert broken(judged(a_record(0), an_update(1, context="7"))) == [("ids", "US-400-CONTEXT")]


def test_an_update_without_a_session_comes_too_early():
    assert broken(judged(an_update(0))) == [("ids", "US-404-SESSION"), ("ids", "US-400-CONTEXT")]


def test_an_impression_names_no_context_of_the_session_before():
    renewed = {**AVAILABLE, "sessionId": "new", "engagementDetails": {"contextId": "2"}}
    records = [a_record(0), a_record(1, said=renewed, vid="xyz", sid="abc")]

    assert broken(judged(*records, an_update(2, sid="new", context="1"))) == [("ids", "US-400-CONTEXT")]
    assert broken(judged(*records, an_update(2, sid="new", context="2"))) == []


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        pytest.param(a_record(1, 401, FAILED, vid="xyz", sid="abc"), [], id="401"),
        pytest.param(an_update(1, 404), [], id="404 of an update"),
        pytest.param(a_record(1, 404, FAILED, vid="xyz", sid="abc"), [("ids", "CL-IDS-CARRIED")], id="no such account"),
        pytest.param(a_record(1, 400, FAILED, vid="xyz", sid="abc"), [("ids", "CL-IDS-CARRIED")], id="another mistake"),
    ],
)
def test_a_new_visit_begins_only_where_the_ids_were_refused(refusal, expected):
    judgements = judged(a_record(0), refusal, a_record(2))

    assert broken(judgements) == expected
    assert ("CL-NEW-VISIT" in kept(judgements)) == (not expected)


def test_a_refusal_is_worth_one_new_visit():
    records = [a_record(0), a_record(1, 401, FAILED, vid="xyz", sid="abc"), a_record(2), a_record(3)]

    assert broken(judged(*records)) == [("ids", "CL-IDS-CARRIED")]


def test_a_second_visit_in_a_run_is_called_so():
    [judgement] = [one for one in judged(a_record(0), a_record(1)) if not one.kept]

    assert "A run is one visit" in judgement.what
    assert "run once for each" in judgement.cure


def test_a_client_that_left_before_the_reply_need_not_know_its_ids():
    assert broken(judged(a_record(0, left_after_ms=1000), a_record(1))) == []
