"""A small client of the engagement API with httpx, at the JS door.

Asks for an engagement, asks again as the same visitor, and reports that the chat button was shown.
ENGAGEMENT_URL is the base URL, ENGAGEMENT_ACCOUNT the account; the outcome is one JSON line and the exit status.
"""

import json
import os
import re
import sys
import time

import httpx

URL = os.environ["ENGAGEMENT_URL"].rstrip("/")
ACCOUNT = os.environ.get("ENGAGEMENT_ACCOUNT", "56072331")
DOOR = f"{URL}/api/account/{ACCOUNT}/getEngagement"
VISITORS = f"{URL}/api/account/{ACCOUNT}/app/engagement/visitors/"

PAUSES_S = (5, 10, 15)
LOADING = re.compile(r"^Loading account: (.+), vid: (.+)$")
EXITS = {"available": 0, "error": 1, "not_available": 3}


class Failed(Exception):
    """The server refused the call, or did not answer it in time."""


def with_retries(send, on_loading=lambda vid: None):
    """Call *send* until it is answered with 200, as the retry policy allows; tell *on_loading* the visitor id."""
    for pause_s in (*PAUSES_S, None):
        try:
            reply = send()
            said = reply.json() if reply.content else {}
        except (httpx.TransportError, ValueError):
            reply, said = None, {}
        if reply is not None and reply.status_code == 200:
            return said
        status = reply.status_code if reply is not None else "no whole reply"
        if reply is not None and reply.status_code < 500 and reply.status_code != 429:
            raise Failed(f"{status} {said.get('message', 'without a message')}")
        if pause_s is None:
            raise Failed(f"still {status} after {len(PAUSES_S)} retries")
        loading = LOADING.match(said.get("message") or "")
        if loading:
            on_loading(loading[2])
        time.sleep(pause_s)


def engagement(client, ids):
    """Ask for an engagement with the *ids* known so far, and keep those of the reply in them."""
    options = {"appType": "EXTERNAL", "appDetails": {"osVersion": "1.2", "ipAddress": "2001:db8::1"}}

    def learn(vid):
        if "sid" not in ids:
            ids["vid"] = vid

    reply = with_retries(lambda: client.post(DOOR, json=options | ids), learn)
    if reply.get("status") not in ("Available", "NotAvailable"):
        raise Failed(f"unknown status {reply.get('status')!r}")
    ids.update(vid=reply["visitorId"], sid=reply["sessionId"])
    return reply


def shown(client, ids, page_id, details):
    """Report that the chat button was shown."""
    event = {
        "type": "impDisplay",
        "campaign": int(details["campaignId"]),
        "engId": int(details["engagementId"]),
        "revision": details["engagementRevision"],
        "eContext": [{"type": "engagementContext", "id": details["contextId"]}],
    }
    body = {"pageId": page_id, "impAttributes": [event]}
    query = {"v": "1.0", "sid": ids["sid"]}
    with_retries(lambda: client.put(VISITORS + ids["vid"], params=query, json=body))


def visit():
    """Make one visit and return its outcome."""
    ids = {}
    # The base URL is where to go: no proxy, no ~/.netrc.
    with httpx.Client(timeout=20, trust_env=False) as client:
        if engagement(client, ids)["status"] == "NotAvailable":
            return "not_available"
        reply = engagement(client, ids)
        if reply["status"] == "NotAvailable":
            return "not_available"
        shown(client, ids, reply["pageId"], reply["engagementDetails"])
        return "available"


def main():
    """Visit, and report."""
    try:
        outcome, detail = visit(), None
    except Failed as failure:
        outcome, detail = "error", str(failure)
    print(json.dumps({"outcome": outcome, "detail": detail}))
    return EXITS[outcome]


if __name__ == "__main__":
    sys.exit(main())
