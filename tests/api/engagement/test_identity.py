"""Visitors and sessions at both doors: what a second request is, and whose session is whose."""

import pytest

from tests.support.builders import ACCOUNT, NOW_MS, SIX_HOURS_MS
from tests.support.serving.in_process import broken, ids, refusal_of, violations

NO_SID = "sid is required on a second request"
NO_VID = "vid is required on a second request"
WAY_OUT = "send vid and sid of the latest reply, or set second_request=ids"


def test_a_call_without_identifiers_makes_a_new_visitor_and_session(mock, door):
    first, second = ids(door.ask(mock)), ids(door.ask(mock))

    assert first["vid"] != second["vid"]
    assert first["sid"] != second["sid"]


def test_a_live_vid_and_sid_continue_the_session_on_a_new_page(mock, door):
    first = door.ask(mock)

    second = door.ask(mock, **ids(first))

    assert ids(second) == ids(first)
    assert second.json["pageId"] != first.json["pageId"]


def test_a_session_opened_at_one_door_continues_at_the_other(mock):
    opened = ids(mock.js())

    assert ids(mock.rest(**opened)) == opened


@pytest.mark.parametrize(
    "other", ["another-session", "rN82d4rATN6EuiA4cJwaPg.c524460e4432e9f93cf700af590f16ef181f20e6"]
)
def test_a_well_formed_sid_that_does_not_exist_is_replaced(mock, door, other):
    first = ids(door.ask(mock))

    second = ids(door.ask(mock, vid=first["vid"], sid=other))

    assert second["vid"] == first["vid"]
    assert second["sid"] not in (first["sid"], other)


def test_a_session_lives_until_just_before_its_lifetime_is_over(mock, door):
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": NOW_MS})
    opened = ids(door.ask(mock))
    mock.steer("POST", "/clock/advance", {"ms": SIX_HOURS_MS - 1})

    assert ids(door.ask(mock, **opened)) == opened


def test_an_expired_session_is_replaced_for_the_same_visitor(mock, door):
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": NOW_MS})
    opened = ids(door.ask(mock))
    mock.steer("POST", "/clock/advance", {"ms": SIX_HOURS_MS})

    again = ids(door.ask(mock, **opened))

    assert again["vid"] == opened["vid"]
    assert again["sid"] != opened["sid"]


def test_the_lifetime_is_a_rule_of_the_space(mock, door):
    mock.rules(session_lifetime_s=1)
    opened = ids(door.ask(mock))
    mock.wall.now_ms += 1000

    assert ids(door.ask(mock, **opened))["sid"] != opened["sid"]


def test_continuing_a_session_does_not_lengthen_it(mock, door):
    opened = ids(door.ask(mock))
    mock.wall.now_ms += SIX_HOURS_MS - 1
    door.ask(mock, **opened)
    mock.wall.now_ms += 1

    assert ids(door.ask(mock, **opened))["sid"] != opened["sid"]


def test_sid_without_vid_is_refused_whether_it_lives_or_not(mock, door):
    opened = ids(door.ask(mock))

    for sid in (opened["sid"], "never-opened"):
        answer = door.ask(mock, sid=sid)

        assert refusal_of(answer) == (401, 10, NO_VID, ["GE-401-VID"])
        assert broken(answer) == [(door.vid, "GE-401-VID")]


def test_vid_without_sid_is_refused_while_the_visitor_has_a_live_session(mock, door):
    opened = ids(door.ask(mock))

    answer = door.ask(mock, vid=opened["vid"])

    assert refusal_of(answer) == (401, 10, NO_SID, ["GE-401-SID"])
    assert broken(answer) == [(door.sid, "GE-401-SID")]


def test_vid_without_sid_is_accepted_once_the_session_has_expired(mock, door):
    opened = ids(door.ask(mock))
    mock.wall.now_ms += SIX_HOURS_MS

    assert ids(door.ask(mock, vid=opened["vid"]))["vid"] == opened["vid"]


def test_the_session_of_another_visitor_is_refused(mock, door):
    one, other = ids(door.ask(mock)), ids(door.ask(mock))

    answer = door.ask(mock, vid=one["vid"], sid=other["sid"])

    assert refusal_of(answer) == (401, 10, "sid belongs to another visitor than vid", ["GE-401-FOREIGN"])
    assert broken(answer) == [(door.sid, "GE-401-FOREIGN")]


def test_a_vid_that_was_never_handed_out_is_adopted(mock, door):
    answer = ids(door.ask(mock, vid="123", sid="456"))

    assert answer["vid"] == "123"
    assert answer["sid"] != "456"


def test_a_vid_that_was_never_handed_out_can_be_refused(mock, door):
    mock.rules(unknown_visitor="reject")

    answer = door.ask(mock, vid="123", sid="456")

    assert refusal_of(answer) == (401, 10, "vid '123' was never handed out by this server", ["GE-401-UNKNOWN-VISITOR"])
    assert broken(answer) == [(door.vid, "GE-401-UNKNOWN-VISITOR")]


def test_a_vid_that_was_handed_out_is_known_after_its_session_expired(mock, door):
    mock.rules(unknown_visitor="reject")
    opened = ids(door.ask(mock))
    mock.wall.now_ms += SIX_HOURS_MS

    assert door.ask(mock, **opened).status_code == 200


# How the mock recognises a second request that carries neither id.


def test_the_first_reply_sets_the_visitor_cookie(mock, door):
    answer = door.ask(mock)

    assert answer.headers["Set-Cookie"] == f"LPVID={answer.json['visitorId']}; Path=/; SameSite=Lax"


