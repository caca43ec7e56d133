#!/bin/sh
# A small client of the engagement API with curl and jq, at the REST door.
#
# Asks for an engagement, asks again as the same visitor, and reports that the chat button was shown.
# ENGAGEMENT_URL is the base URL, ENGAGEMENT_ACCOUNT the account; the outcome is one JSON line and the exit status.
set -u

visitors="${ENGAGEMENT_URL%/}/api/account/${ENGAGEMENT_ACCOUNT:-56072331}/app/engagement/visitors/"
reply=$(mktemp)
trap 'rm -f "$reply"' EXIT

finish() { # outcome, exit status, detail
  jq -cn --arg outcome "$1" --arg detail "$3" '{outcome: $outcome, detail: $detail}'
  exit "$2"
}

# Sends one call; sets status, 000 for a reply that did not arrive whole or is no JSON.
send() { # method, vid, sid, body
  status=$(curl -sS --noproxy '*' -o "$reply" -w '%{http_code}' -m 20 -X "$1" \
    -H 'Content-Type: application/json' -H 'Accept: application/json' \
    --data-binary "$4" "$visitors$2?v=1.0${3:+&sid=$3}" 2>/dev/null) || status=000
  jq -e . "$reply" >/dev/null 2>&1 || [ ! -s "$reply" ] || status=000
}

# Sends a call, and again as long as the retry policy wants it; the body of the answer is in $reply.
call() { # method, vid, sid, body
  vid=$2
  for pause in 5 10 15 none; do
    send "$1" "$vid" "$3" "$4"
    [ "$status" = 200 ] && return
    case $status in
      429 | 5?? | 000) ;;
      *) finish error 1 "$status $(jq -r '.message // ""' "$reply")" ;;
    esac
    [ "$pause" = none ] && finish error 1 "still $status after 3 retries"
    loading=$(jq -r '.message // "" | capture("^Loading account: (.+), vid: (?<vid>.+)$").vid' "$reply" 2>/dev/null)
    [ -n "$loading" ] && [ -z "$3" ] && vid=$loading
    sleep "$pause"
  done
}

engagement() { # vid, sid
  call POST "$1" "$2" '{"appType": "EXTERNAL", "appDetails": {"os": "LINUX"}}'
  case $(jq -r '.status' "$reply") in
    Available) ;;
    NotAvailable) finish not_available 3 "" ;;
    *) finish error 1 "unknown status" ;;
  esac
}

engagement "" ""
engagement "$(jq -r .visitorId "$reply")" "$(jq -r .sessionId "$reply")"

update=$(jq -c '{pageId, impAttributes: [{
  type: "impDisplay",
  campaign: (.engagementDetails.campaignId | tonumber),
  engId: (.engagementDetails.engagementId | tonumber),
  revision: .engagementDetails.engagementRevision,
  eContext: [{type: "engagementContext", id: .engagementDetails.contextId}]}]}' "$reply")
call PUT "$(jq -r .visitorId "$reply")" "$(jq -r .sessionId "$reply")" "$update"
finish available 0 ""
