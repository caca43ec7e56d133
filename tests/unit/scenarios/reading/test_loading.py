import json

import pytest

from mockserver.apis.engagement.outcomes import NotAvailable
from mockserver.apis.engagement.outcomes.error import NAMED_ERRORS
from mockserver.errors import ScenarioError
from mockserver.scenarios.faults.delay import Delay
from mockserver.scenarios.outcomes import Verbatim
from mockserver.scenarios.outcomes.sequence import Step
from tests.support.scenario_fakes import a_matcher, load, loaded_stub, outcome, refusal

JSON_TYPE = ("Content-Type", "application/json")


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
    def lines(self, text):
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

        assert [line.split(": ")[1] for line in self.lines(text)] == [
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
        assert len(self.lines(text)) == 1

    def test_keys_that_are_missing_are_told_together(self):
        assert self.lines("{}") == ["my.yaml:1:1: the keys 'scenario' and 'stubs' are missing"]

    def test_what_stands_behind_a_syntax_error_cannot_be_told(self):
        assert self.lines("scenario: a\nscenario: b\nstubs: }") == [
            "my.yaml:2:1: scenario: this key stands twice, first in line 1; keep one of them",
            "my.yaml:3:8: this is not YAML: did not find expected node content",
        ]

    def test_of_very_many_the_first_twenty_are_told(self):
        lines = self.lines("scenario: a\nstubs:\n" + "  - {then: 1}\n" * 100)

        assert len(lines) == 21
        assert lines[-1] == "my.yaml: these are the first 20 mistakes; mend them to see the rest"

    def test_each_is_a_value_of_its_own_for_programs(self):
        with pytest.raises(ScenarioError) as caught:
            load("scenario: a\nstubs: [{than: 1}, {then: 2}]")

        assert [(mistake.where, mistake.position) for mistake in caught.value.mistakes] == [
            ("stubs[0].than", (2, 10)),
            ("stubs[1].then", (2, 27)),
        ]


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
