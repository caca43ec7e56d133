import json

import pytest

from mockserver.apis.engagement.outcomes import NotAvailable, Offer
from mockserver.apis.engagement.outcomes.error import NAMED_ERRORS
from mockserver.errors import ScenarioError
from mockserver.scenarios.faults.delay import Delay
from mockserver.scenarios.outcomes import ContractError, Verbatim
from mockserver.scenarios.outcomes.sequence import Step
from mockserver.scenarios.reading.loading import load_scenario
from tests.support.scenario_fakes import ASKING, DEFAULT_ENGAGEMENT, VOCABULARY, a_matcher

JSON_TYPE = ("Content-Type", "application/json")


def load(text):
    return load_scenario(text, "my.yaml", VOCABULARY)


def loaded_stub(document):
    [stub] = load(json.dumps({"scenario": "test", "stubs": [document]})).stubs
    return stub


def outcome(then, when=None):
    return loaded_stub({"when": when or {}, "then": then}).steps[0].outcome


def refusal(document):
    """Return what is said about a stub, without the position."""
    with pytest.raises(ScenarioError) as caught:
        loaded_stub(document)
    _source, _line, _column, message = str(caught.value).split(":", 3)
    return message.strip()


class TestScenario:
    def test_name_description_and_ids_are_read(self):
        scenario = load(
            "scenario: mine\ndescription: A sentence.\nids: {visitor: xyz, session: abc, page: '1'}\nstubs: []"
        )

        assert (scenario.name, scenario.description) == ("mine", "A sentence.")
        assert scenario.ids == {"visitor": "xyz", "session": "abc", "page": "1"}
        assert scenario.stubs == ()

    def test_ids_are_left_to_the_seed_unless_they_are_fixed(self):
        assert load("{scenario: a, stubs: []}").ids == {}

    def test_stubs_without_a_name_are_numbered(self):
        scenario = load(
            "{scenario: a, stubs: [{then: not_available}, {name: b, then: not_available}, {then: {offer: {}}}]}"
        )

        assert [stub.name for stub in scenario.stubs] == ["stub 1", "b", "stub 3"]

    def test_yaml_and_json_with_the_same_meaning_have_the_same_digest(self):
        as_yaml = load("# a comment\nscenario: a\nstubs:\n  - then: not_available\n")
        as_json = load('{"scenario": "a", "stubs": [{"then": "not_available"}]}')

        assert as_yaml.digest == as_json.digest

    def test_another_order_of_members_has_another_digest_because_replies_show_it(self):
        one = load("{scenario: a, stubs: [{then: {offer: {x: 1, y: 2}}}]}")
        other = load("{scenario: a, stubs: [{then: {offer: {y: 2, x: 1}}}]}")

        assert one.digest != other.digest

    def test_ten_thousand_stubs_are_read(self):
        stubs = [{"when": {"account": str(n)}, "then": {"offer": {"skillName": f"S{n}"}}} for n in range(10_000)]

        scenario = load(json.dumps({"scenario": "many", "stubs": stubs}))

        assert len(scenario.stubs) == 10_000

    def test_more_are_refused(self):
        stubs = [{"then": "not_available"}] * 10_001

        with pytest.raises(ScenarioError) as caught:
            load(json.dumps({"scenario": "many", "stubs": stubs}))

        assert str(caught.value) == "my.yaml:1:31: stubs: wanted at most 10000 stubs, got 10001"


