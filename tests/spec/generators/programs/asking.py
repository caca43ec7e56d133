"""What each program does with its generated client, and tells as JSON."""

import json
import sys

ACCOUNT = "56072331"


def play(get_engagement, create_first_session, update_session):
    """Make the calls; each function returns the status and what the client read, as plain JSON."""
    orders = json.loads(sys.argv[1])
    first = create_first_session(orders["base"])
    told = {
        "seed": get_engagement(orders["base"], orders["call"]),
        "first": first,
        "update": update_session(orders["base"], first["reply"]),
        "unknown": update_session(orders["base"], {"visitorId": "nobody", "sessionId": "none", "pageId": "1"}),
        "notAvailable": get_engagement(orders["notAvailable"], orders["call"]),
        "errors": {status: get_engagement(base, orders["call"]) for status, base in orders["errors"].items()},
    }
    json.dump(told, sys.stdout)
