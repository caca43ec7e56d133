"""A small client of the engagement API with aiohttp, at the REST door, as a mobile app (appType MSDK).

Asks for an engagement, asks again as the same visitor, and reports that the chat button was shown.
ENGAGEMENT_URL is the base URL, ENGAGEMENT_ACCOUNT the account; the outcome is one JSON line and the exit status.
"""

import asyncio
import json
import os
import re
import sys

import aiohttp

URL = os.environ["ENGAGEMENT_URL"].rstrip("/")
ACCOUNT = os.environ.get("ENGAGEMENT_ACCOUNT", "56072331")
VISITORS = f"{URL}/api/account/{ACCOUNT}/app/engagement/visitors/"
BODY = {
    "appType": "MSDK",
    "appDetails": {"os": "ANDROID", "osVersion": "2.4", "appVersion": "1.0", "deviceFamily": "MOBILE"},
    "engagementAttributes": [{"type": "personal", "personal": {"firstname": "Sarah", "gender": "FEMALE"}}],
}

PAUSES_S = (5, 10, 15)
LOADING = re.compile(r"^Loading account: (.+), vid: (.+)$")
EXITS = {"available": 0, "error": 1, "not_available": 3}


class Failed(Exception):
    """The server refused the call, or did not answer it in time."""


class Visit:
    """One visit: the identifiers of the latest reply go with the next call."""

    def __init__(self, session):
        self.session = session
        self.vid = ""
        self.sid = ""

    async def send(self, method, body):
        """Send one call; return its status and its body, or None for a reply that did not arrive whole."""
        query = {"v": "1.0"} | ({"sid": self.sid} if self.sid else {})
        try:
            async with self.session.request(method, VISITORS + self.vid, params=query, json=body) as reply:
                text = await reply.text()
                return reply.status, json.loads(text) if text else {}
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None, {}

    async def call(self, method, body):
        """Send a call, and again as long as the retry policy wants it; return the body of the reply."""
        for pause_s in (*PAUSES_S, None):
            status, said = await self.send(method, body)
            if status == 200:
                return said
            if status is not None and status < 500 and status != 429:
                raise Failed(f"{status} {said.get('message', 'without a message')}")
            if pause_s is None:
                raise Failed(f"still {status or 'no reply'} after {len(PAUSES_S)} retries")
            loading = LOADING.match(said.get("message") or "")
            if loading and not self.sid:
                self.vid = loading[2]
            await asyncio.sleep(pause_s)

    async def engagement(self):
        """Ask for an engagement; an unknown status is a failure."""
        reply = await self.call("POST", BODY)
        if reply.get("status") not in ("Available", "NotAvailable"):
            raise Failed(f"unknown status {reply.get('status')!r}")
        self.vid, self.sid = reply["visitorId"], reply["sessionId"]
        return reply

    async def shown(self, page_id, details):
        """Report that the chat button was shown."""
        event = {
            "type": "impDisplay",
            "campaign": int(details["campaignId"]),
            "engId": int(details["engagementId"]),
            "revision": details["engagementRevision"],
            "eContext": [{"type": "engagementContext", "id": details["contextId"]}],
        }
        await self.call("PUT", {"pageId": page_id, "impAttributes": [event]})


async def visit():
    """Make one visit and return its outcome."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        visit = Visit(session)
        if (await visit.engagement())["status"] == "NotAvailable":
            return "not_available"
        reply = await visit.engagement()
        if reply["status"] == "NotAvailable":
            return "not_available"
        await visit.shown(reply["pageId"], reply["engagementDetails"])
        return "available"


def main():
    """Visit, and report."""
    try:
        outcome, detail = asyncio.run(visit()), None
    except Failed as failure:
        outcome, detail = "error", str(failure)
    print(json.dumps({"outcome": outcome, "detail": detail}))
    return EXITS[outcome]


if __name__ == "__main__":
    sys.exit(main())
