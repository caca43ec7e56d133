"""Starting, stopping, and what stands around a serving process: ports, signals, tokens, files, workers."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.calling.asking import ask, ask_over, connection_to
from tests.support.calling.wire import Wire, request
from tests.support.serving.running import (
    COMMAND,
    PATIENCE,
    command,
    environment,
    eventually,
    launched,
    lines_of,
    running,
    stop,
)

JS_DOOR = "/api/account/1/getEngagement"


@pytest.fixture
def nowhere(tmp_path):
    """Return variables that send every temporary and personal file to folders that start empty."""
    for name in ("home", "runtime", "temporary"):
        (tmp_path / name).mkdir()
    return {
        "HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": str(tmp_path / "runtime"),
        "TMPDIR": str(tmp_path / "temporary"),
    }


def left_behind(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file() or path.is_socket())


# --- the start -------------------------------------------------------------------------------------------


def test_the_announced_url_answers_at_once():
    with launched(ready="text") as (process, _):
        [line] = lines_of(process, 1)
        url = re.search(r"http://127\.0\.0\.1:\d+", line)[0]

        assert ask(url, "GET", "/__admin/health").json["status"] == "ok"
        assert urlsplit(url).port not in (0, 8080)


def test_the_announcement_as_json_names_url_process_and_scenario():
    with launched("--scenario", "no-skill") as (process, _):
        [line] = lines_of(process, 1)
        ready = json.loads(line)

        assert ready == {
            "ready": True, "url": ready["url"], "host": "127.0.0.1", "port": int(ready["url"].rpartition(":")[2]),
            "pid": process.pid, "scenario": "no-skill",
        }  # fmt: skip
        assert ask(ready["url"], "GET", "/__admin/health").status == 200


def test_a_path_is_what_was_sent_whatever_the_environment_says():
    with running(env={"SCRIPT_NAME": "/left-by-somebody"}) as served:
        assert served.ask("POST", JS_DOOR).status == 200


def test_the_announcement_is_all_that_goes_to_standard_output():
    with launched("--workers", 2, "--access-log", "on") as (process, _):
        [line] = lines_of(process, 1)
        ask(json.loads(line)["url"], "GET", "/__admin/health")
        process.send_signal(signal.SIGTERM)

        assert process.stdout.read() == ""


@pytest.mark.parametrize(("host", "here"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])
def test_a_server_that_listens_on_every_address_says_so(host, here):
    with launched("--host", host, ready="text") as (process, _):
        [text] = lines_of(process, 1)
    with launched("--host", host) as (process, _):
        [line] = lines_of(process, 1)

    told = json.loads(line)
    assert re.search(rf"at http://{re.escape(here)}:(\d+), and on port \1 of every address of this machine \(", text)
    assert (told["url"], told["host"]) == (f"http://{here}:{told['port']}", host)


@pytest.mark.parametrize("to", ["| true", "> /dev/full"])
def test_a_server_whose_announcement_nobody_can_read_serves_all_the_same(to):
    line = f"{shlex.join(COMMAND)} serve --port 0 {to}"
    with subprocess.Popen(
        ["bash", "-c", line], stderr=subprocess.PIPE, text=True, env=environment(None), start_new_session=True
    ) as process:
        told = process.stderr.readline()
        url = re.match(r"Serving at (http://\S+); standard output could not be told: ", told)[1]
        status = ask(url, "GET", "/__admin/health").status
        os.killpg(process.pid, signal.SIGTERM)

    assert status == 200


def test_an_ipv6_address_stands_in_brackets():
    with running("--host", "::1") as served:
        assert served.url.startswith("http://[::1]:")
        assert served.ask("POST", JS_DOOR).status == 200


def test_a_port_in_use_is_refused_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = command("serve", "--port", port)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"mockserver: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "stop the other server, or choose another port (0 finds a free one)\n"
    )


@pytest.mark.parametrize("host", ["nobody.invalid", "a..b", "ä..ö", "x" * 300, "::zz", "a b"])
def test_a_host_that_does_not_exist_is_refused_in_one_line(host):
    done = command("serve", "--port", 0, "--host", host)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--host takes an address of this machine, or a name of one" in done.stderr


def test_an_address_of_another_machine_is_refused():
    done = command("serve", "--port", 0, "--host", "192.0.2.1")

    assert done.returncode == 2
    assert "cannot listen on 192.0.2.1:0" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "env", "told"),
    [
        pytest.param(["--workrs", "2"], {}, "did you mean '--workers'?", id="flag"),
        pytest.param(["--workers", "many"], {}, "--workers many must be a whole number from 1 to 64", id="value"),
        pytest.param([], {"MOCKSERVER_READY": "jsno"}, "did you mean 'json'?", id="choice"),
        pytest.param(["--scenario", "not-avilable"], {}, "did you mean 'not-available'?", id="preset"),
        pytest.param(["--store", "rediss3://host"], {}, "did you mean 'rediss'?", id="store"),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest_that_is_known(arguments, env, told):
    done = command("serve", *arguments, env=env)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_an_unknown_key_of_a_settings_file_is_refused(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text("session_lifetime = 60\n")

    done = command("serve", "--config", file)

    assert done.returncode == 2
    assert f"{file}: 'session_lifetime' is no setting; did you mean 'session_lifetime_s'?" in done.stderr


def test_several_workers_need_a_store_that_they_share():
    done = command("serve", "--workers", 2, "--store", "memory:")

    assert done.returncode == 2
    assert "set it to sqlite:PATH, lmdb:PATH or redis://HOST:PORT/DB; or set workers to 1" in done.stderr


def test_a_broken_scenario_is_refused_by_line_key_and_nearest_key(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("scenario: mine\nstubs:\n  - name: one\n    thn: not_available\n")

    done = command("serve", "--scenario", file)

    assert done.returncode == 2
    assert f"{file}:4:" in done.stderr
    assert "'thn'" in done.stderr
    assert "did you mean 'then'?" in done.stderr


SELDOM = [
    ("GET", "/__admin/journal", {}),
    ("GET", "/nowhere", {}),
    ("POST", f"{JS_DOOR}?a=1", {}),
    ("POST", JS_DOOR, {"json_body": {"appType": "WEB"}}),
    *(
        ("POST", JS_DOOR, {"headers": {name: value}})
        for name, value in {"Prefer": "delay-ms=1", "Cookie": "a=b", "Origin": "http://a.example", "Host": "A"}.items()
    ),
]


@pytest.mark.parametrize("first", range(0, len(SELDOM), 2))
def test_what_is_loaded_late_may_be_needed_by_many_at_once(first):
    with running() as served, ThreadPoolExecutor(len(SELDOM)) as threads:
        asked = [threads.submit(served.ask, m, p, **w) for m, p, w in SELDOM[first:] + SELDOM[:first]]

        assert {answer.result().status for answer in asked} == {200, 400, 404}


# --- the stop --------------------------------------------------------------------------------------------


def refuses_connections(served):
    where = urlsplit(served.url)
    try:
        with socket.create_connection((where.hostname, where.port), timeout=PATIENCE):
            return False
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:  # it was waiting to be accepted when the listener closed
        return False


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_lets_replies_under_way_finish_and_takes_no_more_calls(workers):
    with running("--workers", workers) as served, ThreadPoolExecutor() as threads:
        reply = threads.submit(served.ask, "POST", JS_DOOR, headers={"Prefer": "delay-ms=1000"})
        eventually(lambda: served.ask("GET", "/__admin/journal").json["entries"], lambda found: found == 1)
        under_way = not reply.done()
        served.process.send_signal(signal.SIGTERM)
        eventually(lambda: refuses_connections(served), bool)

        assert under_way
        assert reply.result().status == 200
        assert served.process.wait(PATIENCE) == 0


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_and_all_its_processes(by):
    with running("--workers", 2) as served:
        workers = served.workers(2)
        stop(served, by)

        assert served.process.returncode == 0
        assert [worker for worker in workers if Path(f"/proc/{worker}").exists()] == []


@pytest.mark.parametrize("answered", [True, False])
def test_an_idle_connection_is_closed_at_once_by_a_stop_that_waits_for_a_late_reply(answered):
    with running() as served, closing(connection_to(served.url)) as idle, ThreadPoolExecutor() as threads:
        idle.connect()
        if answered:
            assert ask_over(idle, "GET", "/__admin/health").status == 200
        reply = threads.submit(served.ask, "POST", JS_DOOR, headers={"Prefer": "delay-ms=1900"})
        eventually(lambda: served.ask("GET", "/__admin/journal").json["entries"], lambda found: found == 1)
        served.process.send_signal(signal.SIGTERM)
        idle.sock.settimeout(PATIENCE)
        last = idle.sock.recv(1)

        assert (last, reply.done()) == (b"", False)
        assert reply.result().status == 200


def test_an_idle_kept_alive_connection_does_not_hold_up_the_stop():
    with running() as served, closing(connection_to(served.url)) as idle:
        assert ask_over(idle, "GET", "/__admin/health").status == 200
        stop(served)

        assert served.process.returncode == 0


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGQUIT])
def test_ctrl_c_does_not_wait_for_a_late_reply(by):
    with running() as served, ThreadPoolExecutor() as threads:
        reply = threads.submit(served.ask, "POST", JS_DOOR, headers={"Prefer": "delay-ms=20000"})
        eventually(lambda: served.ask("GET", "/__admin/journal").json["entries"], lambda found: found == 1)
        stop(served, by)

        assert isinstance(reply.exception(), ConnectionError | HTTPException)


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_is_left_on_the_disk(nowhere, tmp_path, workers):
    with running("--workers", workers, env=nowhere, cwd=tmp_path) as served:
        assert served.ask("POST", JS_DOOR).status == 200
        while_serving = left_behind(tmp_path)

    assert left_behind(tmp_path) == []
    assert ("state" in while_serving) == (workers == 2)
    assert [name for name in while_serving if not name.startswith("state")] == []


@pytest.mark.parametrize("amiss", [["--scenario", "nonsense"], ["--host", "192.0.2.1"]])
def test_a_refused_start_leaves_nothing_on_the_disk(nowhere, tmp_path, amiss):
    done = command("serve", "--port", 0, "--workers", 2, *amiss, env=nowhere, cwd=tmp_path)

    assert done.returncode == 2
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("by", "status"),
    [(signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGQUIT, 0), (signal.SIGINT, 130)],
)
def test_a_start_that_is_called_off_leaves_nothing_on_the_disk(nowhere, tmp_path, by, status):
    with launched("--workers", 2, env=nowhere) as (process, stderr):
        eventually(lambda: list((tmp_path / "temporary").iterdir()), bool)
        process.send_signal(by)
        process.wait(PATIENCE)
        stderr.seek(0)

        assert (process.returncode in (0, status), stderr.read()) == (True, "")
        assert list((tmp_path / "temporary").iterdir()) == []


def test_a_folder_and_a_home_that_cannot_be_written_are_no_obstacle():
    with running("--workers", 2, env={"HOME": "/proc"}, cwd=Path("/proc")) as served:
        assert served.ask("POST", JS_DOOR).status == 200


# --- who may steer ---------------------------------------------------------------------------------------


def test_on_a_loopback_address_no_token_is_needed():
    with running() as served:
        assert served.admin_token is None
        assert served.ask("GET", "/__admin/spaces").status == 200


def test_elsewhere_the_admin_api_asks_for_the_announced_token_and_the_contract_for_none():
    with running("--host", "0.0.0.0") as served:
        right = {"Authorization": f"Bearer {served.admin_token}"}
        answers = {
            "none": served.ask("GET", "/__admin/spaces"),
            "wrong": served.ask("GET", "/__admin/spaces", headers={"Authorization": "Bearer x"}),
            "right": served.ask("GET", "/__admin/spaces", headers=right),
            "contract": served.ask("POST", JS_DOOR),
            "probe": served.ask("GET", "/__admin/health"),
        }

        assert {name: answer.status for name, answer in answers.items()} == {
            "none": 401, "wrong": 401, "right": 200, "contract": 200, "probe": 200,
        }  # fmt: skip
        assert len(served.admin_token) >= 32
        assert served.admin_token not in served.log()


def test_people_are_told_the_token_once_on_standard_error():
    with launched("--host", "0.0.0.0", "--workers", 2, ready="text") as (process, stderr):
        [line] = lines_of(process, 1)
        url = re.search(r"http://127\.0\.0\.1:\d+", line)[0]

        def tokens():
            stderr.seek(0)
            return re.findall(r"^Admin token: (\S+)$", stderr.read(), re.MULTILINE)

        [token] = eventually(tokens, bool)
        answer = ask(url, "GET", "/__admin/spaces", headers={"Authorization": f"Bearer {token}"})

        assert answer.status == 200
        assert tokens() == [token]
        assert token not in line


def test_a_token_of_ones_own_is_not_told():
    with running("--host", "0.0.0.0", env={"MOCKSERVER_ADMIN_TOKEN": "tell-nobody\n"}) as served:
        answer = served.ask("GET", "/__admin/spaces", headers={"Authorization": "Bearer tell-nobody"})

        assert answer.status == 200
        assert served.admin_token is None
        assert "tell-nobody" not in served.log()


# --- while it runs ---------------------------------------------------------------------------------------


def test_a_scenario_file_that_breaks_leaves_the_one_before_in_force_and_says_why(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("scenario: mine\nstubs:\n  - then: not_available\n")
    with running("--scenario", file) as served:
        file.write_text("scenario: mine\nstubs:\n  - thn: not_available\n")
        answer = served.ask("POST", JS_DOOR)
        told = served.ask("GET", "/__admin/scenario").json

        assert answer.json["status"] == "NotAvailable"
        assert "did you mean 'then'?" in told["error"]


def test_the_access_log_has_neither_queries_nor_bodies():
    with running("--access-log", "on") as served:
        served.ask("POST", f"{JS_DOOR}?secret=in-the-query", json_body={"secret": "in-the-body"})
        served.ask("POST", JS_DOOR, headers={"Cookie": "LPVID=in-the-cookie"})

        route = re.escape("/api/account/{accountId}/getEngagement")
        logged = eventually(served.log, lambda said: len(re.findall(rf'"POST {route}" 200 ', said)) == 2)
        assert "in-the" not in logged


def test_the_access_log_names_routes_and_not_who_stands_in_a_path():
    asked = [
        ("POST", "/__space/blue/api/account/56072331/app/engagement/visitors/anna?v=1.0", 400),
        ("DELETE", "/__admin/spaces/anna", 404),
        ("GET", "/customers/anna", 404),
        ("DELETE", "/api/account/56072331/app/engagement/visitors/anna", 405),
        ("POST", "//api/account/56072331/getEngagement", 404),
        ("GET", "/__space/Anna/api", 404),
    ]
    with running("--access-log", "on") as served:
        for method, path, status in asked:
            assert served.ask(method, path).status == status

        logged = eventually(served.log, lambda said: said.count("\n") == len(asked))
        assert "anna" not in logged.lower()
        assert "56072331" not in logged
        assert re.findall('"(.*?)"', logged) == [
            "POST /__space/blue/api/account/{accountId}/app/engagement/visitors/{visitorId}",
            "DELETE /__admin/spaces/{space}",
            *["GET (no such path)", "DELETE (no such path)", "POST (no such path)", "GET (no such path)"],
        ]


def test_nothing_that_a_client_sends_writes_a_line_of_its_own_or_is_obeyed_by_a_terminal():
    with running("--access-log", "on") as served, Wire(served.url) as wire:
        wire.send(request("GET", "/%0aFORGED%1b[31m", Mock_Space="x", X_Forged="\x9b31m"))
        assert wire.reply().status == 404

        logged = eventually(served.log, lambda said: "GET" in said)
        assert logged.count("\n") == 1
        assert "FORGED" not in logged
        assert logged.rstrip("\n").isprintable()


def test_without_the_access_log_a_served_call_is_not_logged():
    with running() as served:
        assert served.ask("POST", JS_DOOR).status == 200

        assert served.log() == ""
