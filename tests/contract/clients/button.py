"""The ten-line client of the docs: it asks once, as the standard library does, and says what came out."""

import json
import os
import urllib.error
import urllib.request

door = f"{os.environ['ENGAGEMENT_URL']}/api/account/{os.environ['ENGAGEMENT_ACCOUNT']}/app/engagement/visitors/?v=1.0"
body = json.dumps({"appType": "EXTERNAL"}).encode()
call = urllib.request.Request(door, body, {"Content-Type": "application/json"})
try:
    with urllib.request.urlopen(call) as reply:
        status = json.load(reply)["status"]
    outcome = {"Available": "available", "NotAvailable": "not_available"}.get(status, "error")
except (urllib.error.HTTPError, ConnectionError):
    outcome = "error"
print(json.dumps({"outcome": outcome}))