class TestPositions:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            pytest.param(
                "scenario: a\nstubs:\n  - when:\n      acount: '1'\n    then: not_available\n",
                "my.yaml:4:7: stubs[0].when.acount: unknown key 'acount'; did you mean 'account'? "
                "Valid keys: operation, "
                "door, account, visitor, session, first_call, app_type, consumer_sections, app_details, "
                "engagement_attributes, headers, open_hours",
                id="an unknown key is pointed at",
            ),
            pytest.param(
                "scenario: a\nstubs:\n  - when: {account: 56072331}\n    then: not_available\n",
                "my.yaml:3:21: stubs[0].when.account: wanted text, got the number 56072331; "
                "put it in quotes: '56072331'",
                id="a wrong value is pointed at",
            ),
            pytest.param(
                "scenario: a\nstubs:\n  - name: b\n",
                "my.yaml:3:5: stubs[0]: the key 'then' is missing",
                id="a missing key is pointed at by its mapping",
            ),
            pytest.param("[]", "my.yaml:1:1: wanted a mapping, got a list", id="the document itself"),
            pytest.param("scenario: a\n", "my.yaml:1:1: the key 'stubs' is missing", id="a missing key at the top"),
            pytest.param(
                "scenario: a\nstub: []\n",
                "my.yaml:2:1: stub: unknown key 'stub'; did you mean 'stubs'? "
                "Valid keys: scenario, description, ids, stubs",
                id="an unknown key at the top",
            ),
            pytest.param(
                "scenario: a\nids: {visitor: '!'}\nstubs: []\n",
                "my.yaml:2:16: ids.visitor: breaks the contract: '!' is no VisitorId",
                id="an id against the contract",
            ),
            pytest.param(
                "scenario: a\ndescription: yes\nscenario: b\nstubs: []",
                "my.yaml:3:1: scenario: this key stands twice, first in line 1; keep one of them",
                id="a key given twice",
            ),
        ],
    )
    def test_a_message_names_source_line_column_and_path(self, text, message):
        with pytest.raises(ScenarioError) as caught:
            load(text)

        assert str(caught.value) == message


class TestMistakes:
    def told(self, text):
        with pytest.raises(ScenarioError) as caught:
            load(text)
        return str(caught.value).splitlines()

    def test_all_are_told_in_the_order_of_the_document(self):
        text = (
            "scenario: [a]\nids: {visitor: '!', page: 5}\nstubs:\n"
            "  - when: {acount: '1', first_call: 'yes', open_hours: {monday: [9-17]}}\n"
            "    then: {offer: {skilName: null}}\n"
            "  - {}\n"
        )

        assert [line.split(": ")[1] for line in self.told(text)] == [
            "scenario",
            "ids.visitor",
            "ids.page",
            "stubs[0].when.acount",
            "stubs[0].when.first_call",
            "stubs[0].when.open_hours",
            "stubs[0].when.open_hours.monday[0]",
            "stubs[0].then.offer.skilName",
            "stubs[1]",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("scenario: a\nstub: []", id="no second word about the key that is missing for it"),
            pytest.param("scenario: a\nstubs: [{then: {ofer: {}}}]", id="nor about the outcome"),
            pytest.param(
                "scenario: a\nstubs: [{when: {operation: x}, then: {error: loading}}]", id="nor what hangs on it"
            ),
            pytest.param("scenario: a\nstubs: [{then: {reply: {status: x, body: {}}}}]", id="nor about the reply"),
            pytest.param(
                "scenario: a\nstubs: [{then: {error: {status: x, internalCode: 1}}}]", id="nor about the error"
            ),
            pytest.param("scenario: a\nstubs: [{name: 1, then: not_available}]", id="nor about the form of a name"),
            pytest.param("scenario: a\nstubs: [{when: {account: [1]}, then: not_available}]", id="nor about the texts"),
            pytest.param(
                "scenario: a\nstubs: [{then: not_available, faults: [{delay: {ms: 1}, window: {frist: 1}}]}]",
                id="nor about the window",
            ),
            pytest.param("scenario: a\nstubs: [{then: *a}]", id="nor about what stands where nothing can be read"),
        ],
    )
    def test_what_follows_from_a_mistake_is_not_told_as_another(self, text):
        assert len(self.told(text)) == 1

    def test_keys_that_are_missing_are_told_together(self):
        assert self.told("{}") == ["my.yaml:1:1: the keys 'scenario' and 'stubs' are missing"]

    def test_what_stands_behind_a_syntax_error_cannot_be_told(self):
        assert self.told("scenario: a\nscenario: b\nstubs: }") == [
            "my.yaml:2:1: scenario: this key stands twice, first in line 1; keep one of them",
            "my.yaml:3:8: this is not YAML: did not find expected node content",
        ]

    def test_of_very_many_the_first_twenty_are_told(self):
        told = self.told("scenario: a\nstubs:\n" + "  - {then: 1}\n" * 100)

        assert len(told) == 21
        assert told[-1] == "my.yaml: these are the first 20 mistakes; mend them to see the rest"

    def test_each_is_a_value_of_its_own_for_programs(self):
        with pytest.raises(ScenarioError) as caught:
            load("scenario: a\nstubs: [{than: 1}, {then: 2}]")

        assert [(mistake.where, mistake.position) for mistake in caught.value.mistakes] == [
            ("stubs[0].than", (2, 10)),
            ("stubs[1].then", (2, 27)),
        ]


