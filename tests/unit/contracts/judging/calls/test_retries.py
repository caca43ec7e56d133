import pytest

from contracts.judging.calls.policies import load_policy
from contracts.judging.calls.retries import judge_retries, logical_calls
from contracts.judging.calls.timelines import timelines
from tests.support.harness.client_builders import (
    AVAILABLE,
    FAILED,
    LOADING,
    NOT_AVAILABLE,
    a_record,
    an_update,
    broken,
    kept,
    read,
)

DOCUMENTED = load_policy("documented")
SAMPLE_APP = load_policy("sample-app")


def judged(*records, policy=DOCUMENTED, finished=True):
    return judge_retries(logical_calls(read(*records)), policy, finished=finished)


def failures(*at_s, status=500, said=FAILED, **call):
    return [a_record(second, status, said, **call) for second in at_s]


def test_three_retries_after_5_10_and_15_seconds_keep_the_policy():
    judgements = judged(*failures(0, 5, 15, 30))

    assert broken(judgements) == []
    assert kept(judgements) == {"CL-RETRY-5XX"}


def test_a_recovery_ends_the_logical_call():
    calls = logical_calls(read(*failures(0), a_record(5), a_record(6, vid="xyz", sid="abc")))

    assert [len(call.tries) for call in calls] == [2, 1]


def test_a_pause_is_measured_from_the_reply_not_from_the_call():
    judgements = judged(a_record(0, 500, FAILED, delay_ms=3000), a_record(5))

    assert broken(judgements) == [("pause", "CL-RETRY-5XX")]
    assert "waited 2.00 s" in next(judgement for judgement in judgements if not judgement.kept).what


@pytest.mark.parametrize(
    ("second_try_at_s", "expected"),
    [
        pytest.param(4.6, [], id="a little early is within the tolerance"),
        pytest.param(4.4, [("pause", "CL-RETRY-5XX")], id="too early"),
        pytest.param(14.9, [], id="late, on a busy machine"),
        pytest.param(15.1, [("pause", "CL-RETRY-5XX")], id="too late"),
    ],
)
def test_the_first_retry_comes_after_five_seconds(second_try_at_s, expected):
    assert broken(judged(*failures(0), a_record(second_try_at_s))) == expected


def test_a_fourth_retry_is_one_too_many():
    judgements = judged(*failures(0, 5, 15, 30, 45))

    assert broken(judgements) == [("retried-too-often", "CL-RETRY-5XX")]


def test_a_5xx_that_is_never_retried_breaks_the_policy():
    assert broken(judged(*failures(0))) == [("not-retried", "CL-RETRY-5XX")]


def test_a_client_that_was_stopped_may_have_had_a_retry_in_mind():
    assert broken(judged(*failures(0), finished=False)) == []


def test_a_refused_call_is_not_sent_again():
    assert broken(judged(*failures(0, 9, status=400))) == [("retried-final", "CL-RETRY-4XX")]


def test_a_refused_call_that_stands_keeps_the_rule():
    assert kept(judged(*failures(0, status=404))) == {"CL-RETRY-4XX"}


def test_a_call_with_other_ids_after_a_refusal_is_a_mended_call_not_a_retry():
    assert broken(judged(a_record(0, 401, FAILED, vid="xyz"), a_record(1, vid="xyz", sid="abc"))) == []


def test_not_available_is_final():
    assert broken(judged(a_record(0, said=NOT_AVAILABLE), a_record(9, vid="xyz", sid="abc"))) == [
        ("retried-final", "CL-NOTAVAILABLE-FINAL")
    ]


def test_an_update_after_not_available_is_no_retry():
    assert broken(judged(a_record(0, said=NOT_AVAILABLE), an_update(1))) == []


@pytest.mark.parametrize(
    ("retry", "expected"),
    [
        pytest.param({"vid": "from-message"}, [], id="the vid of the message"),
        pytest.param({}, [("loading-vid", "CL-RETRY-LOADING")], id="no vid"),
        pytest.param({"vid": "another"}, [("loading-vid", "CL-RETRY-LOADING")], id="another vid"),
        pytest.param({"vid": "from-message", "sid": "old"}, [("loading-sid", "CL-RETRY-LOADING")], id="a stale sid"),
    ],
)
def test_a_loading_reply_is_retried_with_the_vid_of_its_message_and_no_sid(retry, expected):
    assert broken(judged(a_record(0, 500, LOADING), a_record(5, **retry))) == expected


