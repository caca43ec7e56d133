"""The admin API about one space: rules, scenario, sessions, faults, clock, seed, reset."""

import json

import pytest

from mockserver.scenarios.documents.files import LONGEST_TEXT
from mockserver.scenarios.faults import MOST_FAULTS
from mockserver.settings import LARGEST_SEED
from mockserver.state.moments import LATEST_MS
from tests.support.builders import NOW_MS
from tests.support.serving.in_process import Mock, ids

DAY_MS = 86_400_000
CLOSED = "scenario: closed\nstubs: [{then: not_available}]\n"


def test_the_rules_of_a_space_are_the_servers_until_it_has_its_own():
    mock = Mock(second_request="ids", accounts=("1", "2"))

    before = mock.steer("GET", "/rules")
    changed = mock.rules(unknown_visitor="reject")
    after = mock.steer("DELETE", "/rules")

    assert before == {
        "second_request": "ids",
        "unknown_visitor": "accept",
        "id_type": "string",
        "expired_offer": "accept",
        "text_members": "refuse",
        "unknown_members": "accept",
        "session_lifetime_s": 21600,
        "accounts": ["1", "2"],
    }
    assert changed == {**before, "unknown_visitor": "reject"}
    assert after == before


def test_rules_that_are_left_out_are_the_servers_again(mock):
    mock.rules(unknown_visitor="reject")

    assert mock.rules(second_request="ids")["unknown_visitor"] == "accept"


@pytest.mark.parametrize(
    "rules",
    [
        {"second_requests": "ids"},
        {"second_request": "never"},
        {"session_lifetime_s": 0},
        {"session_lifetime_s": 21601},
        {"session_lifetime_s": True},
        {"accounts": ["a-b"]},
        [],
    ],
)
def test_rules_that_are_none_are_refused_and_change_nothing(mock, rules):
    before = mock.steer("GET", "/rules")

    answer = mock.admin("PUT", "/rules", rules)

    assert answer.status_code == 400
    assert answer.json["details"]
    assert mock.steer("GET", "/rules") == before


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param({"preset": "not-available"}, id="preset"),
        pytest.param({"scenario": {"scenario": "closed", "stubs": [{"then": "not_available"}]}}, id="document"),
        pytest.param({"text": CLOSED}, id="YAML text"),
    ],
)
def test_a_scenario_is_put_in_force_in_each_form(mock, choice):
    mock.steer("PUT", "/scenario", choice)

    assert mock.js().json["status"] == "NotAvailable"


@pytest.mark.parametrize("media_type", ["application/yaml", "application/x-yaml", "text/yaml; charset=utf-8"])
def test_a_scenario_file_is_put_in_force_as_it_is(mock, media_type):
    mock.steer("PUT", "/scenario", data=CLOSED.encode(), content_type=media_type)

    assert mock.js().json["status"] == "NotAvailable"
    assert mock.steer("GET", "/scenario")["text"] == CLOSED


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"scenario: x\nstub: []\n", "admin:2:1", id="misspelt key"),
        pytest.param(b"\xff\xfe", "the body is not UTF-8: invalid start byte at byte 0", id="other encoding"),
        pytest.param(b"", "admin", id="nothing"),
    ],
)
def test_a_scenario_file_that_is_none_is_refused(mock, data, says):
    answer = mock.admin("PUT", "/scenario", data=data, content_type="application/yaml")

    assert answer.status_code == 400
    assert says in answer.json["error"]