class TestWhen:
    @pytest.mark.parametrize(
        ("when", "operations"),
        [
            pytest.param({}, ASKING, id="by default those that ask for an engagement"),
            pytest.param({"operation": "updateSession"}, ("updateSession",), id="one"),
            pytest.param({"operation": ["updateSession", "getDomain"]}, ("updateSession", "getDomain"), id="several"),
            pytest.param({"door": "js"}, ("getEngagement",), id="those behind the JS door"),
            pytest.param(
                {"door": "rest"}, ("createFirstSession", "createSession", "updateSession"), id="behind the REST door"
            ),
            pytest.param(
                {"door": "rest", "operation": ["getEngagement", "createSession"]},
                ("createSession",),
                id="those that door and operation have in common",
            ),
        ],
    )
    def test_a_matcher_is_about_these_operations(self, when, operations):
        stub = loaded_stub({"when": when, "then": {"error": {"status": 400, "internalCode": 5}}})

        assert stub.matcher.operation.names == operations

    def test_every_condition_is_read(self):
        when = {
            "account": ["1", "2"],
            "visitor": "xyz",
            "session": "abc",
            "first_call": False,
            "app_type": "MSDK",
            "consumer_sections": ["Support"],
            "app_details": {"os": "IOS"},
            "engagement_attributes": [{"type": "cart"}],
            "headers": {"X-Tenant": "blue"},
        }

        assert loaded_stub({"when": when, "then": "not_available"}).matcher == a_matcher(
            account=("1", "2"),
            visitor=("xyz",),
            session=("abc",),
            first_call=False,
            app_type=("MSDK",),
            consumer_sections=("Support",),
            app_details={"os": "IOS"},
            engagement_attributes=({"type": "cart"},),
            headers={"x-tenant": "blue"},
        )

    def test_open_hours_are_read(self):
        when = {"open_hours": {"timezone": "UTC", "monday": ["09:00-17:00"]}}

        [open_hours] = loaded_stub({"when": when, "then": "not_available"}).matcher.conditions

        assert open_hours.written() == "Monday 09:00-17:00 UTC"

    @pytest.mark.parametrize(
        ("when", "message"),
        [
            pytest.param(
                {"operation": "getEngagment"},
                "stubs[0].when.operation: unknown operation 'getEngagment'; did you mean 'getEngagement'? "
                "Valid values: "
                "getEngagement, createFirstSession, createSession, updateSession, getDomain",
                id="unknown operation",
            ),
            pytest.param(
                {"operation": ["getEngagement", 5]},
                "stubs[0].when.operation[1]: wanted text, got the number 5; put it in quotes: '5'",
                id="operation that is no text",
            ),
            pytest.param(
                {"operation": []},
                "stubs[0].when.operation: no operation is left that could match",
                id="no operation",
            ),
            pytest.param(
                {"door": "js", "operation": "createSession"},
                "stubs[0].when.operation: the js door has getEngagement; no operation is left that could match",
                id="operation of the other door",
            ),
            pytest.param(
                {"door": "front"},
                "stubs[0].when.door: unknown door 'front'. Valid values: js, rest",
                id="unknown door",
            ),
            pytest.param(
                {"account": []},
                "stubs[0].when.account: wanted a text or a list of at least one, got a list",
                id="no alternative",
            ),
            pytest.param(
                {"account": "not-an-account"},
                "stubs[0].when.account: no call can meet this, the contract forbids it: "
                "'not-an-account' is no AccountId",
                id="account that cannot be",
            ),
            pytest.param(
                {"app_type": "WEB"},
                "stubs[0].when.app_type: no call can meet this, the contract forbids it: "
                "appType is one of MSDK, EXTERNAL",
                id="app type that cannot be",
            ),
            pytest.param(
                {"app_details": {"osVersion": 15}},
                "stubs[0].when.app_details: no call can meet this, the contract forbids it: osVersion is no text",
                id="details that cannot be",
            ),
            pytest.param(
                {"first_call": "yes"},
                "stubs[0].when.first_call: wanted true or false, got the text 'yes'",
                id="a word of YAML 1.1",
            ),
            pytest.param(
                {"engagement_attributes": ["cart"]},
                "stubs[0].when.engagement_attributes[0]: wanted a mapping, got the text 'cart'",
                id="attribute that is no mapping",
            ),
            pytest.param(
                {"headers": {"x-tenant": True}},
                "stubs[0].when.headers.x-tenant: wanted text, got true; put it in quotes: 'true'",
                id="header that is no text",
            ),
            pytest.param(None, "stubs[0].when: wanted a mapping, got nothing", id="nothing"),
        ],
    )
    def test_conditions_that_cannot_be_read_or_met_are_refused(self, when, message):
        assert refusal({"when": when, "then": "not_available"}) == message


