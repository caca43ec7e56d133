"""What broken, slow and hostile clients send is answered or hung up on; it never harms anybody else."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.calling.asking import PATIENCE
from tests.support.calling.wire import Wire, request
from tests.support.serving.running import eventually, running

JS_DOOR = "/api/account/1/getEngagement"
REST_DOOR = "/api/account/1/app/engagement/visitors/?v=1.0"
LOOK_UP = "/api/account/1/service/baseURI.json?version=1.0"
HEALTH = request("GET", "/__admin/health")
MOST = 1 << 20


def is_in_step(wire):
    """Say whether the connection is closed, or answers the next request and nothing else."""
    try:
        wire.send(HEALTH)
    except OSError:
        return True
    following = wire.reply()
    return following is None or (following.status, following.json["status"]) == (200, "ok")


# --- one request after the other -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(request("POST", JS_DOOR, b"{"), 400, id="broken JSON"),
        pytest.param(request("POST", JS_DOOR, b'{"appType": "WEB"}'), 400, id="broken call"),
        pytest.param(request("POST", JS_DOOR, b"\xff\xfe\x00"), 400, id="not UTF-8"),
        pytest.param(request("POST", JS_DOOR, b"[" * 100_000), 400, id="deep"),
        pytest.param(request("POST", JS_DOOR, b'{"vid": 1e999999}'), 400, id="huge number"),
        pytest.param(request("POST", JS_DOOR, b'{"vid": "\\u0000"}'), 401, id="NUL"),
        pytest.param(request("POST", "/nowhere", b"{}"), 404, id="unknown path"),
        pytest.param(request("DELETE", JS_DOOR, b"{}"), 405, id="method not allowed"),
        pytest.param(request("POST", JS_DOOR, b"a" * 5000, Content_Type="text/plain"), 415, id="media type"),
        pytest.param(request("POST", JS_DOOR, b" " * (MOST + 1)), 413, id="too large"),
        pytest.param(request("POST", "/nowhere", b" " * (MOST + 1)), 404, id="too large and nowhere"),
        pytest.param(request("PUT", "/__admin/rules", b"a" * 5000, Content_Type="text/plain"), 415, id="admin media"),
        pytest.param(request("PUT", "/__admin/rules", b" " * (MOST + 1)), 400, id="admin large and blank"),
        pytest.param(request("POST", "/__admin/nothing", b" " * 5000), 404, id="admin unknown path"),
        pytest.param(request("GET", LOOK_UP, b"a body that nobody asked for"), 200, id="body of a GET"),
    ],
)
def test_a_connection_stays_in_step_or_is_closed(wire, sent, status):
    wire.send(sent)

    assert wire.reply().status == status
    assert is_in_step(wire)


@pytest.mark.parametrize("path", [JS_DOOR, "/nowhere"])
def test_a_client_that_reads_only_after_sending_far_too_much_gets_its_refusal(wire, path):
    wire.send(request("POST", path, b" " * (20 * MOST)))

    assert wire.reply().status in (404, 413)
    assert is_in_step(wire)


def test_pipelined_requests_are_answered_in_order(wire):
    wire.send(*[request("POST", JS_DOOR, b"{}", Mock_Space=f"pipe-{number}") for number in range(3)], HEALTH)

    answers = [wire.reply() for _ in range(4)]

    assert [answer.status for answer in answers] == [200] * 4
    assert [answer.headers.get("mock-exchange") for answer in answers] == ["1", "1", "1", None]


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        pytest.param([b'{"app', b'Type": "EXTERNAL"}'], 200, id="good"),
        pytest.param([b'{"appType": "WEB"}'], 400, id="broken call"),
        pytest.param([b" " * (MOST // 4)] * 3 + [b" " * (MOST // 4 - 2) + b"{}"], 200, id="as large as may be"),
        pytest.param([b" " * (MOST // 4)] * 3 + [b" " * (MOST // 4 - 2) + b"{}", b" "], 413, id="too large"),
    ],
)
def test_a_chunked_body_is_read_like_any_other(wire, chunks, status):
    head = request("POST", JS_DOOR, None, Content_Type="application/json", Transfer_Encoding="chunked")
    wire.send(head, *[b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks], b"0\r\n\r\n")

    assert wire.reply().status == status
    assert is_in_step(wire)


def test_a_chunked_body_that_is_too_large_and_then_breaks_is_refused(wire):
    head = request("POST", JS_DOOR, None, Content_Type="application/json", Transfer_Encoding="chunked")
    wire.send(head, b"%x\r\n%s\r\nnonsense\r\n" % (MOST + 1, b" " * (MOST + 1)))

    assert wire.reply().status in (400, 413)
    assert is_in_step(wire)


@pytest.mark.parametrize("target", [f"POST {JS_DOOR}", "PUT /__admin/rules", "POST /nowhere"])
@pytest.mark.parametrize("chunks", [b"2\n{}\r\n0\r\n\r\n", b"x\r\n{}\r\n", b"2\r\n{}0\r\n\r\n"])
def test_broken_chunks_are_a_broken_call(wire, target, chunks):
    wire.send(request(*target.split(), None, Content_Type="application/json", Transfer_Encoding="chunked"), chunks)

    assert wire.reply().status in (400, 404)
    assert wire.reply() is None, "where the next request begins is anybody's guess"


def test_a_client_that_waits_for_permission_gets_it(wire):
    head, _, body = request("POST", JS_DOOR, b"{}", Expect="100-continue").partition(b"\r\n\r\n")
    wire.send(head, b"\r\n\r\n")
    permission = wire.reply()
    wire.send(body)

    assert permission.status == 100
    assert wire.reply().status == 200


def test_a_target_with_scheme_and_host_means_its_path(wire):
    wire.send(request("POST", f"http://{wire.host}{JS_DOOR}", b"{}"))

    assert wire.reply().status == 200


# --- HEAD and OPTIONS ------------------------------------------------------------------------------------


def test_head_is_a_look_up_without_its_body(wire):
    wire.send(request("HEAD", LOOK_UP), request("GET", LOOK_UP))
    head, whole = wire.reply(bodiless=True), wire.reply()

    assert (head.status, whole.status) == (200, 200)
    assert head.headers["content-length"] == str(len(whole.body))


def test_head_of_a_path_without_get_is_refused_and_names_what_is_allowed(wire):
    wire.send(request("HEAD", JS_DOOR))
    head = wire.reply(bodiless=True)

    assert (head.status, head.headers["allow"]) == (405, "OPTIONS, POST")
    assert is_in_step(wire)


def test_options_tells_what_is_allowed(wire):
    wire.send(request("OPTIONS", REST_DOOR))
    answer = wire.reply()

    assert (answer.status, set(answer.headers["allow"].split(", "))) == (200, {"OPTIONS", "POST"})


# --- slow and unfaithful clients -------------------------------------------------------------------------


def test_clients_that_dawdle_over_their_bodies_do_not_stop_others(served):
    sent = request("POST", JS_DOOR, b'{"appType": "EXTERNAL"}')
    slow = [Wire(served.url) for _ in range(4)]
    for wire in slow:
        wire.send(sent[:-10])

    others = [served.ask("POST", JS_DOOR).status for _ in range(20)]
    for wire in slow:
        wire.send(sent[-10:])
    in_the_end = [wire.reply().status for wire in slow]
    for wire in slow:
        wire.close()

    assert others == [200] * 20
    assert in_the_end == [200] * 4


@pytest.mark.parametrize("missing", [1, 10, 30, 120])
def test_a_client_that_hangs_up_within_its_request_harms_nobody(served, missing):
    sent = request("POST", JS_DOOR, b'{"appType": "EXTERNAL"}')
    for _ in range(20):
        with Wire(served.url) as wire:
            wire.send(sent[:-missing])

    assert served.ask("POST", JS_DOOR).status == 200


def test_a_client_that_does_not_wait_for_its_reply_harms_nobody(served):
    space = "impatient"
    for _ in range(20):
        with Wire(served.url) as wire:
            wire.send(request("POST", JS_DOOR, b"{}", Mock_Space=space, Prefer="delay-ms=50"))
    journal = f"/__space/{space}/__admin/journal"

    eventually(lambda: served.ask("GET", journal).json["entries"], lambda found: found == 20)
    assert served.ask("POST", JS_DOOR).status == 200


# --- what is no HTTP -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"nonsense\r\n\r\n", id="words"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)) + b"\r\n\r\n", id="TLS"),
        pytest.param(b"GET /__admin/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", id="two hosts"),
        pytest.param(b"GET /__admin/health HTTP/1.1\r\nBroken header\r\n\r\n", id="header"),
        pytest.param(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", id="negative length"),
        pytest.param(
            b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
            id="two lengths",
        ),
        pytest.param(b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", id="long line"),
    ],
)
def test_what_is_no_request_is_told_so_and_the_server_lives_on(served, wire, sent):
    wire.send(sent)
    told = wire.everything().split(b"\r\n", 1)[0]

    assert told.startswith(b"HTTP/1.1 4")
    assert served.ask("GET", "/__admin/health").status == 200


SOUND = [
    request("POST", JS_DOOR, b'{"appType": "EXTERNAL", "appDetails": {"ipAddress": "::1"}}'),
    request("POST", f"{JS_DOOR}?x=%C3%A9", b'{"vid": "a", "sid": "b"}', Cookie="LPVID=abc", Origin="http://a.example"),
    request("POST", REST_DOOR, b'{"appType": "MSDK", "consumerSections": ["A"]}', Mock_Space="chaos"),
    request("PUT", "/api/account/1/app/engagement/visitors/a?v=1.0&sid=b", b'{"pageId": "1"}', Prefer="delay-ms=1"),
    request("POST", REST_DOOR, None, Content_Type="application/json", Transfer_Encoding="chunked")
    + b"2\r\n{}\r\n0\r\n\r\n",
    request("GET", "/csdr/account/1/service/smt/baseURI.lpCsds?version=1.0&cb=f"),
    request("GET", "/__space/chaos/__admin/journal?limit=1&status=200"),
    request("PUT", "/__space/chaos/__admin/clock", b'{"frozen": true, "now_ms": 1469543282471}'),
    request("PUT", "/__space/chaos/__admin/seed", b'{"seed": 7}'),
]


def mutated(chance, sent):
    """Return *sent* with some bytes changed, lost, repeated, moved or added."""
    mutant = bytearray(sent)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        at = chance.randrange(len(mutant) + 1)
        to = at + chance.choice([1, 1, 2, 8, 40])
        mutant[at:to] = chance.choice(
            [
                b"",
                mutant[at:to] * 2,
                mutant[at:to][::-1],
                chance.randbytes(len(mutant[at:to])),
                chance.choice([b"\x00", b"\r\n", b"\n", b"%00", b"%ff", b"\xff", b"{", b'"', b":", b"1e400", b" "]),
            ]
        )
    return bytes(mutant)


def status_after(url, sent):
    """Send bytes, and return the status of the first reply; None when there was none."""
    with Wire(url) as wire:
        try:
            wire.send(sent)
            wire.no_more()
        except OSError:
            pass  # the server has hung up already
        told = wire.everything()
    return int(told.split(b" ", 2)[1]) if told.startswith(b"HTTP/1.1 ") else None


def test_a_thousand_mutated_requests_break_nothing():
    chance = random.Random(4)
    mutants = [mutated(chance, chance.choice(SOUND)) for _ in range(1_000)]
    with running() as served, ThreadPoolExecutor(4) as threads:
        [worker] = served.workers(1)
        statuses = list(threads.map(lambda sent: status_after(served.url, sent), mutants, timeout=10 * PATIENCE))
        survivors = served.workers(1)

        # A transfer coding that nobody knows is 501, by RFC 9112; no other 5xx is anybody's fault but the server's.
        assert [(s, m) for s, m in zip(statuses, mutants, strict=True) if s in (500, 502, 503, 504)] == []
        assert {200, 400, 404} <= set(statuses), "mutants that are all alike try nothing"
        assert survivors == [worker]
        assert served.ask("POST", JS_DOOR).status == 200
