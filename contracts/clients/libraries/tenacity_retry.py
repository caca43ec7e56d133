"""One call through requests under tenacity's `@retry` as it comes; a status of 400 or more raises."""

import json
import os

import requests
import tenacity

account = os.environ["ENGAGEMENT_ACCOUNT"]
url = f"{os.environ['ENGAGEMENT_URL']}/api/account/{account}/app/engagement/visitors/?v=1.0"


@tenacity.retry
def ask():
    """Ask once."""
    reply = requests.post(url, json={"appType": "EXTERNAL"}, timeout=20)
    reply.raise_for_status()
    return reply.status_code


print(json.dumps({"status": ask()}))