class TestOffer:
    def test_an_empty_offer_is_the_default_engagement(self):
        assert outcome({"offer": {}}) == Offer(DEFAULT_ENGAGEMENT)

    def test_members_override_the_default_in_place_and_others_follow_the_contract_then_the_document(self):
        details = outcome({"offer": {"zebra": 1, "connectorId": "5", "apple": 2, "language": "de-DE"}}).details

        assert details["language"] == "de-DE"
        assert list(details) == [*DEFAULT_ENGAGEMENT, "connectorId", "zebra", "apple"]

    def test_null_removes_a_member(self):
        details = outcome({"offer": {"skillId": None, "skillName": None}}).details

        assert list(details) == list(DEFAULT_ENGAGEMENT)[:-2]

    def test_null_for_a_member_that_the_default_lacks_removes_nothing(self):
        assert outcome({"offer": {"connectorId": None}}).details == DEFAULT_ENGAGEMENT

    def test_a_deviation_on_purpose_is_offered(self):
        offered = outcome({"offer": {"skillId": "many", "skill_name": "x"}, "off_contract": True})

        assert offered == Offer({**DEFAULT_ENGAGEMENT, "skillId": "many", "skill_name": "x"}, off_contract=True)

    @pytest.mark.parametrize(
        ("then", "message"),
        [
            pytest.param(
                {"offer": {"skillId": "many"}},
                "stubs[0].then.offer: the offer breaks the contract: skillId is no number. "
                "Mend it, or put off_contract: true beside offer if it is meant",
                id="against the contract",
            ),
            pytest.param(
                {"offer": dict.fromkeys(list(DEFAULT_ENGAGEMENT)[:5])},
                "stubs[0].then.offer: the offer breaks the contract: campaignId is missing; engagementId is missing; "
                "contextId is missing; and 2 more. Mend it, or put off_contract: true beside offer if it is meant",
                id="against the contract in many places",
            ),
            pytest.param(
                {"offer": {"skill_name": "Sales"}},
                "stubs[0].then.offer.skill_name: the contract spells this member 'skillName'; "
                "if another member is meant, put off_contract: true beside offer",
                id="another spelling",
            ),
            pytest.param(
                {"offer": {"skilName": None}},
                "stubs[0].then.offer.skilName: there is no 'skilName' to remove; did you mean 'skillName'? "
                "Valid members: "
                "campaignId, engagementId, contextId, windowId, language, engagementRevision, validForSeconds, "
                "skillId, "
                "skillName, connectorId",
                id="nothing to remove",
            ),
            pytest.param({"offer": []}, "stubs[0].then.offer: wanted a mapping, got a list", id="no mapping"),
        ],
    )
    def test_an_offer_that_is_not_meant_is_refused(self, then, message):
        assert refusal({"then": then}) == message


