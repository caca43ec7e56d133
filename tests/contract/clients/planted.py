"""A right client with one planted defect: `planted.py DOOR DEFECT`, or none.

It speaks HTTP on a bare socket, because thousands of runs have to start fast. PAUSES_S shortens the pauses.
`playing.py` runs it without a process, and without waiting.
"""

import json
import os
import re
import socket
import sys
import time

LOADING = re.compile(r"^Loading account: (.+), vid: (.+)$")
EXITS = {"available": 0, "error": 1, "not_available": 3}


class Failed(Exception):
    pass


class Client:
    #: How long it waits for a reply.
    patience_s = 20
    #: How long it waits before each retry.
    pauses_s = (5, 10, 15)

    def __init__(self, url, account, door, defect="", sleep=time.sleep):
        self.host, _, self.prefix = url.removeprefix("http://").partition("/")
        self.account = account
        self.sleep = sleep
        self.defect = defect
        self.door = door
        self.vid = ""
        self.sid = ""
        self.first = True
        self.contexts = []

    def has(self, defect):
        return self.defect == defect

    def send(self, method, path, query, body):
        """Send one call; return its status and its body, or None for a reply that did not arrive whole."""
        text = json.dumps(body).encode()
        query = "&".join(f"{name}={value}" for name, value in query)
        target = f"/{self.prefix}{path}" + ("?" if query else "") + query
        kind = "text/plain" if self.has("content-type") else "application/json"
        head = f"{method} {target} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\nContent-Type: {kind}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers())
        head += f"Content-Length: {len(text)}\r\n\r\n"
        name, _, port = self.host.partition(":")
        try:
            with socket.create_connection((name, int(port)), timeout=self.patience_s) as connection:
                connection.sendall(head.encode() + text)
                reply = b"".join(iter(lambda: connection.recv(65536), b""))
            headers, _, content = reply.partition(b"\r\n\r\n")
            return int(headers.split()[1]), json.loads(content) if content else {}
        except (OSError, ValueError, IndexError):
            return None, {}

    def headers(self):
        """Return headers of every call, beside those that it needs."""
        more = [("X-HTTP-Method-Override", "PUT")] if self.has("override-always") else []
        return [*more, ("Prefer", "code=299")] if self.has("prefers") else more

    def pauses(self, _status):
        """Return the pauses before the retries that may follow such an answer; None is a reply that got lost."""
        return self.pauses_s * 2 if self.has("too-many-retries") else self.pauses_s

    def call(self, build):
        """Send what *build* makes, again as long as the policy wants it."""
        for tried in range(100):
            status, said = self.send(*build())
            if status == 200:
                return said
            pauses = self.pauses(status)
            pause_s = pauses[tried] if tried < len(pauses) else None
            if self.has("dies-of-5xx") and status == 500:
                raise AssertionError(status)
            if self.has("message-required") and status is not None:
                said["message"].upper()
            loading = LOADING.match(said.get("message") or "")
            if self.has("loading-is-not-available") and loading:
                return {"status": "NotAvailable"}
            final = self.is_final(status)
            if final and not self.has("retry-4xx"):
                raise Failed(status)
            if pause_s is None or (self.has("no-retry") and status != 429):
                raise Failed(status)
            if loading and not self.sid:
                self.vid = "" if self.has("loading-without-vid") else loading[2]
                if self.has("loading-stale-sid"):
                    self.sid = "from-last-week"
            self.sleep(self.pause(pause_s, status))
        return {}

    def is_final(self, status):
        return status is not None and status < 500 and status != 429

    def pause(self, pause_s, status):
        if status == 429:
            return 0 if self.has("hasty-429") else pause_s + 0.2
        return pause_s / 4 if self.has("short-pauses") else pause_s

    def ids(self):
        """Return the ids that go with the next request."""
        vid, sid = self.vid, self.sid
        if not self.first:
            if self.has("drop-sid"):
                sid = ""
            if self.has("drop-vid"):
                vid = ""
            if self.has("drop-both"):
                vid = sid = ""
            if self.has("change-vid"):
                vid = "made-up-here"
            if self.has("made-up-sid"):
                sid = "made-up-here"
        return vid, sid

    def ask(self):
        vid, sid = self.ids()
        app_type = {"appType": "EXTERNAL"}
        if self.has("app-type-wrong"):
            app_type = {"appType": "WEB"}
        if self.has("app-type-missing"):
            app_type = {}
        body = {**app_type, "appDetails": {"os": "AMIGA" if self.has("os-wrong") else "LINUX"}}
        if self.has("sections-as-text"):
            body["consumerSections"] = "Support,English"
        if self.door == "js":
            return "POST", f"/api/account/{self.account}/getEngagement", [], {
                **body, **({"vid": vid} if vid else {}), **({"sid": sid} if sid else {})}  # fmt: skip
        visitors = "visitor/x" if self.has("singular-path") else f"visitors/{vid}"
        query = [] if self.has("v-missing") else [("v", "2.0" if self.has("v-wrong") else "1.0")]
        query += [("sid", sid)] if sid else []
        query += [("v", "1.0")] if self.has("v-twice") else []
        method = "GET" if self.has("get") else "PUT" if self.has("engagement-by-put") and self.vid else "POST"
        return method, f"/api/account/{self.account}/app/engagement/{visitors}", query, body

    def engagement(self):
        reply = self.call(self.ask)
        status = reply.get("status")
        if status == "NotAvailable":
            if self.has("retry-not-available"):
                self.vid, self.sid = reply["visitorId"], reply["sessionId"]
                self.sleep(self.pauses_s[0])
                self.call(self.ask)
            return reply
        if status != "Available" and not self.has("unknown-is-available"):
            raise Failed(f"unknown status {status}")
        if status == "Available":
            self.check(reply)
        if self.first or not self.has("keep-old-sid"):
            self.vid, self.sid = reply["visitorId"], reply["sessionId"]
        self.first = False
        if "engagementDetails" in reply:
            self.contexts.append(reply["engagementDetails"]["contextId"])
        return reply

    def check(self, reply):
        """Fail like a client that takes more for granted than the contract grants."""
        details = reply["engagementDetails"]
        if self.has("numeric-ids"):
            assert isinstance(details["campaignId"], int)
        if self.has("text-ids"):
            assert isinstance(details["engagementId"], str)
        if self.has("closed-reply"):
            assert reply.keys() == {"status", "sessionId", "visitorId", "pageId", "engagementDetails"}
        if self.has("skill-required"):
            details["skillName"].upper()
        if self.has("connector-forbidden"):
            assert "connectorId" not in details

    def update(self, reply):
        details = reply["engagementDetails"]
        context = "99" if self.has("made-up-context") else details["contextId"]
        if self.has("context-of-the-session-before"):
            context = self.contexts[0]
        event = {"type": "impDisplay", "campaign": int(details["campaignId"]), "engId": int(details["engagementId"]),
                 "revision": details["engagementRevision"],
                 "eContext": [{"type": "engagementContext", "id": context}]}  # fmt: skip
        page = {} if self.has("page-missing") else {"pageId": reply["pageId"]}
        member = "engagementAttributes" if self.has("impression-as-attribute") else "impAttributes"
        query = [("v", "1.0")] + ([] if self.has("update-without-sid") else [("sid", self.sid)])
        path = f"/api/account/{self.account}/app/engagement/visitors/{self.vid}"
        more = {"padding": "x" * 3_000_000} if self.has("body-too-large") else {}
        method = "POST" if self.has("update-by-post") else "PUT"
        self.call(lambda: (method, path, query, {**page, member: [event], **more}))

    def visit(self):
        if self.engagement()["status"] == "NotAvailable":
            return "not_available"
        reply = self.engagement()
        if reply.get("status") == "NotAvailable":
            return "not_available"
        if "engagementDetails" in reply:
            self.update(reply)
        return "available"


def outcome_of(client):
    """Let *client* make its visit, and return what comes out."""
    try:
        return client.visit()
    except Failed:
        return "error"


def main():
    url, account = os.environ["ENGAGEMENT_URL"], os.environ["ENGAGEMENT_ACCOUNT"]
    client = Client(url, account, sys.argv[1], "".join(sys.argv[2:]))
    client.pauses_s = [float(pause) for pause in os.environ["PAUSES_S"].split(",")]
    outcome = outcome_of(client)
    if client.has("never-ends"):
        time.sleep(3600)
    sys.stdout.write(json.dumps({"outcome": outcome}) + "\n")
    return EXITS[outcome]


if __name__ == "__main__":
    sys.exit(main())
