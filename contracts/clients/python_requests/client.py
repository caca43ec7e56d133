"""A small client of the engagement API with requests, at the REST door.

Asks for an engagement, asks again as the same visitor, and reports that the chat button was shown.
ENGAGEMENT_URL is the base URL, ENGAGEMENT_ACCOUNT the account; the outcome is one JSON line and the exit status.
"""

import json
import os
import re
import sys
import time

import requests

URL = os.environ["ENGAGEMENT_URL"].rstrip("/")
ACCOUNT = os.environ.get("ENGAGEMENT_ACCOUNT", "56072331")
VISITORS = f"{URL}/api/account/{ACCOUNT}/app/engagement/visitors/"
BODY = {
    "appType": "EXTERNAL",
    "appDetails": {"os": "LINUX", "deviceFamily": "DESKTOP"},
    "consumerSections": ["Support"],
}

PAUSES_S = (5, 10, 15)
TIMEOUT_S = 20
LOADING = re.compile(r"^Loading account: (.+), vid: (.+)$")
EXITS = {"available": 0, "error": 1, "not_available": 3}


class Failed(Exception):
    """The server refused the call, or did not answer it in time."""


def send(session, method, vid, sid, body):
    """Send one call; return its status and its body, or None for a reply that did not arrive whole."""
    query = {"v": "1.0"} | ({"sid": sid} if sid else {})
    try:
        reply = session.request(method, VISITORS + vid, params=query, json=body, timeout=TIMEOUT_S)
        return reply.status_code, reply.json() if reply.content else {}
    except (requests.RequestException, ValueError):
        return None, {}


def call(session, method, vid, sid, body):
    """Send a call, and again as long as the retry policy wants it; return the body of the reply."""
    for pause_s in (*PAUSES_S, None):
        status, said = send(session, method, vid, sid, body)
        if status == 200:
            return said
        if status is not None and status < 500 and status != 429:
            raise Failed(f"{status} {said.get('message', 'without a message')}")
        if pause_s is None:
            raise Failed(f"still {status or 'no reply'} after {len(PAUSES_S)} retries")
        loading = LOADING.match(said.get("message") or "")
        if loading and not sid:
            vid = loading[2]
        time.sleep(pause_s)


def engagement(session, vid="", sid=""):
    """Ask for an engagement; an unknown status is a failure."""
    reply = call(session, "POST", vid, sid, BODY)
    if reply.get("status") not in ("Available", "NotAvailable"):
        raise Failed(f"unknown status {reply.get('status')!r}")
    return reply


def impression(details):
    """Return the event that tells of a chat button that was shown."""
    return {
        "type": "impDisplay",
        "campaign": int(details["campaignId"]),
        "engId": int(details["engagementId"]),
        "revision": details["engagementRevision"],
        "eContext": [{"type": "engagementContext", "id": details["contextId"]}],
    }


def visit():
    """Make one visit and return its outcome."""
    with requests.Session() as session:
        session.trust_env = False  # the base URL is where to go: no proxy, no ~/.netrc
        first = engagement(session)
        if first["status"] == "NotAvailable":
            return "not_available"
        reply = engagement(session, first["visitorId"], first["sessionId"])
        if reply["status"] == "NotAvailable":
            return "not_available"
        body = {"pageId": reply["pageId"], "impAttributes": [impression(reply["engagementDetails"])]}
        call(session, "PUT", reply["visitorId"], reply["sessionId"], body)
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
