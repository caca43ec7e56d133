"""Opens the page in headless Chromium, waits until it reports its outcome, and passes it on.

Needs Chromium and nothing else: the page is served from here, and sends its outcome back here.
ENGAGEMENT_URL is the base URL, ENGAGEMENT_ACCOUNT the account; the outcome is one JSON line and the exit status.
"""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

PAGE = Path(__file__).with_name("page.html").read_bytes()
EXITS = {"available": 0, "error": 1, "not_available": 3}
PATIENCE_S = 120
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Handler(BaseHTTPRequestHandler):
    """Serves the page, and takes its outcome."""

    reports = queue.Queue()

    def do_GET(self):
        """Serve the page."""
        found = self.path.partition("?")[0] == "/"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE if found else b"")

    def do_POST(self):
        """Take the outcome."""
        report = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        self.reports.put(json.loads(report))

    def log_message(self, *_):
        """Keep quiet."""


def browser(profile, address):
    """Return the command that opens *address* in a fresh browser profile."""
    program = os.environ.get("BROWSER_PROGRAM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        sys.exit(f"no browser found; install one of {', '.join(BROWSERS)}, or name it in BROWSER_PROGRAM")
    flags = ["--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage",
             "--disable-background-networking", "--disable-component-update", f"--user-data-dir={profile}"]  # fmt: skip
    # Chromium refuses its sandbox to root, which is who runs most containers.
    return [program, *flags, *(["--no-sandbox"] if os.geteuid() == 0 else []), address]


def main():
    """Open the page, wait, report."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    query = {"url": os.environ["ENGAGEMENT_URL"], "account": os.environ.get("ENGAGEMENT_ACCOUNT", "56072331")}
    address = f"http://127.0.0.1:{server.server_port}/?{urlencode(query)}"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        chromium = subprocess.Popen(browser(profile, address), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            report = Handler.reports.get(timeout=PATIENCE_S)
        except queue.Empty:
            report = {"outcome": "crash", "detail": f"the page did not report within {PATIENCE_S} s"}
        finally:
            chromium.terminate()
            chromium.wait()
    print(json.dumps(report))
    return EXITS.get(report["outcome"], 70)


if __name__ == "__main__":
    sys.exit(main())
