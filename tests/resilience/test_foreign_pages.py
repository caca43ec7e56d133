"""Pages in a real browser on the same machine, served from another port: what they may do to the mock, and what not."""

import queue
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.programs import needs_program
from tests.support.serving.running import eventually, running

JS_DOOR = "/api/account/1/getEngagement"
PATIENCE_S = 120

#: Does what a page may do without asking first, and reports what it could read.
PAGE = """<!doctype html><iframe name=f></iframe><form method=post target=f></form><script>
const mock = new URLSearchParams(location.search).get("mock");
const report = seen => fetch("/report", {method: "POST", body: JSON.stringify(seen)});
const seen = {};
const ask = async (name, path, options) => {
  try { seen[name] = (await fetch(mock + path, options)).status } catch { seen[name] = "denied" }
};
const steer = async () => {
  await ask("simple post", "/__admin/reset", {method: "POST", mode: "no-cors"});
  await ask("delete", "/__admin/journal", {method: "DELETE"});
  await ask("delete with two slashes", "//__admin/journal", {method: "DELETE"});
  await ask("read", "/__admin/journal");
  await ask("call", "/api/account/1/getEngagement", {method: "POST"});
  report(seen);
};
const form = document.querySelector("form");
form.action = mock + "/__admin/reset";
form.submit();
steer();
</script>"""


@contextmanager
def page_server():
    """Serve the page, and give its address and a queue of what it reports."""
    reports = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def do_POST(self):
            reports.put(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/", reports
        server.shutdown()


@pytest.fixture
def browser(tmp_path):
    """Return a function that opens an address, until the test is over."""
    program = needs_program("chromium", debian_package="chromium")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]
    opened = []

    def open_address(address):
        command = [program, *flags, "--disable-background-networking", f"--user-data-dir={tmp_path}/profile", address]
        opened.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    yield open_address
    for process in opened:
        process.terminate()
        process.wait()


def test_a_page_of_another_local_port_may_call_the_contract_and_steers_nothing(browser):
    with running("--access-log", "on") as served, page_server() as (address, reports):
        served.ask("POST", JS_DOOR)
        browser(f"{address}?mock={served.url.replace('127.0.0.1', 'localhost')}")

        seen = reports.get(timeout=PATIENCE_S)
        entries = served.ask("GET", "/__admin/journal").json["exchanges"]
        logged = eventually(served.log, lambda said: said.count("/__admin/reset") == 2)

    assert seen == (
        '{"simple post":0,"delete":"denied","delete with two slashes":"denied","read":"denied","call":200}'
    ), "0 is a reply that the page may not read"
    assert [entry["call"]["path"] for entry in entries] == [JS_DOOR, "//__admin/journal", JS_DOOR], "nothing was lost"
    assert logged.count('"POST /__admin/reset" 403') == 2, "the form, and the script without asking first"
