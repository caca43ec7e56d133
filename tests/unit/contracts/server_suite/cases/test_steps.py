import json

import pytest

from contracts.reading.placeholders import Pattern
from contracts.server_suite.cases.case import CallSpec, Expectation
from contracts.server_suite.cases.steps import call_of, read
from contracts.wire.messages import Reply
from tests.support.harness.contract import CONTRACT

OPERATIONS = CONTRACT.operations
VALUES = {"account": "1", "sid": "abc"}


def a_reply(body=None, status=200, *headers):
    return Reply(status, headers, json.dumps({} if body is None else body).encode())


def expected_of(reply, expect, values=VALUES):
    return [mismatch.expected for mismatch in read(reply, expect, values).mismatches]


class TestCalls:
    def test_what_is_required_and_not_given_is_the_example_of_the_contract(self):
        call = call_of(CallSpec(operation="createSession"), OPERATIONS["createSession"], VALUES)

        assert call.method == "POST"
        assert call.path == "/api/account/1/app/engagement/visitors/ZkMTY4N2I4YTQ0ZjMwMTg0"
        assert call.query == (("v", "1.0"),)
        assert call.headers == {"Accept": "application/json"}

    def test_null_leaves_out_and_a_list_repeats(self):
        spec = CallSpec(query={"v": None, "x": ["1", "2"]}, headers={"Accept": None})

        call = call_of(spec, OPERATIONS["createSession"], VALUES)

        assert call.query == (("x", "1"), ("x", "2"))
        assert call.headers == {}

    def test_values_are_filled_in_everywhere(self):
        spec = CallSpec(path={"visitorId": "a b/{sid}"}, body={"s": "{sid}"}, cookies={"LPVID": "{sid}"})

        call = call_of(spec, OPERATIONS["createSession"], VALUES)

        assert call.path.endswith("/visitors/a%20b%2Fabc")
        assert call.body == b'{"s": "abc"}'
        assert call.headers["Cookie"] == "LPVID=abc"
        assert call.headers["Content-Type"] == "application/json"

    def test_a_text_stands_as_it_is(self):
        call = call_of(CallSpec(text='{"a":'), OPERATIONS["getEngagement"], VALUES)

        assert call.body == b'{"a":'

    def test_an_alias_takes_the_place_of_the_path(self):
        spec = CallSpec(at="/csdr/account/{accountId}/service/{serviceName}/baseURI")

        call = call_of(spec, OPERATIONS["getDomain"], VALUES)

        assert call.path == "/csdr/account/1/service/msdkgw/baseURI"

    def test_a_call_outside_the_contract_needs_no_operation(self):
        call = call_of(CallSpec(method="DELETE", at="/x/{account}"), None, VALUES)

        assert (call.method, call.path) == ("DELETE", "/x/1")


