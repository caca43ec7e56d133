import json

from contracts.server_suite.generated.shrinking import MOST_TRIES, smallest
from contracts.wire.messages import Call

BODY = {"appType": "MSDK", "appDetails": {"os": "AMIGA", "ipAddress": "1.2.3.4"}, "consumerSections": ["a", "b"]}


def a_call(body=BODY, **headers):
    return Call("POST", "/a", (("v", "1.0"), ("x", "1")), headers, json.dumps(body).encode())


def test_whatever_does_not_matter_is_left_out_at_every_depth():
    def shows(call):
        return ("v", "1.0") in call.query and json.loads(call.body).get("appDetails", {}).get("os") == "AMIGA"

    call = smallest(a_call(Accept="*/*"), shows)

    assert (call.query, call.headers, json.loads(call.body)) == ((("v", "1.0"),), {}, {"appDetails": {"os": "AMIGA"}})


def test_an_item_of_a_list_is_left_out_like_a_member():
    call = smallest(a_call(), lambda call: "b" in json.loads(call.body).get("consumerSections", ()))

    assert json.loads(call.body) == {"consumerSections": ["b"]}


def test_a_call_of_which_every_part_matters_stays():
    call = a_call(Accept="*/*")

    assert smallest(call, lambda candidate: candidate == call) == call


def test_headers_of_the_tools_on_the_way_are_left_out_together():
    headers = {"User-Agent": "x", "X-Schemathesis-TestCaseId": "1", "Content-Length": "9", "Content-Type": "a/b"}
    call = smallest(Call("GET", "/", headers=headers), lambda candidate: "Content-Type" in candidate.headers)

    assert call.headers == {"Content-Type": "a/b"}


def test_the_search_ends():
    asked = []

    smallest(a_call({"a": list(range(1000))}), lambda candidate: asked.append(candidate) or False)

    assert len(asked) == MOST_TRIES
