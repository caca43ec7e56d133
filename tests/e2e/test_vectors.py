"""The test vectors T1 to T16 of getEngagement, and who counts as a second caller, in every way of serving.

Each request meets another worker than the one before, so nothing that a vector needs can live in one process.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.documented import ACCOUNT, DETAILS, DOCUMENTED_CALL, DOCUMENTED_NOT_AVAILABLE, DOCUMENTED_REPLY
from tests.support.serving.pinned import in_turns
from tests.support.serving.running import running

#: Ways of serving: how many workers, and which store they share.
WAYS = {"memory": 1, "sqlite": 2, "lmdb": 2, "redis": 2}


@pytest.fixture(scope="module", params=WAYS)
def way(request):
    return request.param


@pytest.fixture(scope="module")
def served(way, request, tmp_path_factory):
    if way == "redis":
        store = request.getfixturevalue("redis_server").url
    else:
        store = "memory:" if way == "memory" else f"{way}:{tmp_path_factory.mktemp(way)}/state"
    with running("--workers", WAYS[way], "--store", store) as server:
        yield server


@pytest.fixture
def workers(served, way):
    with in_turns(served, WAYS[way]) as turns:
        yield turns


@dataclass(frozen=True)
class Consumer:
    """Asks at one door of one space."""

    ask: Any
    space: str
    door: str

    def call(self, body=None, *, vid=None, sid=None, version="1.0", cookie=None):
        headers = {"Cookie": f"LPVID={cookie}"} if cookie else {}
        body = {"appType": "EXTERNAL"} if body is None else body
        if self.door == "js":
            ids = {name: value for name, value in (("vid", vid), ("sid", sid)) if value is not None}
            return self._send(f"/api/account/{ACCOUNT}/getEngagement", {**body, **ids}, headers)
        query = "&".join(f"{name}={value}" for name, value in (("v", version), ("sid", sid)) if value is not None)
        path = f"/api/account/{ACCOUNT}/app/engagement/visitors/{vid or ''}?{query}"
        return self._send(path, body, headers)

    def arrive(self):
        """Make a first call, and return its reply."""
        answer = self.call()
        assert answer.status == 200
        return answer.json

    def steer(self, method, path, body=None):
        answer = self.ask(method, f"/__space/{self.space}/__admin{path}", json_body=body)
        assert answer.status in (200, 204), answer.body
        return answer.json if answer.body else None

    def play(self, preset):
        self.steer("PUT", "/scenario", {"preset": preset})

    def _send(self, path, body, headers):
        return self.ask("POST", f"/__space/{self.space}{path}", json_body=body, headers=headers)


@pytest.fixture(params=["js", "rest"])
def consumer(request, workers, space):
    return Consumer(workers, space, request.param)


@pytest.fixture
def at_js_door(workers, space):
    return Consumer(workers, space, "js")


@pytest.fixture
def at_rest_door(workers, space):
    return Consumer(workers, space, "rest")


def refusal(answer):
    return answer.status, answer.json["internalCode"]


def test_t1_a_first_call_is_offered_the_documented_engagement_under_new_ids(consumer):
    answer = consumer.call()

    reply = answer.json
    assert (answer.status, reply["status"]) == (200, "Available")
    assert reply["engagementDetails"] == DETAILS
    assert len(reply["visitorId"]) == len(reply["sessionId"]) == 22
    assert reply["visitorId"] != reply["sessionId"]
    assert reply["pageId"].isdecimal()


def test_t2_with_no_agent_online_there_are_ids_and_no_details(consumer):
    consumer.play("not-available")

    answer = consumer.call()

    assert (answer.status, answer.json["status"]) == (200, "NotAvailable")
    assert answer.json.keys() == {"status", "sessionId", "visitorId", "pageId"}


def test_t3_both_ids_continue_the_session(consumer):
    first = consumer.arrive()

    second = consumer.call(vid=first["visitorId"], sid=first["sessionId"])

    assert second.status == 200
    assert (second.json["visitorId"], second.json["sessionId"]) == (first["visitorId"], first["sessionId"])


def test_t4_an_expired_session_is_replaced_for_the_same_visitor(consumer):
    first = consumer.arrive()
    consumer.steer("POST", "/clock/advance", {"ms": 6 * 60 * 60 * 1000})

    second = consumer.call(vid=first["visitorId"], sid=first["sessionId"])

    assert (second.status, second.json["visitorId"]) == (200, first["visitorId"])
    assert second.json["sessionId"] != first["sessionId"]


def test_t5_a_session_without_its_visitor_is_refused(consumer):
    first = consumer.arrive()

    assert refusal(consumer.call(sid=first["sessionId"])) == (401, 10)


def test_t6_a_visitor_with_a_live_session_must_name_it(consumer):
    first = consumer.arrive()

    assert refusal(consumer.call(vid=first["visitorId"])) == (401, 10)


def test_t7_the_session_of_another_visitor_is_refused(consumer):
    mine, theirs = consumer.arrive(), consumer.arrive()

    assert refusal(consumer.call(vid=mine["visitorId"], sid=theirs["sessionId"])) == (401, 10)


@pytest.mark.parametrize("app_type", ["IVR", "WEB"])
def test_t8_an_unknown_app_type_is_refused(consumer, app_type):
    assert refusal(consumer.call({"appType": app_type})) == (400, 5)


def test_t9_no_app_type_stands_for_external_at_the_js_door(at_js_door):
    assert at_js_door.call({}).status == 200


def test_t9_no_app_type_is_refused_at_the_rest_door(at_rest_door):
    assert refusal(at_rest_door.call({})) == (400, 5)


@pytest.mark.parametrize("version", ["2.0", "one", None])
def test_t10_a_version_other_than_1_0_is_illegal(at_rest_door, version):
    answer = at_rest_door.call(version=version)

    assert (*refusal(answer), answer.json["message"]) == (400, 33, "Illegal Version")


@pytest.mark.parametrize(("member", "value"), [("os", "AMIGA"), ("deviceFamily", "PHONE"), ("ipAddress", "999.1.1.1")])
def test_t11_a_bad_member_of_app_details_is_refused_by_its_name(consumer, member, value):
    answer = consumer.call({"appType": "EXTERNAL", "appDetails": {member: value}})

    assert (*refusal(answer), answer.json["message"]) == (400, 5, f"appDetails.{member}")


def test_t12_an_impression_event_is_no_engagement_attribute(consumer):
    answer = consumer.call({"appType": "EXTERNAL", "engagementAttributes": [{"type": "impDisplay"}]})

    assert refusal(answer) == (400, 5)


def test_t13_a_loading_account_names_the_visitor_to_retry_with(consumer):
    consumer.play("loading")

    first = consumer.call()
    told, _, vid = first.json["message"].rpartition(", vid: ")
    second = consumer.call(vid=vid)
    third = consumer.call(vid=vid)

    assert (*refusal(first), told) == (500, 20, f"Loading account: {ACCOUNT}")
    assert (*refusal(second), second.json["message"]) == (500, 20, first.json["message"])
    assert (third.status, third.json["visitorId"]) == (200, vid)


def test_t14_an_authenticated_engagement_has_a_connector(consumer):
    consumer.play("authenticated")

    assert consumer.arrive()["engagementDetails"] == {**DETAILS, "connectorId": "568046210"}


def test_t15_an_engagement_without_a_skill_names_none(consumer):
    consumer.play("no-skill")

    details = consumer.arrive()["engagementDetails"]

    assert details.keys() == DETAILS.keys() - {"skillId", "skillName"}


def test_t16_an_ipv6_address_is_accepted(consumer):
    assert consumer.call({"appType": "EXTERNAL", "appDetails": {"ipAddress": "2001:db8::8a2e:370:7334"}}).status == 200


def test_p3_by_ids_alone_a_caller_without_ids_is_always_new(consumer):
    consumer.steer("PUT", "/rules", {"second_request": "ids"})
    first = consumer.arrive()

    second = consumer.call(cookie=first["visitorId"])

    assert second.status == 200
    assert second.json["visitorId"] != first["visitorId"]


def test_p3_by_cookie_a_caller_who_brings_it_back_must_name_both_ids(consumer):
    consumer.steer("PUT", "/rules", {"second_request": "cookie"})
    answer = consumer.call()
    vid, sid = answer.json["visitorId"], answer.json["sessionId"]

    assert answer.headers["Set-Cookie"].startswith(f"LPVID={vid};")
    assert refusal(consumer.call(cookie=vid)) == (401, 10)
    assert refusal(consumer.call(cookie=vid, vid=vid)) == (401, 10)
    assert refusal(consumer.call(cookie=vid, sid=sid)) == (401, 10)
    assert consumer.call(cookie=vid, vid=vid, sid=sid).status == 200
    assert consumer.call().status == 200, "without the cookie it is somebody new"


def test_p3_with_one_consumer_every_later_caller_must_name_both_ids(consumer):
    consumer.steer("PUT", "/rules", {"second_request": "consumer"})
    first = consumer.arrive()
    vid, sid = first["visitorId"], first["sessionId"]

    assert refusal(consumer.call()) == (401, 10)
    assert refusal(consumer.call(vid=vid)) == (401, 10)
    assert refusal(consumer.call(sid=sid)) == (401, 10)
    assert consumer.call(vid=vid, sid=sid).status == 200


@pytest.mark.parametrize("missing", ["vid", "sid"])
def test_p4_a_refusal_names_the_identifier_and_its_clause(consumer, missing):
    first = consumer.arrive()
    ids = {"vid": first["visitorId"], "sid": first["sessionId"], missing: None}

    answer = consumer.call(**ids)

    assert answer.json["message"] == f"{missing} is required on a second request"
    assert answer.headers["Mock-Clause"] == f"GE-401-{missing.upper()}"


def test_p6_the_documented_call_is_answered_with_the_documented_details(at_js_door):
    answer = at_js_door.call(DOCUMENTED_CALL)

    assert (answer.status, answer.json["engagementDetails"]) == (200, DETAILS)
    assert answer.json["visitorId"] == "123"
    assert answer.json["sessionId"] not in ("456", "123")


def test_p6_unknown_visitors_can_be_refused(at_js_door):
    at_js_door.steer("PUT", "/rules", {"unknown_visitor": "reject"})

    assert refusal(at_js_door.call(DOCUMENTED_CALL)) == (401, 10)


@pytest.mark.parametrize(
    ("preset", "reply"),
    [("documented-example", DOCUMENTED_REPLY), ("documented-not-available", DOCUMENTED_NOT_AVAILABLE)],
)
def test_the_documented_replies_come_byte_for_byte(at_js_door, preset, reply):
    at_js_door.play(preset)

    answer = at_js_door.call(DOCUMENTED_CALL)

    assert (answer.status, answer.body) == (200, reply)


def test_the_same_seed_and_calls_give_the_same_bytes_whoever_answers(workers, space):
    def visit():
        consumer = Consumer(workers, space, "js")
        consumer.steer("POST", "/reset")
        consumer.steer("PUT", "/seed", {"seed": 7})
        return [consumer.call().body for _ in range(3)]

    assert visit() == visit()


def test_a_verification_sees_every_reply_that_was_sent_before_it(at_js_door):
    missed = []
    for number in range(1, 201):
        exchange = at_js_door.call().headers["Mock-Exchange"]
        verdict = at_js_door.steer("POST", "/journal/verify", {"match": {"status": 200}, "exactly": number})
        if not verdict["verified"] or exchange != str(number):
            missed.append(verdict)

    assert missed == []


def test_every_worker_had_its_share(workers, space, way):
    consumer = Consumer(workers, space, "js")
    for _ in range(WAYS[way]):
        consumer.arrive()

    journal = consumer.steer("GET", "/journal")

    assert len(workers.answered) == WAYS[way]
    assert len({exchange["call"]["connection"] for exchange in journal["exchanges"]}) == WAYS[way]