class TestError:
    @pytest.mark.parametrize("name", NAMED_ERRORS)
    def test_an_error_goes_by_its_name(self, name):
        assert outcome({"error": name}) == NAMED_ERRORS[name]

    @pytest.mark.parametrize(
        ("message", "read"),
        [
            pytest.param({}, None, id="left out"),
            pytest.param({"message": None}, None, id="null"),
            pytest.param({"message": "Ouch"}, "Ouch", id="text"),
        ],
    )
    def test_an_error_is_spelt_out(self, message, read):
        assert outcome({"error": {"status": 500, "internalCode": 18, **message}}) == ContractError(500, 18, read)

    @pytest.mark.parametrize(
        ("stub", "message"),
        [
            pytest.param(
                {"then": {"error": "lodaing"}},
                "stubs[0].then.error: unknown error 'lodaing'; did you mean 'loading'? "
                "Valid values: loading, internal, unavailable, unknown_account, no_engagement",
                id="unknown name",
            ),
            pytest.param(
                {"then": {"error": {"status": 418, "internalCode": 1}}},
                "stubs[0].then.error.status: "
                "the contract documents no status 418 for getEngagement, only 200, 400, 401, "
                "404, 413, 415, 500, 503; to send it all the same, use reply with off_contract: true",
                id="undocumented status",
            ),
            pytest.param(
                {"when": {"operation": "getDomain"}, "then": {"error": "unavailable"}},
                "stubs[0].then.error: the contract documents no status 503 for getDomain, only 200, 400, 401; "
                "to send it all the same, use reply with off_contract: true",
                id="status that this operation does not have",
            ),
            pytest.param(
                {"then": {"error": {"status": 200, "internalCode": 1}}},
                "stubs[0].then.error.status: wanted a whole number from 400 to 599, got the number 200",
                id="status that is no error",
            ),
            pytest.param(
                {"then": {"error": {"status": 500, "internal_code": 1}}},
                "stubs[0].then.error.internal_code: unknown key 'internal_code'; did you mean 'internalCode'? "
                "Valid keys: status, internalCode, message",
                id="another spelling",
            ),
            pytest.param(
                {"then": {"error": "loading", "off_contract": True}},
                "stubs[0].then.off_contract: off_contract belongs beside offer or reply",
                id="off_contract beside an error",
            ),
        ],
    )
    def test_an_error_that_the_contract_does_not_have_is_refused(self, stub, message):
        assert refusal(stub) == message


