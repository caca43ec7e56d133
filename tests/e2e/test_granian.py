"""What Granian does otherwise than gunicorn, as `docs/reference/http-servers.md` tells it; the rest is as there."""

import os
import select
import signal
import time

import pytest

from tests.docs.markdown import tables
from tests.e2e.fault_clients import by_curl, by_httpx, by_node, by_requests
from tests.e2e.pinned import state_of
from tests.e2e.running import CHECKOUT, children, command, eventually, launched, lines_of, running
from tests.e2e.servers import GRANIAN_ONLY
from tests.e2e.wire import Wire, request
from tests.resilience.attacks import ATTACKS

pytestmark = [pytest.mark.usefixtures("http_server"), GRANIAN_ONLY]

JS_DOOR = "/api/account/1/getEngagement"
ON_PAGE = {
    row["what is sent"]: row["Granian answers"]
    for row in tables(CHECKOUT / "docs/reference/http-servers.md")
    if "what is sent" in row
}


def journal(served, space):
    return served.ask("GET", f"/__space/{space}/__admin/journal").json["exchanges"]


# --- faults ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("client", [by_requests, by_httpx, by_node, by_curl])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"delay": {"ms": 30}}, "200"),
        ({"status": {"code": 429, "retry_after_s": 1}}, "429"),
        ({"malformed": {}}, "200 without JSON"),
    ],
)
def test_what_needs_no_connection_reaches_clients_and_leaves_a_receipt(served, space, client, fault, said):
    served.ask("PUT", f"/__space/{space}/__admin/faults", json_body={"faults": [fault]})

    assert client(f"{served.url}/__space/{space}{JS_DOOR}") == said
    [exchange] = journal(served, space)
    assert [(receipt["fault"], receipt["ending"]) for receipt in exchange["receipts"]] == [(*fault, "kept")]


@pytest.mark.parametrize("fault", ["dribble", "truncate", "wrong_length", "empty", "close", "reset", "hang"])
def test_what_needs_the_connection_is_refused_with_the_way_out(served, space, fault):
    answer = served.ask("PUT", f"/__space/{space}/__admin/faults", json_body={"faults": [{fault: {}}]})

    assert answer.status == 400
    assert "--server gunicorn" in answer.json["error"]


def test_a_scenario_whose_faults_cannot_be_performed_is_refused_at_the_start(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("scenario: mine\nstubs:\n  - then: not_available\n    faults: [{reset: {}}]\n")

    done = command("serve", "--port", 0, "--scenario", file)

    assert done.returncode == 2
    assert f"{file}:4" in done.stderr
    assert "--server gunicorn" in done.stderr


# --- processes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_end_with_a_server_that_was_killed(workers):
    with launched("--workers", workers) as (process, _):
        lines_of(process, 1)
        found = eventually(lambda: children(process.pid), lambda found: len(found) >= workers)
        os.kill(process.pid, signal.SIGKILL)

        eventually(lambda: [child for child in found if alive(child)], lambda left: left == [])


def alive(process):
    try:
        return state_of(process) != "Z"
    except FileNotFoundError:
        return False


def test_a_worker_that_dies_again_at_once_ends_the_server():
    with launched() as (process, stderr):
        lines_of(process, 1)
        killed = []
        for _ in range(2):
            [worker] = eventually(lambda: [child for child in children(process.pid) if child not in killed], bool)
            killed.append(worker)
            os.kill(worker, signal.SIGKILL)

        assert process.wait(60) == 1
        stderr.seek(0)
        assert "crash loop" in stderr.read()


def test_variables_of_the_process_do_not_become_headers():
    with running(env={"HTTP_MOCK_SPACE": "smuggled", "HTTP_PROXY": "http://user:secret@proxy"}) as served:
        served.ask("POST", JS_DOOR)

        [exchange] = served.ask("GET", "/__admin/journal").json["exchanges"]
        assert not exchange["call"]["headers"].keys() & {"proxy", "mock-space"}


# --- what is lost ----------------------------------------------------------------------------------------


def test_a_client_that_gives_up_on_a_late_reply_is_not_noticed(served, space):
    served.ask("PUT", f"/__space/{space}/__admin/faults", json_body={"faults": [{"delay": {"ms": 1500}}]})

    assert by_curl(f"{served.url}/__space/{space}{JS_DOOR}", wait_s=0.5) == "exit status 28"
    [exchange] = eventually(lambda: journal(served, space), lambda found: found and found[0]["receipts"])
    assert exchange["receipts"][0]["ending"] == "kept"


def test_a_call_waits_while_late_replies_have_all_threads():
    with running("--threads", 1) as served, Wire(served.url) as late:
        late.send(request("POST", JS_DOOR, b"{}", Prefer="delay-ms=1500"))
        time.sleep(0.2)  # nothing tells when it has the thread

        assert served.ask("POST", JS_DOOR).status == 200
        assert select.select([late._socket], [], [], 0)[0], "the late reply has come before it"


def test_the_journal_has_no_connections(served, space):
    served.ask("POST", f"/__space/{space}{JS_DOOR}")

    assert [exchange["call"]["connection"] for exchange in journal(served, space)] == [""]


def test_an_underscore_counts_as_a_dash(wire, served, space):
    wire.send(request("POST", JS_DOOR, b"{}").replace(b"Host:", b"Mock_Space: %s\r\nHost:" % space.encode()))

    assert wire.reply().status == 200
    assert len(journal(served, space)) == 1


def test_a_header_that_is_not_ascii_is_empty(wire, served, space):
    wire.send(request("POST", f"/__space/{space}{JS_DOOR}", b"{}", X_Name="caf\xe9"))

    assert wire.reply().status == 200
    assert journal(served, space)[0]["call"]["headers"]["x-name"] == ""


@pytest.mark.parametrize("chunks", [b"2\r\n{}\r\nnonsense\r\n", b"2\r\n{}0\r\n\r\n"])
def test_a_malformed_chunked_body_counts_as_what_came_before(wire, chunks):
    wire.send(request("POST", JS_DOOR, None, Content_Type="application/json", Transfer_Encoding="chunked"), chunks)

    assert wire.reply().status == 200


def test_the_page_has_a_line_for_each_attack():
    assert ON_PAGE.keys() == ATTACKS.keys()


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_answered_as_the_page_says(wire, name):
    wire.send(ATTACKS[name].sent)
    answer = wire.reply()

    assert ("nothing" if answer is None else str(answer.status)) == ON_PAGE[name]