def test_a_scenario_file_without_its_media_type_is_refused_with_the_right_one(mock):
    answer = mock.admin("PUT", "/scenario", data=CLOSED.encode(), content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 415
    assert answer.json["error"].startswith("the Content-Type must be application/json or application/yaml or")


def test_the_scenario_in_force_is_shown_with_its_text_and_source(mock):
    mock.steer("PUT", "/scenario", {"text": CLOSED})

    assert mock.steer("GET", "/scenario") == {
        "name": "closed",
        "description": "",
        "source": "admin",
        "stubs": ["stub 1"],
        "text": CLOSED,
    }


def test_a_scenario_is_taken_back(mock):
    mock.steer("PUT", "/scenario", {"text": CLOSED})

    shown = mock.steer("DELETE", "/scenario")

    assert (shown["name"], shown["source"]) == ("available", "available")
    assert mock.js().json["status"] == "Available"


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        pytest.param({"preset": "loadin"}, "did you mean 'loading'?", id="unknown preset"),
        pytest.param({}, "", id="nothing"),
        pytest.param({"preset": "loading", "text": CLOSED}, "", id="two at once"),
        pytest.param({"text": "scenario: x\nstub: []\n"}, "admin:2:1", id="misspelt key with its place"),
        pytest.param({"text": "scenario: x\nstub: []\n"}, "did you mean 'stubs'?", id="misspelt key with its meaning"),
        pytest.param({"text": "a: [\n"}, "not YAML", id="no YAML"),
        pytest.param({"text": "!!python/object/apply:os.system [ls]"}, "admin:1", id="a tag that runs code"),
        pytest.param({"scenario": {}}, "scenario", id="an empty document"),
    ],
)
def test_a_scenario_that_is_none_is_refused_and_changes_nothing(mock, choice, says):
    mock.steer("PUT", "/scenario", {"preset": "loading"})

    answer = mock.admin("PUT", "/scenario", choice)

    assert answer.status_code == 400
    assert says in answer.json["error"]
    assert mock.steer("GET", "/scenario")["name"] == "loading"


def test_all_mistakes_of_a_scenario_are_told_at_once(mock):
    answer = mock.admin("PUT", "/scenario", {"scenario": {"scenari": "a", "stubs": [{"then": 1}, {"wehn": {}}]}})

    assert answer.status_code == 400
    assert [detail["where"] for detail in answer.json["details"]] == [
        "scenari", "stubs[0].then", "stubs[1]", "stubs[1].wehn"
    ]  # fmt: skip
    assert answer.json["error"].count("\n") == 3


def test_all_mistakes_of_faults_are_told_at_once(mock):
    answer = mock.admin("PUT", "/faults", {"faults": [{"dellay": {}}, {"delay": {"ms": -1}}]})

    assert [detail["where"] for detail in answer.json["details"]] == ["faults[0].dellay", "faults[1].delay.ms"]


LONGEST = "scenario: long\nstubs: [{then: not_available}]\n#"


