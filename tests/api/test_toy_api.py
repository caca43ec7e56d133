"""An API that has nothing in common with those of the server is served by its folder and its entry alone."""

import dataclasses

import pytest

from contracts.contract.document import load
from contracts.judging.replies.examiner import Examiner
from contracts.wire.messages import Call
from contracts.wire.wsgi import WsgiSubject
from mockserver.app import own_apis
from mockserver.errors import StoreUnavailable
from tests.support.serving.in_process import BrokenStore, Mock, broken, violations
from tests.support.toy_api.api import DOCUMENT, toy_api

NOW = "2016-07-26T14:28:02.471Z"
KEY = {"Toy-Key": "sesame"}
BRANCH = {"Toy-Branch": "de-001"}
RIGHT = {**KEY, **BRANCH}
BUSY = {"status": 503, "body": {"error": {"kind": "busy", "at": NOW}}}
PARCEL = {"to": "Anna", "grams": "700"}


@pytest.fixture(scope="module")
def _shared():
    return Mock(apis=(*own_apis(), toy_api()), max_body_bytes=1000)


@pytest.fixture
def mock(_shared):
    _shared.steer("DELETE", "/spaces")
    return _shared


def send(mock, parcel=PARCEL, headers=RIGHT, **options):
    return mock.ask("POST", "/toy/parcels", data=parcel, headers=headers, **options)


def find(mock, *states, **options):
    return mock.ask("GET", "/toy/parcels", query=[("state", state) for state in states], headers=RIGHT, **options)


def error(answer):
    """Return the status and the wrapped error of a refusal, without its time, which is the clock's."""
    entity = dict(answer.json["error"])
    assert entity.pop("at") == NOW
    return answer.status_code, entity


# --- served ------------------------------------------------------------------------------------------------


def test_a_form_is_answered_with_the_headers_of_its_document(mock):
    answer = send(mock)

    assert (answer.status_code, answer.json) == (201, {"parcelId": "1", "state": "sent", "to": "Anna"})
    assert answer.headers["Location"] == "/toy/parcels/1"
    assert answer.headers["Toy-Remaining"] == "9"


def test_a_repeated_query_parameter_is_a_list(mock):
    mock.play({"when": {"heavy": 5000}, "then": "lost"})
    send(mock)
    send(mock, {"to": "Bea", "grams": "6000"})

    assert [parcel["to"] for parcel in find(mock, "sent", "lost").json["parcels"]] == ["Anna", "Bea"]
    assert [parcel["to"] for parcel in find(mock, "lost").json["parcels"]] == ["Bea"]


def test_the_key_may_stand_in_the_query(mock):
    assert send(mock, headers=BRANCH, query={"key": "sesame"}).status_code == 201


def test_each_space_has_parcels_of_its_own(mock):
    send(mock, space="one")

    assert find(mock, "sent", space="one").json["parcels"]
    assert find(mock, "sent", space="two").json["parcels"] == []


# --- refused and explained ---------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Refusal:
    """What is expected of one."""

    status: int
    kind: str
    where: str
    clause: str
    what: str