def test_a_429_is_retried_after_a_second_and_not_before():
    hasty = judged(*failures(0, status=429), a_record(0.5))
    patient = judged(*failures(0, status=429), a_record(60))

    assert broken(hasty) == [("pause", "CL-RETRY-429")]
    assert broken(patient) == []


def test_loading_and_other_5xx_share_one_budget():
    records = [a_record(0, 500, LOADING), *failures(5, 15, 30, 45, vid="from-message")]

    assert broken(judged(*records)) == [("retried-too-often", "CL-RETRY-5XX")]


def test_two_different_updates_after_a_failure_are_two_logical_calls():
    other = {"pageId": "4743822558", "impAttributes": []}
    calls = logical_calls(read(an_update(0, 500), an_update(1, 500, body=other)))

    assert [len(call.tries) for call in calls] == [1, 1]


def test_the_sample_app_may_ask_25_times_a_tenth_of_a_second_apart():
    assert broken(judged(*failures(*(n / 10 for n in range(26))), policy=SAMPLE_APP)) == []
    assert broken(judged(*failures(*(n / 10 for n in range(27))), policy=SAMPLE_APP)) == [
        ("retried-too-often", "CL-RETRY-5XX")
    ]


def test_the_same_bytes_at_once_after_a_kept_connection_died_are_a_resend():
    first = a_record(0, connection="a")
    lost = a_record(1, vid="xyz", sid="abc", connection="a", broken_by="reset")
    again = a_record(1.01, vid="xyz", sid="abc", connection="b")

    calls = logical_calls(read(first, lost, again))

    assert [len(call.tries) for call in calls] == [1, 1]
    assert len(calls[1].tries[0].resends) == 1
    assert "resent by the transport" in timelines(calls)


@pytest.mark.parametrize(
    "again",
    [
        pytest.param({"at_s": 2.4, "connection": "b"}, id="after a pause"),
        pytest.param({"at_s": 1.01, "connection": "b", "headers": {"x-retry": "1"}}, id="with another header"),
    ],
)
def test_anything_else_after_a_lost_reply_is_a_retry(again):
    first = a_record(0, connection="a")
    lost = a_record(1, vid="xyz", sid="abc", connection="a", broken_by="reset")

    calls = logical_calls(read(first, lost, a_record(vid="xyz", sid="abc", **again)))

    assert [len(call.tries) for call in calls] == [1, 2]


def test_a_lost_call_on_a_fresh_connection_was_not_resent_by_a_transport():
    lost, again = a_record(0, connection="a", broken_by="reset"), a_record(0.01, connection="b")

    assert len(logical_calls(read(lost, again))[0].tries) == 2


def test_a_transport_sends_again_only_once():
    calls = {"vid": "xyz", "sid": "abc", "broken_by": "reset"}
    lost = [a_record(1 + n / 100, connection=name, **calls) for n, name in enumerate("abb")]

    assert len(logical_calls(read(a_record(0, connection="a"), *lost))[1].tries) == 2


def test_a_browser_that_asked_for_leave_first_had_a_kept_connection():
    headers = {"origin": "http://page", "sec-fetch-mode": "cors"}
    lost = a_record(0, connection="a", broken_by="reset", headers=headers)

    assert len(logical_calls(read(lost, a_record(0.02, connection="b", headers=headers)))[0].tries) == 1


def test_a_timeline_shows_every_attempt_to_scale():
    drawn = timelines(logical_calls(read(*failures(0, 5, 15), a_record(30, said=AVAILABLE))))

    bar = drawn.splitlines()[1]
    assert drawn.splitlines()[0] == "engagement call, 4 attempts"
    assert bar.count("*") == 4
    assert bar.strip().endswith("30.0 s")
    assert "15.00 s later, POST" in drawn
