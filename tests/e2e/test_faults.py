"""What really reaches a client when a fault strikes, seen from its end of the connection."""

import http.client
import io
import socket
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tests.support.calling.asking import PATIENCE, ask, ask_over, connection_to
from tests.support.calling.fault_clients import by_curl, by_httpx, by_node, by_requests
from tests.support.serving.running import eventually, running

DOOR = "/api/account/1/getEngagement"
#: Much longer than any client of these tests waits.
FOR_EVER_MS = 60_000

FAULTS = {
    "delay": {"delay": {"ms": 30}},
    "dribble": {"dribble": {"bytes": 50, "pause_ms": 5}},
    "status": {"status": {"code": 429, "retry_after_s": 1}},
    "malformed": {"malformed": {}},
    "truncate": {"truncate": {"body_bytes": 20}},
    "too long": {"wrong_length": {"by": 5}},
    "too short": {"wrong_length": {"by": -5}},
    "empty": {"empty": {}},
    "close": {"close": {}},
    "reset": {"reset": {}},
    "reset later": {"reset": {"body_bytes": 20}},
    "hang": {"hang": {"ms": 30}},
}
KEPT = ("delay", "dribble", "status", "malformed")
RESET = ("reset", "reset later")


@pytest.fixture(scope="module")
def served():
    with running("--threads", 2) as server:
        yield server


@pytest.fixture
def url(served, space):
    """Return the address of a space that no other test uses."""
    return f"{served.url}/__space/{space}"


def switch_on(url, *faults):
    assert ask(url, "PUT", "/__admin/faults", json_body={"faults": faults}).status == 200


def exchanges(url):
    return ask(url, "GET", "/__admin/journal").json["exchanges"]


def receipt(url):
    """Return the one receipt of the one exchange."""
    [exchange] = exchanges(url)
    [one] = exchange["receipts"]
    return one


def asked(url, *headers):
    """Connect, and send a call."""
    where = urlsplit(url)
    connection = socket.create_connection((where.hostname, where.port), timeout=PATIENCE)
    lines = [f"POST {where.path}{DOOR} HTTP/1.1", "Host: mock", "Content-Length: 0", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection


def everything(connection):
    """Read to the end, and say how it ends."""
    read = b""
    try:
        while more := connection.recv(65536):
            read += more
    except ConnectionResetError:
        return read, "rst"
    return read, "fin"


# --- on a bare socket ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
def test_the_receipt_tells_the_bytes_that_a_socket_reads_and_how_its_connection_ends(url, name):
    switch_on(url, FAULTS[name])

    with closing(asked(url, *(["Connection: close"] if name in KEPT else []))) as connection:
        read, end = everything(connection)

    told = receipt(url)
    assert told["bytes_sent"] == len(read)
    assert end == ("rst" if name in RESET else "fin")
    assert told["ending"] == ("kept" if name in KEPT else end)
    assert told["fault"] in FAULTS[name]


@pytest.mark.parametrize(
    ("name", "announced_less_sent"),
    [("truncate", None), ("too long", 5), ("too short", -5), ("malformed", 0), ("dribble", 0), ("reset later", None)],
)
def test_content_length_says_what_the_fault_makes_it_say(url, name, announced_less_sent):
    sound = ask(url, "POST", DOOR)
    ask(url, "POST", "/__admin/reset")
    switch_on(url, FAULTS[name])

    with closing(asked(url, "Connection: close")) as connection:
        head, _, body = everything(connection)[0].partition(b"\r\n\r\n")

    announced = int(http.client.parse_headers(_lines(head))["Content-Length"])
    if announced_less_sent is None:
        assert len(body) == 20
        assert announced >= len(sound.body) - 20
    else:
        assert announced - len(body) == announced_less_sent


def test_half_a_head_is_the_beginning_of_one(url):
    switch_on(url, {"close": {}})

    with closing(asked(url)) as connection:
        read, _ = everything(connection)

    assert read.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\n\r\n" not in read


def test_a_large_reply_arrives_up_to_the_byte_at_which_the_connection_is_reset(url):
    stub = {"then": {"reply": {"status": 200, "text": "x" * 400_000}, "off_contract": True}}
    stub["faults"] = [{"reset": {"body_bytes": 300_000}}]
    ask(url, "PUT", "/__admin/scenario", json_body={"scenario": {"scenario": "large", "stubs": [stub]}})

    with closing(asked(url)) as connection:
        read, end = everything(connection)

    assert end == "rst"
    assert read.endswith(b"x" * 300_000)
    assert receipt(url)["bytes_sent"] == len(read)


@pytest.mark.parametrize("name", KEPT)
def test_a_connection_that_the_fault_leaves_alone_carries_the_next_call(url, name):
    switch_on(url, {**FAULTS[name], "window": {"first": 1}})
    path = urlsplit(url).path + DOOR

    with closing(connection_to(url)) as connection:
        first = ask_over(connection, "POST", path)
        used = connection.sock
        second = ask_over(connection, "POST", path)

    assert first.status == (429 if name == "status" else 200)
    assert second.status == 200
    assert connection.sock is None or connection.sock is used
    assert {exchange["call"]["connection"] for exchange in exchanges(url)} == {exchanges(url)[0]["call"]["connection"]}


def test_a_body_comes_in_pieces_with_pauses(url):
    switch_on(url, {"dribble": {"bytes": 100, "pause_ms": 50}})

    with closing(asked(url)) as connection:
        began = time.monotonic()
        head = connection.recv(65536)
        while b"}}" not in head:
            head += connection.recv(65536)
        took_ms = (time.monotonic() - began) * 1000

    pauses = (len(head.partition(b"\r\n\r\n")[2]) - 1) // 100
    assert pauses >= 2
    assert took_ms >= pauses * 50 - 20
    assert receipt(url)["sent_ms"] >= pauses * 50


# --- clients that give up --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "client", "error"),
    [
        pytest.param("hang", by_requests, "ReadTimeout", id="requests"),
        pytest.param("hang", by_httpx, "ReadTimeout", id="httpx"),
        pytest.param("hang", by_node, "TimeoutError: The operation was aborted due to timeout", id="node"),
        pytest.param("hang", by_curl, "exit status 28", id="curl"),
        pytest.param("delay", by_curl, "exit status 28", id="curl that meets a delay"),
    ],
)
def test_a_client_that_gives_up_waiting_is_in_the_receipt(url, fault, client, error):
    switch_on(url, {fault: {"ms": FOR_EVER_MS}})

    said = client(url + DOOR, wait_s=2)

    [exchange] = eventually(lambda: exchanges(url), lambda found: found and found[0]["receipts"])
    [told] = exchange["receipts"]
    assert said == error
    assert (told["bytes_sent"], told["ending"]) == (0, "client")
    assert told["sent_ms"] < FOR_EVER_MS


