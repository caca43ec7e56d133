"""Journal records of a client under examination: defaults for what a test does not care about."""

import json

from contracts.contract.routes import Routes
from contracts.judging.attempts import attempts
from tests.support.harness.contract import CONTRACT as DOCUMENT

ROUTES = Routes(DOCUMENT)
VISITORS = "/api/account/56072331/app/engagement/visitors/"
JS_DOOR = "/api/account/56072331/getEngagement"
AVAILABLE = {
    "status": "Available", "visitorId": "xyz", "sessionId": "abc", "pageId": "4743822558",
    "engagementDetails": {"contextId": "1"},
}  # fmt: skip
NOT_AVAILABLE = {"status": "NotAvailable", "visitorId": "xyz", "sessionId": "abc", "pageId": "4743822558"}
LOADING = {"time": 1, "message": "Loading account: 56072331, vid: from-message", "internalCode": 20}
FAILED = {"time": 1, "internalCode": 18}


def a_record(at_s=0.0, status=200, said=AVAILABLE, **call):
    """Return the record of a call to the REST door that arrived *at_s* seconds after the run began."""
    body = call.get("body", {"appType": "EXTERNAL"})
    return (
        {
            "number": call.get("number", round(at_s * 1000) + 1),
            "arrived_ms": 1_790_000_000_000 + at_s * 1000,
            "took_us": 0,
            "call": {
                "method": call.get("method", "POST"),
                "sent_method": call.get("sent_method", call.get("method", "POST")),
                "path": call.get("path", VISITORS + call.get("vid", "")),
                "query": call.get("query", [["v", "1.0"]] + ([["sid", call["sid"]]] if "sid" in call else [])),
                "headers": call.get("headers", {"content-type": "application/json"}),
                "body": body if isinstance(body, str) else json.dumps(body),
                "connection": call.get("connection", f"127.0.0.1:{round(at_s * 1000) + 1}"),
            },
            "reply": {"status": status, "headers": [], "body": json.dumps(said), "delay_ms": call.get("delay_ms", 0)},
            "stub": call.get("stub", "engagement"),
            "violations": call.get("violations", []),
        }
        | ({"receipts": [{"fault": call["broken_by"], "ending": "rst"}]} if "broken_by" in call else {})
        | (
            {"receipts": [{"fault": "delay", "ending": "client", "sent_ms": call["left_after_ms"]}]}
            if "left_after_ms" in call
            else {}
        )
    )


def an_update(at_s, status=200, **call):
    """Return the record of an update that reports context 1 as shown."""
    event = {"type": "impDisplay", "eContext": [{"type": "engagementContext", "id": call.get("context", "1")}]}
    body = call.pop("body", {"pageId": "4743822558", "impAttributes": [event]})
    said = {} if status == 200 else FAILED
    return a_record(at_s, status, said, **{"method": "PUT", "body": body, "vid": "xyz", "sid": "abc", **call})


def read(*records):
    """Read records as the judge does."""
    return attempts(records, ROUTES)


def broken(judgements):
    """Return check and clause of every judgement against the client."""
    return [(judgement.check, judgement.clause) for judgement in judgements if not judgement.kept]


def kept(judgements):
    """Return the clauses that were put to the test and kept."""
    return {judgement.clause for judgement in judgements if judgement.kept}