class TestReply:
    def test_a_body_is_sent_as_compact_json_in_the_order_of_the_document(self):
        then = {"reply": {"status": 200, "body": {"status": "NotAvailable", "b": 1, "a": [None]}}}

        assert outcome(then) == Verbatim(200, (JSON_TYPE,), b'{"status":"NotAvailable","b":1,"a":[null]}')

    def test_a_text_is_sent_byte_for_byte(self):
        text = '{ "status" :\n"NotAvailable", "x": "ü" }\n'

        assert outcome({"reply": {"status": 200, "text": text}}).body == text.encode()

    def test_headers_are_sent_as_written_and_repeated_for_a_list(self):
        headers = {"content-type": "text/plain", "X-A": ["1", "2"]}

        reply = outcome({"reply": {"status": 200, "headers": headers, "text": '{"status": 1}'}})

        assert reply.headers == (("content-type", "text/plain"), ("X-A", "1"), ("X-A", "2"))

    def test_a_reply_without_body_has_no_type(self):
        assert outcome({"reply": {"status": 200}}, {"operation": "updateSession"}) == Verbatim(200)

    def test_a_deviation_on_purpose_is_sent(self):
        then = {"reply": {"status": 299, "text": "<html>"}, "off_contract": True}

        assert outcome(then) == Verbatim(299, (JSON_TYPE,), b"<html>")

    @pytest.mark.parametrize(
        ("reply", "message"),
        [
            pytest.param(
                {"status": 200, "body": {}},
                "stubs[0].then.reply: this reply to getEngagement breaks the contract: status is missing. "
                "Mend it, or put off_contract: true beside reply if it is meant",
                id="against the contract",
            ),
            pytest.param(
                {"status": 200, "body": {}, "text": "{}"},
                "stubs[0].then.reply: a reply has a body or a text, not both",
                id="two bodies",
            ),
            pytest.param(
                {"status": 204, "text": "x"},
                "stubs[0].then.reply: a reply with status 204 has no body",
                id="no content",
            ),
            pytest.param(
                {"status": 101},
                "stubs[0].then.reply.status: wanted a whole number from 200 to 599, got the number 101",
                id="no final status",
            ),
            pytest.param({"body": {}}, "stubs[0].then.reply: the key 'status' is missing", id="no status"),
            pytest.param(
                {"status": 500, "headers": {"Content-Length": "5"}},
                "stubs[0].then.reply.headers.Content-Length: "
                "the HTTP server writes this header itself, or not at all; leave it out",
                id="framing",
            ),
            pytest.param(
                {"status": 500, "headers": {"mock-exchange": "5"}},
                "stubs[0].then.reply.headers.mock-exchange: "
                "headers that begin with Mock- are written by the mock; leave it out",
                id="header of ours",
            ),
            pytest.param(
                {"status": 500, "headers": {"X-A": " 1"}},
                "stubs[0].then.reply.headers.X-A: "
                "the value of a header has no blanks around it, because HTTP takes them off",
                id="blanks around the value of a header",
            ),
            pytest.param(
                {"status": 500, "headers": {"a b": "5"}},
                "stubs[0].then.reply.headers.a b: 'a b' is no name of a header",
                id="name of a header",
            ),
            pytest.param(
                {"status": 500, "headers": {"X-A": "1\r\nX-B: 2"}},
                "stubs[0].then.reply.headers.X-A: the value of a header is printable ASCII on one line",
                id="value of a header",
            ),
        ],
    )
    def test_a_reply_that_cannot_be_sent_or_is_not_meant_is_refused(self, reply, message):
        assert refusal({"then": {"reply": reply}}) == message

    @pytest.mark.parametrize(
        "name", ["Date", "SERVER", "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade", "Trailer", "TE"]
    )
    def test_a_header_that_would_be_dropped_on_the_way_is_refused(self, name):
        reply = {"status": 200, "headers": {name: "x"}, "body": {}}

        assert "the HTTP server writes this header itself" in refusal({"then": {"reply": reply, "off_contract": True}})


class TestSequence:
    def test_steps_last_for_calls_or_for_a_while_and_the_last_stays(self):
        stub = loaded_stub({
            "then": [{"error": "loading", "times": 2}, {"error": "internal", "for_ms": 500}, "not_available"]
        })  # fmt: skip

        assert stub.steps == (
            Step(NAMED_ERRORS["loading"], times=2),
            Step(NAMED_ERRORS["internal"], for_ms=500),
            Step(NotAvailable()),
        )

    def test_a_repeated_sequence_may_end_with_a_step_that_passes(self):
        stub = loaded_stub({"repeat": True, "then": ["not_available", {"not_available": True, "times": 2}]})

        assert stub.repeat
        assert stub.steps == (Step(NotAvailable()), Step(NotAvailable(), times=2))

    @pytest.mark.parametrize(
        ("stub", "message"),
        [
            pytest.param(
                {"then": [{"offer": {}}, {"error": "loading", "times": 2}]},
                "stubs[0].then[1].times: the last outcome stays for ever, so times says nothing; "
                "leave it out, add a further outcome, or put repeat: true beside then",
                id="a last step that says when it ends",
            ),
            pytest.param(
                {"then": {"offer": {}, "for_ms": 2}},
                "stubs[0].then.for_ms: the last outcome stays for ever, so for_ms says nothing; "
                "leave it out, add a further outcome, or put repeat: true beside then",
                id="an only step that says when it ends",
            ),
            pytest.param(
                {"then": [{"offer": {}, "for_ms": 2, "times": 2}, "not_available"]},
                "stubs[0].then[0]: a step lasts for times calls or for_ms milliseconds, not both",
                id="a step that says it twice",
            ),
            pytest.param(
                {"then": [{"offer": {}, "times": 0}, "not_available"]},
                "stubs[0].then[0].times: wanted a whole number from 1 to 1000000000, got the number 0",
                id="a step that answers no call",
            ),
            pytest.param({"then": []}, "stubs[0].then: wanted 1 to 10000 outcomes, got 0", id="no step"),
            pytest.param(
                {"repeat": True, "then": "not_available"},
                "stubs[0].then: repeat needs a list of outcomes to start over with",
                id="nothing to repeat",
            ),
            pytest.param(
                {"then": [["not_available"]]},
                "stubs[0].then[0]: wanted a mapping, got a list",
                id="a sequence in a sequence",
            ),
        ],
    )
    def test_a_sequence_that_says_what_it_cannot_mean_is_refused(self, stub, message):
        assert refusal(stub) == message