def test_a_reply_to_the_cookie_itself_sets_none(mock, door):
    opened = ids(door.ask(mock))

    answer = door.ask(mock, **opened, headers={"Cookie": f"LPVID={opened['vid']}"})

    assert "Set-Cookie" not in answer.headers


def test_a_consumer_recognised_by_the_cookie_needs_both_ids(mock, door):
    cookie = {"Cookie": f"other=1; LPVID={ids(door.ask(mock))['vid']}"}

    answer = door.ask(mock, headers=cookie)

    reason = f"{NO_SID}, and this caller was recognised by its LPVID cookie: {WAY_OUT}"
    assert refusal_of(answer) == (401, 10, f"{NO_VID}, {reason}", ["GE-401-VID", "GE-401-SID"])
    assert violations(answer) == [
        {"where": door.vid, "what": NO_VID, "clause": "GE-401-VID"},
        {"where": door.sid, "what": reason, "clause": "GE-401-SID"},
    ]
    assert broken(answer) == [(door.vid, "GE-401-VID"), (door.sid, "GE-401-SID")]


@pytest.mark.parametrize("mode", ["cookie", "consumer"])
@pytest.mark.parametrize(("sent", "clause"), [("vid", "GE-401-SID"), ("sid", "GE-401-VID")])
def test_a_recognised_consumer_needs_both_ids_and_not_one_of_them(mock, door, mode, sent, clause):
    mock.rules(second_request=mode)
    opened = ids(door.ask(mock))
    cookie = {"Cookie": f"LPVID={opened['vid']}"}

    answer = door.ask(mock, **{sent: opened[sent]}, headers=cookie)

    assert refusal_of(answer)[0] == 401
    assert clause in [named for _, named in broken(answer)]


@pytest.mark.parametrize("cookie", ["LPVID=stranger", "LPVID=", "LPVID", "lpvid=x", "=;=;", "é"])
def test_a_cookie_that_names_no_visitor_of_ours_makes_no_second_request(mock, door, cookie):
    assert door.ask(mock, headers={"Cookie": cookie.encode().decode("latin-1")}).status_code == 200


def test_the_cookie_of_an_expired_session_makes_no_second_request(mock, door):
    cookie = {"Cookie": f"LPVID={ids(door.ask(mock))['vid']}"}
    mock.wall.now_ms += SIX_HOURS_MS

    assert door.ask(mock, headers=cookie).status_code == 200


def test_by_ids_alone_a_call_with_neither_is_always_the_first(mock, door):
    mock.rules(second_request="ids")
    first = door.ask(mock)

    second = door.ask(mock, headers={"Cookie": f"LPVID={first.json['visitorId']}"})

    assert second.status_code == 200
    assert "Set-Cookie" not in first.headers


def test_of_one_consumer_every_call_after_the_first_200_needs_both_ids(mock, door):
    mock.rules(second_request="consumer")
    refused_first = door.ask(mock, account="a-b")
    opened = ids(door.ask(mock))

    neither, continued = door.ask(mock), door.ask(mock, **opened)

    assert refused_first.status_code == 400
    reason = f"{NO_SID}, and this space has one consumer, who has had a session (second_request=consumer): {WAY_OUT}"
    assert refusal_of(neither) == (401, 10, f"{NO_VID}, {reason}", ["GE-401-VID", "GE-401-SID"])
    assert ids(continued) == opened


def test_one_consumer_may_send_vid_alone_once_its_session_has_expired(mock, door):
    mock.rules(second_request="consumer")
    opened = ids(door.ask(mock))
    mock.wall.now_ms += SIX_HOURS_MS

    assert ids(door.ask(mock, vid=opened["vid"]))["vid"] == opened["vid"]


@pytest.mark.parametrize("mode", ["ids", "cookie", "consumer"])
def test_a_loading_account_is_asked_again_with_the_vid_of_its_message(mock, door, mode):
    mock.rules(second_request=mode, unknown_visitor="reject")
    mock.steer("PUT", "/scenario", {"preset": "loading"})

    first = door.ask(mock)
    status, code, message, _ = refusal_of(first)
    vid = message.rpartition("vid: ")[2]
    second = door.ask(mock, vid=vid)
    third = door.ask(mock, vid=vid)

    assert (status, code, message) == (500, 20, f"Loading account: {ACCOUNT}, vid: {vid}")
    assert refusal_of(second)[:3] == (500, 20, message)
    assert ids(third)["vid"] == vid


def test_a_refused_call_uses_up_no_step_of_a_sequence(mock, door):
    mock.steer("PUT", "/scenario", {"preset": "loading"})

    for _ in range(3):
        assert door.ask(mock, sid="456").status_code == 401
        assert door.ask(mock, account="a-b").status_code == 400
        assert door.ask(mock, headers={"Prefer": "code=299"}).status_code == 400

    assert [door.ask(mock).status_code for _ in range(3)] == [500, 500, 200]


def test_maintenance_is_a_503_for_every_operation_on_engagements(mock, door):
    opened = ids(door.ask(mock))
    mock.steer("PUT", "/scenario", {"preset": "maintenance"})

    for answer in (door.ask(mock), mock.update(opened["vid"], opened["sid"])):
        assert refusal_of(answer)[:3] == (503, 18, "Server temporarily unavailable")


def test_a_call_that_breaks_the_contract_is_told_about_its_identifiers_as_well(mock, door):
    answer = door.ask(mock, sid="456", body={"appType": "WEB"})

    assert refusal_of(answer)[0] == 400
    assert (door.vid, "GE-401-VID") in broken(answer)