class TestReplies:
    def test_a_wrong_status_is_told_alone(self):
        wrong = a_reply({"a": 2}, 400)

        assert expected_of(wrong, Expectation(status=200, body={"a": 1})) == ["status 200"]

    @pytest.mark.parametrize(
        ("expect", "mismatches"),
        [
            pytest.param({"body": {"a": {"b": 1}}}, [], id="other members may stand beside"),
            pytest.param({"body": {"a": {"b": "1"}}}, ["a.b is '1'"], id="another type"),
            pytest.param({"body": {"a": {"b": True}}}, ["a.b is True"], id="true is not 1"),
            pytest.param({"body": {"s": "{sid}"}}, [], id="a kept value"),
            pytest.param({"body": {"s": Pattern("[a-c]+")}}, [], id="a pattern"),
            pytest.param({"body": {"s": Pattern("[0-9]+")}}, ["s is text that fits [0-9]+"], id="another text"),
            pytest.param({"body": {"l": [1, {"c": 2}]}}, [], id="a list"),
            pytest.param({"body": {"l": [1]}}, ["l is [1]"], id="a shorter list"),
            pytest.param({"body": {"none": {"x": 1}}}, ["none.x is 1", "none is an object"], id="a missing object"),
            pytest.param({"absent": ("none", "a.x")}, [], id="absent"),
            pytest.param({"absent": ("a.b",)}, ["no member a.b"], id="not absent"),
            pytest.param({"different": {"s": "xyz"}}, [], id="different"),
            pytest.param({"different": {"s": "{sid}"}}, ["s is another than 'abc'"], id="not different"),
            pytest.param({"different": {"l": [1, {"c": 2}]}}, ["l is another than [1, {'c': 2}]"], id="the same list"),
            pytest.param({"different": {"none": 1}}, ["none is another than 1"], id="different, but missing"),
            pytest.param({"keep": {"x": "none"}}, ["a member none"], id="nothing to keep"),
        ],
    )
    def test_a_body_is_compared_member_by_member(self, expect, mismatches):
        reply = a_reply({"a": {"b": 1}, "s": "abc", "l": [1, {"c": 2}]})

        assert expected_of(reply, Expectation(status=200, **expect)) == mismatches

    def test_values_and_named_groups_are_kept(self):
        expect = Expectation(status=200, keep={"first": "l.0"}, message=Pattern("vid: (?P<vid>.+)"))

        reading = read(a_reply({"l": ["x"], "message": "vid: 7"}), expect, VALUES)

        assert reading.values == {"first": "x", "vid": "7"}

    def test_a_refusal_is_judged_by_its_code_and_its_reason(self):
        reply = a_reply({"internalCode": 5}, 401, ("Mock-Clause", "GE-401-SID, GE-401-VID"))

        assert expected_of(reply, Expectation(status=401, code=5, clause=("GE-401-VID", "GE-401-SID"))) == []
        assert expected_of(reply, Expectation(status=401, code=10, clause=("GE-401-SID",))) == [
            "internalCode is 10",
            "the header Mock-Clause names GE-401-SID, not GE-401-SID, GE-401-VID",
        ]

    def test_a_server_without_the_mocks_headers_is_not_asked_for_its_reason(self):
        assert expected_of(a_reply({}, 401), Expectation(status=401, clause=("GE-401-SID",))) == []

    def test_headers_and_cookies_are_compared(self):
        cookies = (("Set-Cookie", "LPVID=a; Path=/"), ("set-cookie", "other=b"))
        reply = a_reply({}, 200, ("Allow", "POST"), *cookies)

        good = Expectation(status=200, headers={"allow": "POST"}, cookies={"LPVID": "a", "other": "b"})
        bad = Expectation(status=200, headers={"Allow": "PUT"}, cookies={"gone": Pattern(".+")})

        assert expected_of(reply, good) == []
        assert expected_of(reply, bad) == ["the header Allow is 'PUT'", "the cookie gone is text that fits .+"]

    def test_each_cookie_is_read_by_itself_whatever_the_others_look_like(self):
        others = (("Set-Cookie", 'bad name="x, LPVID=b'), ("Set-Cookie", "a=1; Expires=Wed, 25 Nov 2037 14:17:07 GMT"))
        reply = a_reply({}, 200, *others, ("Set-Cookie", "LPVID=a; Path=/"), ("Set-Cookie", "=; LPVID"))

        assert expected_of(reply, Expectation(status=200, cookies={"LPVID": "a"})) == []

    def test_a_list_is_asked_for_one_entry_among_others(self):
        reply = a_reply({"l": [{"n": "a", "v": 1}, {"n": "b", "v": 2}]})

        assert expected_of(reply, Expectation(status=200, among={"l": {"n": Pattern("b"), "v": 2}})) == []
        assert expected_of(reply, Expectation(status=200, among={"l": {"n": "a", "v": 2}})) == [
            'l holds {"n": "a", "v": 2}'
        ]

    def test_a_script_is_read_by_what_it_hands_to_its_function(self):
        script = Reply(200, (("Content-Type", "application/javascript"),), b' f.g( {"a" : [1]} )\n')

        assert expected_of(script, Expectation(status=200, body={"a": [1]})) == []
        assert expected_of(script, Expectation(status=200, body={"a": [2]})) == ["a.0 is 2"]

    def test_a_text_is_compared_as_it_is(self):
        assert expected_of(Reply(200, (), b"x"), Expectation(status=200, text="x")) == []
        assert expected_of(Reply(200, (), b"x"), Expectation(status=200, text="")) == ["the body is ''"]

    def test_a_body_that_is_no_json_has_no_members(self):
        assert expected_of(Reply(200, (), b"<p>"), Expectation(status=200, body={"a": 1})) == [
            "a is 1",
            "the body is an object",
        ]