class TestStub:
    def test_faults_are_read(self):
        assert loaded_stub({"then": "not_available", "faults": [{"delay": {"ms": 5}}]}).faults == (Delay(5),)

    def test_without_conditions_it_matches_any_request_for_an_engagement(self):
        assert loaded_stub({"then": "not_available"}).matcher == a_matcher()

    @pytest.mark.parametrize(
        ("stub", "message"),
        [
            pytest.param(
                {"then": "unavailable"},
                "stubs[0].then: unknown outcome 'unavailable'; did you mean 'not_available'? "
                "Valid values: not_available",
                id="unknown outcome",
            ),
            pytest.param(
                {"then": {}},
                "stubs[0].then: wanted one of offer, not_available, error, reply, got none of them",
                id="no outcome",
            ),
            pytest.param(
                {"then": {"offer": {}, "error": "loading"}},
                "stubs[0].then: wanted one of offer, not_available, error, reply, got offer and error",
                id="two outcomes",
            ),
            pytest.param(
                {"then": {"not_available": False}},
                "stubs[0].then.not_available: wanted true, got false",
                id="not available denied",
            ),
            pytest.param(
                {"then": {"ofer": {}}},
                "stubs[0].then.ofer: unknown key 'ofer'; did you mean 'offer'? "
                "Valid keys: offer, not_available, error, reply, off_contract, times, for_ms",
                id="misspelt outcome",
            ),
            pytest.param(
                {"then": "not_available", "wen": {}},
                "stubs[0].wen: unknown key 'wen'; did you mean 'when'? Valid keys: name, when, then, repeat, faults",
                id="misspelt key",
            ),
            pytest.param(
                {"name": "none", "then": "not_available"},
                "stubs[0]: the name 'none' is taken by the reply to calls that no stub matches; choose another",
                id="the name that stands for no stub",
            ),
            pytest.param(
                {"name": "a\nb", "then": "not_available"},
                "stubs[0].name: a name is 1 to 200 printable ASCII characters, unpadded, got 'a\\nb'",
                id="name that fits no header",
            ),
            pytest.param(
                {"then": "not_available", "faults": [{"dellay": {}}]},
                "stubs[0].faults[0].dellay: unknown fault 'dellay'; did you mean 'delay'? Valid faults: delay, status",
                id="misspelt fault",
            ),
        ],
    )
    def test_a_stub_that_cannot_be_read_is_refused(self, stub, message):
        assert refusal(stub).partition(" Valid faults")[0] == message.partition(" Valid faults")[0]

    def test_two_stubs_of_one_name_are_refused(self):
        with pytest.raises(ScenarioError) as caught:
            load("{scenario: a, stubs: [{then: not_available}, {name: stub 1, then: not_available}]}")

        assert str(caught.value) == (
            "my.yaml:1:46: stubs[1]: the name 'stub 1' is taken by stub number 1; choose another"
        )