REFUSALS = {
    "no header": (
        {"headers": KEY},
        Refusal(400, "bad_call", "header.Toy-Branch", "TOY-BRANCH", "is required"),
    ),
    "header of another form": (
        {"headers": {**KEY, "Toy-Branch": "Berlin"}},
        Refusal(400, "bad_call", "header.Toy-Branch", "TOY-BRANCH", 'must match ^[a-z]{2}-[0-9]{3}$, got "Berlin"'),
    ),
    "no key": (
        {"headers": BRANCH},
        Refusal(401, "no_key", "header.Toy-Key", "TOY-KEY", "is required; or send query.key"),
    ),
    "member of the form": (
        {"parcel": {"to": "Anna", "grams": "some"}},
        Refusal(400, "bad_call", "body.grams", "TOY-SENDING", 'must be a whole number, got a string ("some")'),
    ),
    "no form": (
        {"parcel": b"{}", "content_type": "application/json"},
        Refusal(
            415,
            "no_form",
            "header.Content-Type",
            "TOY-FORM",
            "must be application/x-www-form-urlencoded, sent once, got 'application/json'",
        ),
    ),
    "too long": (
        {"parcel": {"to": "A" * 1000}},
        Refusal(413, "too_long", "body", "TOY-SIZE", "must be at most 1000 bytes; the setting is max_body_bytes"),
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_call_that_breaks_the_document_is_refused_in_the_shape_of_the_api(mock, name):
    change, wanted = REFUSALS[name]

    answer = send(mock, **change)

    assert (answer.status_code, answer.json["error"]["kind"], answer.json["error"]["at"]) == (
        wanted.status, wanted.kind, NOW,
    )  # fmt: skip
    assert violations(answer) == [{"where": wanted.where, "what": wanted.what, "clause": wanted.clause}]


def test_a_query_without_the_list_is_refused_at_the_name_of_the_list(mock):
    assert broken(find(mock)) == [("query.state", "TOY-STATE")]
    assert broken(find(mock, "sent", "eaten")) == [("query.state.1", "TOY-STATE")]


def test_all_that_is_wrong_with_a_call_is_explained_at_once(mock):
    answer = send(mock, {"to": "", "grams": "0", "fragil": "true"}, headers={})

    assert error(answer) == (401, {"kind": "no_key", "reason": "Toy-Key is required; or send query.key"})
    assert broken(answer) == [
        ("header.Toy-Key", "TOY-KEY"),
        ("header.Toy-Branch", "TOY-BRANCH"),
        ("body.to", "TOY-SENDING"),
        ("body.grams", "TOY-SENDING"),
    ]
    assert "did you mean 'fragile'?" in answer.headers["Mock-Notes"]


@pytest.mark.parametrize(
    ("method", "path", "refusal"),
    [
        ("GET", "/toy/parcel", (404, "nowhere", [("path", "TOY-PATH")])),
        ("DELETE", "/toy/parcels", (405, "not_so", [("method", "TOY-METHOD")])),
    ],
)
def test_what_is_not_served_is_refused_by_the_api_whose_path_is_nearest(mock, method, path, refusal):
    answer = mock.ask(method, path, headers=RIGHT)

    assert (answer.status_code, answer.json["error"]["kind"], broken(answer)) == refusal
    assert broken(mock.ask("GET", "/elsewhere")) == [("path", "REQ-404")]


def test_a_fault_and_a_dead_store_answer_in_the_shape_of_the_api():
    store = BrokenStore(StoreUnavailable("gone"))
    mock = Mock(apis=(*own_apis(), toy_api()), store=store)
    mock.steer("PUT", "/faults", {"faults": [{"status": {"code": 429, "message": "Later"}}]})

    faulty = send(mock)
    store.broken = True
    dead = send(mock)

    assert error(faulty) == (429, {"kind": "broken", "reason": "Later"})
    assert error(dead) == (503, {"kind": "broken", "reason": "the mock server's store does not answer: gone"})


# --- stubbed, journalled, verified -------------------------------------------------------------------------


def test_the_words_of_the_api_stand_in_a_scenario(mock):
    mock.play({"name": "heavy ones", "when": {"heavy": 500}, "then": ["lost", {"reply": BUSY}]})

    lost, broken_off, light = send(mock), send(mock), send(mock, {"to": "Anna", "grams": "7"})

    assert (lost.headers["Mock-Stub"], lost.json["state"]) == ("heavy ones", "lost")
    assert broken_off.status_code == 503
    assert (light.headers["Mock-Stub"], light.json["state"]) == ("none", "sent")


def test_a_call_that_no_stub_matches_is_compared_with_them(mock):
    mock.play({"name": "heavy ones", "when": {"heavy": 5000}, "then": "lost"})
    send(mock)

    [exchange] = mock.journal()

    differences = ["heavy: wanted 5000 grams at least, got 700"]
    assert exchange["near_misses"] == [{"stub": "heavy ones", "differences": differences}]


def test_a_preference_gets_the_example_of_the_document(mock):
    answer = send(mock, headers={**RIGHT, "Prefer": "code=201"})

    assert (answer.status_code, answer.json["parcelId"]) == (201, "1")
    assert (answer.headers["Location"], answer.headers["Toy-Remaining"]) == ("/toy/parcels/1", "9")


def test_a_preference_that_nobody_can_draw_is_refused_with_the_way_out(mock):
    answer = send(mock, headers={**RIGHT, "Prefer": "code=400, dynamic=true"})

    assert broken(answer) == [("header.Prefer", "TOY-ODD")]
    assert "give its component a maker" in answer.headers["Mock-Violations"]
    assert "Preference-Applied" not in answer.headers


def test_its_exchanges_are_found_and_verified_over_the_admin_api(mock):
    send(mock)
    send(mock, headers=BRANCH)
    mock.js()

    refused = mock.journal(clause="TOY-KEY")
    verdict = mock.steer("POST", "/journal/verify", {"match": {"operation": "sendParcel", "status": 201}, "exactly": 1})

    assert [exchange["operation"] for exchange in refused] == ["sendParcel"]
    assert refused[0]["call"]["body"] == "to=Anna&grams=700"
    assert verdict["verified"]


def test_the_journal_keeps_no_credentials_that_the_document_demands(mock):
    send(mock)
    send(mock, headers=BRANCH, query={"key": "sesame", "kay": "1"})

    in_header, in_query = mock.journal()

    assert in_header["call"]["headers"]["toy-key"] == "[redacted]"
    assert in_query["call"]["query"] == [["key", "[redacted]"], ["kay", "1"]]


def test_its_contract_and_its_clauses_are_served(mock):
    contracts = {entry["name"]: entry for entry in mock.steer("GET", "/contracts")["contracts"]}

    assert contracts["toy"]["operations"] == ["sendParcel", "findParcels"]
    assert mock.steer("GET", "/contracts/toy")["info"]["title"] == "Parcels"
    assert "TOY-KEY" in {clause["id"] for clause in mock.steer("GET", "/clauses")["clauses"]}


# --- judged ------------------------------------------------------------------------------------------------

SENT = Call("POST", "/toy/parcels", (), {**RIGHT, "Content-Type": "application/x-www-form-urlencoded"}, b"to=A&grams=7")
FOUND = Call("GET", "/toy/parcels", (("state", "sent"), ("state", "lost")), RIGHT)
JUDGED = {
    "sent": ("sendParcel", dataclasses.replace(SENT, headers={**SENT.headers, "Content-Length": "12"})),
    "found": ("findParcels", FOUND),
    "refused": ("findParcels", dataclasses.replace(FOUND, headers=BRANCH)),
}


@pytest.fixture(scope="module")
def examiner():
    return Examiner(load(DOCUMENT))


@pytest.mark.parametrize("name", JUDGED)
def test_the_harness_finds_nothing_wrong_with_its_replies(mock, examiner, name):
    operation, call = JUDGED[name]

    reply = WsgiSubject(mock.app).ask(call)

    assert examiner.findings(examiner.document.operations[operation], call, reply, name) == []


@pytest.mark.parametrize(
    ("name", "change", "check"),
    [
        ("sent", {"headers": (("Content-Type", "application/json"), ("Toy-Remaining", "9"))}, "header_schema"),
        ("found", {"body": b'{"parcels": [{}]}'}, "body_schema"),
        ("refused", {"body": b'{"error": {"kind": "bad_call"}}'}, "error_entity"),
    ],
)
def test_the_harness_finds_what_is_wrong_with_a_reply(mock, examiner, name, change, check):
    operation, call = JUDGED[name]
    reply = dataclasses.replace(WsgiSubject(mock.app).ask(call), **change)

    found = examiner.findings(examiner.document.operations[operation], call, reply, name)

    assert {finding.check for finding in found} == {check}


def test_a_page_of_another_origin_may_send_its_headers_and_read_those_of_its_replies(mock):
    answer = mock.ask("OPTIONS", "/toy/parcels", headers={"Origin": "https://page.test"})

    assert {"Toy-Branch", "Toy-Key"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))
    assert "Toy-Remaining" in answer.headers["Access-Control-Expose-Headers"].split(", ")
