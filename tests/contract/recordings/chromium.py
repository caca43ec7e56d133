"""Records the shipped page in Chromium, and lets Chromium itself export what it recorded as a HAR.

    mockserver serve --port 8080 --scenario tests/contract/recordings/loading.yaml
    python -m tests.contract.recordings.chromium http://127.0.0.1:8080 tests/contract/recordings/chromium.har

Its developer tools, which every Chromium carries, are opened as a page of their own that watches the first one; the
export is the function behind their button "Export HAR", which leaves cookies out.
"""

from __future__ import annotations

import asyncio
import json
import queue
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urljoin

import aiohttp

from contracts.clients.browser import drive

#: How many calls the developer tools have seen; they see none before they watch the page.
SEEN = """
(async () => (await import('./models/logs/logs.js')).NetworkLog.NetworkLog.instance().requests().length)()
"""
EXPORT = """
(async () => {
  const { Writer } = (await import('./models/har/har.js')).Writer;
  const { NetworkLog } = (await import('./models/logs/logs.js')).NetworkLog;
  const progress = { createSubProgress: () => ({ worked: 0 }) };
  return Writer.harStringForRequests(NetworkLog.instance().requests(), { sanitize: true }, progress);
})()
"""
PATIENCE_S = 60


class Tab:
    """A page of the browser, spoken to over the DevTools protocol."""

    def __init__(self, socket):
        self._socket = socket
        self._number = 0

    async def ask(self, method, **params):
        """Send one command and return its result."""
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        async for message in self._socket:
            said = message.json()
            if said.get("id") == self._number:
                assert "error" not in said, said
                return said["result"]
        raise AssertionError(f"Chromium went away before it answered {method}")

    async def value_of(self, expression):
        """Evaluate *expression* in the page."""
        said = await self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return said["result"].get("value")


@contextmanager
def chromium():
    """Run a headless Chromium of our own, and yield the address of its DevTools protocol."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        *words, address = drive.browser(profile, "about:blank")
        flags = ["--remote-debugging-port=0", "--remote-allow-origins=*", address]
        process = subprocess.Popen([*words, *flags], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        with process:
            said = iter(process.stderr)
            listening = next(filter(None, (re.search(r"ws://(127\.0\.0\.1:\d+)/", line) for line in said)))
            drain = threading.Thread(target=lambda: list(said), daemon=True)
            drain.start()
            try:
                yield listening[1]
            finally:
                process.terminate()
                drain.join()


@contextmanager
def page_for(url):
    """Serve the shipped page, and yield its address with the queue into which it reports."""
    reports = queue.Queue()
    handler = type("Handler", (drive.Handler,), {"reports": reports})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    query = urlencode({"url": url, "account": "56072331"})
    try:
        yield f"http://127.0.0.1:{server.server_port}/?{query}", reports
    finally:
        server.shutdown()
        server.server_close()


async def exported(address, page, reports):
    """Open *page* under the eyes of the developer tools, wait for its report, and return their export."""
    async with aiohttp.ClientSession() as http:

        async def opened(url):
            async with http.put(f"http://{address}/json/new?{url}") as answer:
                return await answer.json(content_type=None)

        blank = await opened("about:blank")
        tools = await opened(f"http://{address}/devtools/inspector.html?ws={address}/devtools/page/{blank['id']}")
        async with (
            http.ws_connect(blank["webSocketDebuggerUrl"], max_msg_size=0) as first,
            http.ws_connect(tools["webSocketDebuggerUrl"], max_msg_size=0) as second,
        ):
            watched, watching = Tab(first), Tab(second)
            while not await watching.value_of(SEEN):
                await watched.ask("Page.navigate", url=urljoin(page, "/nothing"))
            await watched.ask("Page.navigate", url=page)
            report = await asyncio.to_thread(reports.get, timeout=PATIENCE_S)
            return await watching.value_of(EXPORT), report


def recorded(url):
    """Record the shipped page against the API at *url*; return the HAR as text, and what the page reported."""
    with page_for(url) as (page, reports), chromium() as address:
        return asyncio.run(asyncio.wait_for(exported(address, page, reports), PATIENCE_S))


if __name__ == "__main__":
    text, _report = recorded(sys.argv[1])
    Path(sys.argv[2]).write_text(json.dumps(json.loads(text), indent=1) + "\n", encoding="utf-8")