@pytest.mark.parametrize("filling", ["x", '"', "\u00e9"], ids=["plain", "escaped", "escaped to three times its size"])
def test_a_scenario_may_be_as_long_by_the_admin_api_as_in_a_file(mock, filling):
    room = LONGEST_TEXT - len(LONGEST)
    text = LONGEST + filling * (room // len(filling.encode()))

    answers = [
        mock.ask("PUT", "/__admin/scenario", data=json.dumps({"text": sent}), content_type="application/json")
        for sent in (text, f"{text}  ")
    ]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert f"longer than the {LONGEST_TEXT} bytes" in answers[1].json["error"]


def test_a_document_that_fits_is_not_made_too_long_by_how_it_is_shown(mock):
    stubs = [{"when": {"account": str(n)}, "then": {"offer": {"skillName": "S" * 380}}} for n in range(9_000)]

    mock.play(*stubs)

    assert mock.steer("GET", "/scenario")["text"].count("\n") == 0


def test_putting_a_scenario_starts_its_sequences_over(mock):
    rounds = []
    for _ in range(2):
        mock.steer("PUT", "/scenario", {"preset": "loading"})
        rounds.append([mock.js().status_code for _ in range(3)])

    assert rounds == [[500, 500, 200]] * 2


def test_a_sequence_can_follow_the_clock(mock):
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": NOW_MS})
    mock.play({"then": [{"error": "loading", "for_ms": 1000}, {"offer": {}}]})

    statuses = []
    for step_ms in (0, 999, 1):
        mock.steer("POST", "/clock/advance", {"ms": step_ms})
        statuses.append(mock.js().status_code)

    assert statuses == [500, 500, 200]


def test_opening_hours_follow_the_clock(mock):
    mock.steer("PUT", "/scenario", {"preset": "office-hours"})
    tuesday_noon_in_berlin = 1_469_526_000_000  # 2016-07-26 11:40 in Berlin

    replies = []
    for now_ms in (tuesday_noon_in_berlin, tuesday_noon_in_berlin + DAY_MS // 2):
        mock.steer("PUT", "/clock", {"frozen": True, "now_ms": now_ms})
        replies.append(mock.js().json["status"])

    assert replies == ["Available", "NotAvailable"]


def test_sessions_are_listed_oldest_first_with_what_was_offered(mock):
    opened = [ids(mock.js()) for _ in range(3)]
    mock.js(opened[0])

    sessions = mock.steer("GET", "/sessions")["sessions"]

    assert [session["session"] for session in sessions] == [one["sid"] for one in opened]
    assert [session["calls"] for session in sessions] == [2, 1, 1]
    assert sessions[0]["contexts"] == {"1": NOW_MS + 900_000}
    assert sessions[0]["live"] is True


def test_sessions_are_forgotten_and_no_id_is_made_twice(mock):
    opened = ids(mock.js())

    mock.steer("DELETE", "/sessions")

    assert mock.steer("GET", "/sessions") == {"sessions": []}
    assert ids(mock.js())["vid"] != opened["vid"]


def test_faults_hold_for_every_call_of_the_contract_until_they_are_switched_off(mock):
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 503}}, {"delay": {"ms": 1}}]})
    shown = mock.steer("GET", "/faults")

    slow = [mock.js(), mock.js({"appType": "WEB"}), mock.ask("GET", "/nothing")]
    mock.steer("DELETE", "/faults")

    assert shown == {"faults": [{"status": {"code": 503}}, {"delay": {"ms": 1}}]}
    assert [answer.status_code for answer in slow] == [503, 503, 404]
    assert [exchange["reply"]["delay_ms"] for exchange in mock.journal()] == [1, 1, 0]
    assert mock.js().status_code == 200


@pytest.mark.parametrize(
    "faults", [[{"delai": {"ms": 1}}], [{}], [{"delay": {"ms": 1}, "status": {"code": 500}}], {}, [{"delay": {}}]]
)
def test_a_fault_that_is_none_is_refused(mock, faults):
    assert mock.admin("PUT", "/faults", {"faults": faults}).status_code == 400
    assert mock.steer("GET", "/faults") == {"faults": []}


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/rules", lambda told: told),
        ("/seed", lambda told: told),
        ("/faults", lambda told: told),
        ("/clock", lambda told: {"frozen": told["frozen"], "now_ms": told["now_ms"]}),
        ("/scenario", lambda told: {"text": told["text"]}),
    ],
)
def test_what_is_shown_can_be_put_back(path, sent):
    mock = Mock(seed=LARGEST_SEED, accounts=("9" * 20,) * 1000, session_lifetime_s=21600)
    mock.steer("PUT", "/faults", {"faults": [{"delay": {"ms": 0}}] * MOST_FAULTS})
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": LATEST_MS})
    shown = mock.steer("GET", path)

    assert mock.steer("PUT", path, sent(shown)).items() >= {k: v for k, v in shown.items() if k != "source"}.items()


@pytest.mark.parametrize("seed", [-1, 2**53, 1.5, "7", None])
def test_a_seed_that_is_none_is_refused(mock, seed):
    assert mock.admin("PUT", "/seed", {"seed": seed}).status_code == 400


def test_a_reset_makes_the_space_as_new(mock):
    opened = ids(mock.js())
    before = mock.journal()[0]["reply"]
    mock.rules(second_request="ids")
    mock.steer("PUT", "/scenario", {"preset": "loading"})
    mock.steer("PUT", "/clock", {"frozen": True, "now_ms": 5})
    mock.steer("PUT", "/faults", {"faults": [{"delay": {"ms": 1}}]})
    mock.steer("PUT", "/seed", {"seed": 8})

    mock.steer("POST", "/reset")

    assert mock.journal() == []
    assert ids(mock.js()) == opened
    assert mock.journal()[0]["reply"] == before
