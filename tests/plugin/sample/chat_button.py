"""Decides whether a page shows its chat button: asks LivePerson for an engagement."""

import json
import urllib.error
import urllib.request


class Visit:
    """One visit of one consumer."""

    def __init__(self, url, account="56072331", app_type="EXTERNAL"):
        self._door = f"{url}/api/account/{account}/getEngagement"
        self._app_type = app_type
        self._ids = {}

    def has_button(self):
        """Ask, and again with the ids of the first answer; an engagement is a button, an error is none."""
        body = {"appType": self._app_type, **self._ids}
        request = urllib.request.Request(self._door, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                told = json.load(answer)
        except urllib.error.HTTPError as refusal:
            refusal.close()
            return False
        self._ids = {"vid": told["visitorId"], "sid": told["sessionId"]}
        return told["status"] == "Available"