def test_a_client_that_hangs_up_in_the_middle_of_a_body_is_in_the_receipt(url):
    switch_on(url, {"dribble": {"bytes": 10, "pause_ms": 2000}})

    with closing(asked(url)) as connection:
        read = connection.recv(65536)
        while b"\r\n\r\n" not in read or read.endswith(b"\r\n\r\n"):
            read += connection.recv(65536)

    [exchange] = eventually(lambda: exchanges(url), lambda found: found[0]["receipts"])
    [told] = exchange["receipts"]
    assert (told["bytes_sent"], told["ending"]) == (len(read), "client")


# --- what each client says -------------------------------------------------------------------------------

SAID = {
    "delay": ("200", "200", "200", "200"),
    "dribble": ("200", "200", "200", "200"),
    "status": ("429", "429", "429", "429"),
    "malformed": ("200 without JSON",) * 4,
    "truncate": ("ChunkedEncodingError", "RemoteProtocolError", "TypeError: terminated", "exit status 18"),
    "too long": ("ChunkedEncodingError", "RemoteProtocolError", "TypeError: terminated", "exit status 18"),
    "too short": ("200 without JSON",) * 4,
    "empty": ("ConnectionError", "RemoteProtocolError", "TypeError: fetch failed", "exit status 52"),
    # Two of them take half a head for a whole one.
    "close": ("200 without JSON", "RemoteProtocolError", "TypeError: fetch failed", "200 without JSON"),
    "reset": ("ConnectionError", "ReadError", "TypeError: fetch failed", "exit status 56"),
    "reset later": ("ChunkedEncodingError", "ReadError", "TypeError: terminated", "exit status 56"),
    "hang": ("ConnectionError", "RemoteProtocolError", "TypeError: fetch failed", "exit status 52"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize(
    ("number", "client"),
    [
        pytest.param(0, by_requests, id="requests"),
        pytest.param(1, by_httpx, id="httpx"),
        pytest.param(2, by_node, id="node"),
        pytest.param(3, by_curl, id="curl"),
    ],
)
def test_each_client_says_what_it_says_of_such_a_reply(url, name, number, client):
    switch_on(url, FAULTS[name])

    assert client(url + DOOR) == SAID[name][number]


# --- and afterwards --------------------------------------------------------------------------------------


def test_faults_cost_no_thread_and_leave_nothing_in_the_log():
    with running("--threads", 1) as server:
        for fault in FAULTS.values():
            switch_on(server.url, fault)
            for _ in range(5):
                with closing(asked(server.url, "Connection: close")) as connection:
                    everything(connection)

        assert server.ask("GET", "/__admin/health").status == 200
        assert server.log() == ""


def test_workers_count_the_calls_of_a_window_together():
    with running("--workers", 2) as server:
        server.workers(2)
        switch_on(server.url, {"status": {"code": 503}, "window": {"first": 5}})

        statuses = [server.ask("POST", DOOR).status for _ in range(20)]

    assert statuses == [503] * 5 + [200] * 15


def _lines(head):
    """Return the headers of *head* as a file, its first line left out."""
    return io.BytesIO(head.partition(b"\r\n")[2] + b"\r\n\r\n")
