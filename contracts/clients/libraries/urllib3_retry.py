"""One call through urllib3 with `Retry()` as it comes."""

import json
import os

import urllib3

account = os.environ["ENGAGEMENT_ACCOUNT"]
url = f"{os.environ['ENGAGEMENT_URL']}/api/account/{account}/app/engagement/visitors/?v=1.0"
pool = urllib3.PoolManager(retries=urllib3.Retry())
try:
    reply = pool.request("POST", url, json={"appType": "EXTERNAL"})
    print(json.dumps({"status": reply.status}))
except urllib3.exceptions.HTTPError as error:
    print(json.dumps({"failed": str(error)}))
