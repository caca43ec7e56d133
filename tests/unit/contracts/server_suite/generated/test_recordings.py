import base64
import json

from contracts.server_suite.generated.recordings import Breakdown, Failure, Generated, Silence, recorded
from tests.support.harness.contract import CONTRACT

PATH = "/api/account/{accountId}/getEngagement"


def as_base64(text):
    return {"$base64": base64.b64encode(text.encode()).decode()}


def a_line(method="POST", *, response=True, checks=()):
    interaction = {
        "request": {
            "method": method,
            "uri": "http://host:1/__space/x/api/account/1/getEngagement?a=1&a=",
            "headers": {"Content-Type": ["application/json"]},
            "body": as_base64("{}"),
        },
        "response": {"status_code": 200, "headers": {"Set-Cookie": ["a", "b"]}, "content": as_base64("hi")}
        if response
        else None,
    }
    recorder = {
        "cases": {"k": {"value": {"method": method, "path": PATH}}},
        "interactions": {"k": interaction},
        "checks": {"k": list(checks)},
    }
    return json.dumps({"ScenarioFinished": {"phase": "coverage", "recorder": recorder}})


def an_error(kind, label=f"POST {PATH}"):
    return json.dumps({"NonFatalError": {"value": {"type": kind, "message": "m"}, "label": label}})


def read(*lines):
    return list(recorded(lines, CONTRACT, "/__space/x"))


def test_a_generated_call_is_read_with_its_reply():
    [seen] = read(a_line())

    assert isinstance(seen, Generated)
    assert (seen.phase, seen.operation.id, seen.declared) == ("coverage", "getEngagement", True)
    assert seen.call.target == "/api/account/1/getEngagement?a=1&a="
    assert (seen.call.headers, seen.call.body) == ({"Content-Type": "application/json"}, b"{}")
    assert (seen.reply.status, seen.reply.headers, seen.reply.body) == (
        200,
        (("Set-Cookie", "a"), ("Set-Cookie", "b")),
        b"hi",
    )


def test_a_probe_of_another_method_is_not_the_operations_own():
    [seen] = read(a_line("TRACE"))

    assert (seen.operation.id, seen.declared) == ("getEngagement", False)


def test_only_failed_checks_are_told():
    failure = {"failure": {"title": "T", "message": "M"}}
    checks = [{"name": "a", "status": "success"}, {"name": "b", "status": "failure", "failure_info": failure}]

    [seen] = read(a_line(checks=checks))

    assert seen.failures == (Failure("b", "T", "M"),)


def test_a_call_that_was_not_answered_is_a_silence_of_its_operation():
    [seen] = read(a_line(response=False), an_error("ConnectionError"))

    assert seen == Silence(CONTRACT.operations["getEngagement"], "ConnectionError: m")


def test_any_other_error_is_a_breakdown():
    assert read(an_error("TypeError")) == [Breakdown("TypeError: m")]


def test_other_events_say_nothing():
    empty = json.dumps({"ScenarioFinished": {"phase": "stateful", "recorder": {"label": "x"}}})

    assert read(json.dumps({"EngineStarted": {}}), empty) == []
