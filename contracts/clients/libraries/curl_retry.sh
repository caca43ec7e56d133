#!/bin/sh
# One call through `curl --retry 3`, with everything else as it comes.
curl -sS --retry 3 -H 'Content-Type: application/json' --data-binary '{"appType": "EXTERNAL"}' \
  "$ENGAGEMENT_URL/api/account/$ENGAGEMENT_ACCOUNT/app/engagement/visitors/?v=1.0"
