"""Servers that are broken in exactly one way, each with what must be found: the check, and the rules."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from contracts.errors import Unanswered
from tests.contract.servers.tampering import (
    Defect,
    accepting,
    body_of,
    changing,
    misreading,
    of,
    refused_for,
    with_body,
    with_header,
    with_members,
    without,
)

ENGAGEMENTS = ("getEngagement", "createFirstSession", "createSession")


@dataclass(frozen=True)
class BrokenServer:
    """One defect with the only thing that may be found."""

    sentence: str
    defect: Defect
    #: The function of the harness that finds it.
    check: str
    rules: frozenset[str] = field(default_factory=frozenset)
    #: Words that the cure holds.
    cure: str = ""
    #: The operations whose cases it is examined with; none named means all.
    operations: tuple[str, ...] = ()


def _engaged(call, reply):
    return of(call, *ENGAGEMENTS) and reply.status == 200


def _available(_call, reply):
    return body_of(reply).get("status") == "Available"


def _not_available(_call, reply):
    return body_of(reply).get("status") == "NotAvailable"


def _failed(_call, reply):
    return reply.status >= 400 and bool(body_of(reply))


def _loading(_call, reply):
    return body_of(reply).get("internalCode") == 20


def _updated(call, reply):
    return of(call, "updateSession") and reply.status == 200


def _with_details(reply, **members):
    details = {**body_of(reply)["engagementDetails"], **members}
    return with_members(reply, engagementDetails=details)


def _first_request(call):
    """Take away what makes the call a second request."""
    path = call.path[: call.path.rindex("/") + 1] if "/visitors/" in call.path else call.path
    query = tuple(pair for pair in call.query if pair[0] != "sid")
    return replace(without(call, "vid", "sid"), path=path, query=query)


def _other_text(old, new):
    """Change a text wherever it stands in a body."""
    return lambda message: replace(message, body=message.body.replace(old.encode(), new.encode()))


def _has(text):
    return lambda call: text.encode() in call.body


def _two_ids(call):
    return of(call, "getEngagement") and {"vid", "sid"} <= body_of(call).keys()


def _continued(call, reply):
    return _two_ids(call) and body_of(reply).get("sessionId") == body_of(call)["sid"]


def _as_text(reply):
    moment = datetime.fromtimestamp(body_of(reply)["time"] / 1000, UTC)
    return with_members(reply, time=moment.isoformat())


def _sids_of_no_one(answer):
    """Answer an unknown session with 404, as an update would."""

    def worse(call):
        reply = answer(call)
        if _two_ids(call) and reply.status == 200 and body_of(reply)["sessionId"] != body_of(call)["sid"]:
            entity = {"time": 1_800_000_000_000, "message": "sid", "internalCode": 39}
            return with_header(replace(with_body(reply, entity), status=404), "Set-Cookie", None)
        return reply

    return worse


def _silent(answer):
    def worse(call):
        if ("v", "2.0") in call.query:
            raise Unanswered("connection reset by peer")
        return answer(call)

    return worse


def _doubled(call):
    return len({name for name, _ in call.query}) < len(call.query)


def _once(call):
    return replace(call, query=tuple(dict(call.query).items()))


def _without_impressions(call):
    attributes = [each for each in body_of(call)["engagementAttributes"] if not str(each.get("type")).startswith("imp")]
    return with_members(call, engagementAttributes=attributes)


def _lower_case(call):
    return replace(call, path=call.path.replace("Msdkgw", "msdkgw"))


def _illegal_version(_call, reply):
    return refused_for(reply, "REST-400-VERSION") or refused_for(reply, "DOM-400-VERSION")


BROKEN_SERVERS = [
    BrokenServer(
        "one value of an enum is missing: os ANDROID is refused",
        misreading(_has('"ANDROID"'), _other_text("ANDROID", "AMIGA")),
        "expectation",
        frozenset({"GE-400-DETAILS"}),
        "answer 200 instead of 400",
    ),
    BrokenServer(
        "a digit string is read as an integer",
        misreading(_has('"numItems": "6"'), _other_text('"numItems": "6"', '"numItems": 6')),
        "expectation",
        frozenset({"GE-400-ATTRIBUTES"}),
        "answer 400 instead of 200",
    ),
    BrokenServer(
        "the required member pageId is missing",
        changing(_engaged, lambda reply: without(reply, "pageId")),
        "body_schema",
        frozenset({"GE-200-IDS"}),
        "send pageId",
    ),
    BrokenServer(
        "pageId is a number",
        changing(_engaged, lambda reply: with_members(reply, pageId=int(body_of(reply)["pageId"]))),
        "body_schema",
        frozenset({"GE-200-IDS"}),
        "send pageId as string",
    ),
    BrokenServer(
        "a required member of engagementDetails is missing",
        changing(
            _available,
            lambda reply: with_members(
                reply,
                engagementDetails={k: v for k, v in body_of(reply)["engagementDetails"].items() if k != "windowId"},
            ),
        ),
        "body_schema",
        frozenset({"GE-200-AVAILABLE"}),
        "send windowId in engagementDetails",
    ),
    BrokenServer(
        "200 instead of 401 on a second request without sid",
        accepting("GE-401-SID", _first_request, *ENGAGEMENTS),
        "expectation",
        frozenset({"GE-401-SID"}),
        "answer 401 instead of 200",
    ),
    BrokenServer(
        "200 instead of 401 on a second request without vid",
        accepting("GE-401-VID", _first_request, *ENGAGEMENTS),
        "expectation",
        frozenset({"GE-401-VID"}),
        "answer 401 instead of 200",
    ),
    BrokenServer(
        "errors are wrapped, as the Server Chat API does",
        changing(_failed, lambda reply: with_body(reply, {"error": body_of(reply)})),
        "error_entity",
        frozenset({"ERR-ENTITY"}),
        "send time",
    ),
    BrokenServer(
        "the time of an error is an ISO text",
        changing(_failed, _as_text),
        "error_entity",
        frozenset({"ERR-ENTITY"}),
        "send time as integer",
    ),
    BrokenServer(
        "the time of an error is in seconds",
        changing(_failed, lambda reply: with_members(reply, time=body_of(reply)["time"] // 1000)),
        "error_time",
        frozenset({"ERR-ENTITY"}),
        "multiply time by 1000",
    ),
    BrokenServer(
        "errors are told in plain text",
        changing(
            lambda _, reply: reply.status == 400,
            lambda reply: with_header(replace(reply, body=b"Bad Request"), "Content-Type", "text/plain"),
        ),
        "media_type",
        frozenset({"ERR-ENTITY"}),
        "send Content-Type: application/json",
    ),
    BrokenServer(
        "the session is not continued at the JS door",
        changing(_continued, lambda reply: with_members(reply, sessionId="a-new-session")),
        "expectation",
        frozenset({"GE-CONTINUE"}),
        "send sessionId as",
    ),
    BrokenServer(
        "the visitor changes with every call",
        changing(
            lambda call, reply: _two_ids(call) and reply.status == 200,
            lambda reply: with_members(reply, visitorId="somebody-else"),
        ),
        "expectation",
        frozenset({"GE-CONTINUE", "GE-NEW-SESSION", "GE-UNKNOWN-VISITOR"}),
        "send visitorId as",
    ),
    BrokenServer(
        "the sid of another visitor is accepted",
        accepting("GE-401-FOREIGN", _first_request, *ENGAGEMENTS),
        "expectation",
        frozenset({"GE-401-FOREIGN"}),
        "answer 401 instead of 200",
    ),
    BrokenServer(
        "an unknown session is answered with 404",
        _sids_of_no_one,
        "expectation",
        frozenset({"GE-NEW-SESSION", "GE-UNKNOWN-VISITOR", "GE-ACCOUNT"}),
        "answer 200 instead of 404",
    ),
    BrokenServer(
        "engagementDetails is null when nothing is available",
        changing(_not_available, lambda reply: with_members(reply, engagementDetails=None)),
        "body_schema",
        frozenset({"GE-200-NOTAVAILABLE"}),
        "leave engagementDetails out",
    ),
    BrokenServer(
        "the status is written with a space, as the IVR API does",
        changing(_not_available, lambda reply: with_members(reply, status="Not Available")),
        "body_schema",
        frozenset({"GE-200-STATUS"}),
        "send status as 'Available' or 'NotAvailable'",
    ),
    BrokenServer(
        "a new session is answered with 201, as the Monitoring API does",
        changing(_engaged, lambda reply: replace(reply, status=201)),
        "documented_status",
        frozenset({"GE-200-STATUS"}),
        "answer with a documented status instead of 201",
    ),
    BrokenServer(
        "a reply is declared as a web page",
        changing(_engaged, lambda reply: with_header(reply, "Content-Type", "text/html")),
        "media_type",
        frozenset({"REP-TYPE"}),
        "send Content-Type: application/json",
    ),
    BrokenServer(
        "an update is answered with a body",
        changing(_updated, lambda reply: with_header(replace(reply, body=b"{}"), "Content-Type", "application/json")),
        "empty_body",
        frozenset({"US-EMPTY-REPLY"}),
        "send no body",
    ),
    BrokenServer(
        "405 comes without Allow",
        changing(lambda _, reply: reply.status == 405, lambda reply: with_header(reply, "Allow", None)),
        "allow_header",
        frozenset({"REQ-405"}),
        "send Allow:",
    ),
    BrokenServer(
        "a method that the path does not allow is not found",
        changing(lambda _, reply: reply.status == 405, lambda reply: replace(reply, status=404)),
        "expectation",
        frozenset({"REQ-405"}),
        "answer 405 instead of 404",
    ),
    BrokenServer(
        "the version is not looked at",
        misreading(
            lambda call: of(call, "createFirstSession", "createSession", "updateSession"),
            lambda call: replace(call, query=(("v", "1.0"), *(pair for pair in call.query if pair[0] != "v"))),
        ),
        "expectation",
        frozenset({"REST-400-VERSION", "REQ-400-REPEATED", "REQ-VERSION-FORM"}),
        "answer 400 instead of 200",
    ),
    BrokenServer(
        "an impression event is taken among the attributes",
        accepting("GE-400-IMPRESSION", _without_impressions, *ENGAGEMENTS, "updateSession"),
        "expectation",
        frozenset({"GE-400-IMPRESSION"}),
        "answer 400 instead of 200",
    ),
    BrokenServer(
        "a host comes with its scheme",
        changing(
            lambda call, reply: of(call, "getDomain") and reply.status == 200,
            lambda reply: with_members(reply, baseURI=f"http://{body_of(reply)['baseURI']}"),
        ),
        "body_schema",
        frozenset({"DOM-BARE-HOST"}),
        "make baseURI fit",
    ),
    BrokenServer(
        "an illegal version has the code of any bad data",
        changing(_illegal_version, lambda reply: with_members(reply, internalCode=5)),
        "expectation",
        frozenset({"REST-400-VERSION", "DOM-400-VERSION"}),
        "send internalCode as 33",
    ),
    BrokenServer(
        "a call is refused for a reason that is not its own",
        changing(
            lambda _, reply: refused_for(reply, "GE-401-FOREIGN"),
            lambda reply: with_header(reply, "Mock-Clause", "GE-401-SID"),
        ),
        "expectation",
        frozenset({"GE-401-FOREIGN"}),
        "refuse the call because of GE-401-FOREIGN",
    ),
    BrokenServer(
        "a loading account has a status that looks like NotAvailable",
        changing(_loading, lambda reply: with_members(reply, status="NotAvailable")),
        "loading_status",
        frozenset({"GE-LOADING-NO-STATUS"}),
        "leave status out",
    ),
    BrokenServer(
        "a loading account does not name the visitor",
        changing(_loading, lambda reply: with_members(reply, message="Loading account")),
        "expectation",
        frozenset({"GE-500-LOADING"}),
        "send message as",
    ),
    BrokenServer(
        "IPv6 addresses are refused",
        misreading(_has('"2001:db8::7"'), _other_text("2001:db8::7", "2001")),
        "expectation",
        frozenset({"GE-400-DETAILS"}),
        "answer 200 instead of 400",
    ),
    BrokenServer(
        "the visitor cookie is not set",
        changing(_engaged, lambda reply: with_header(reply, "Set-Cookie", None)),
        "expectation",
        frozenset({"GE-COOKIE"}),
        "send the cookie LPVID",
    ),
    BrokenServer(
        "a documented header has another type",
        changing(_engaged, lambda reply: with_header(reply, "Mock-Exchange", "first")),
        "header_schema",
        frozenset({"header_schema"}),
        "mend the header Mock-Exchange",
    ),
    BrokenServer(
        "every engagement has a connector",
        changing(
            lambda call, reply: _available(call, reply) and "connectorId" not in body_of(reply)["engagementDetails"],
            lambda reply: _with_details(reply, connectorId="1"),
        ),
        "expectation",
        frozenset({"GE-200-CONNECTOR"}),
        "leave engagementDetails.connectorId out",
    ),
    BrokenServer(
        "an engagement without a skill has skill -1",
        changing(
            lambda call, reply: _available(call, reply) and "skillId" not in body_of(reply)["engagementDetails"],
            lambda reply: _with_details(reply, skillId=-1),
        ),
        "expectation",
        frozenset({"GE-200-SKILL"}),
        "leave engagementDetails.skillId out",
    ),
    BrokenServer(
        "the first of repeated parameters is taken",
        misreading(_doubled, _once),
        "expectation",
        frozenset({"REQ-400-REPEATED"}),
        "answer 400 instead of 200",
    ),
    BrokenServer(
        "names of services are read without their case",
        misreading(lambda call: "Msdkgw" in call.path, _lower_case),
        "expectation",
        frozenset({"DOM-400-SERVICE"}),
        "answer 400 instead of 200",
    ),
    BrokenServer(
        "the connection is cut on a bad version",
        _silent,
        "no_reply",
        frozenset({"REST-400-VERSION", "REQ-400-REPEATED", "REQ-ORDER"}),
        "send a complete HTTP reply",
    ),
    BrokenServer(
        "a refusal does not name the member",
        changing(
            lambda _, reply: refused_for(reply, "JS-400-APPTYPE") and not refused_for(reply, "GE-400-DETAILS"),
            lambda reply: with_members(reply, message="validation error"),
        ),
        "expectation",
        frozenset({"JS-400-APPTYPE"}),
        "send message as 'appType'",
    ),
    BrokenServer(
        "the session is not continued at the REST door",
        changing(
            lambda call, reply: of(call, "createSession") and reply.status == 200,
            lambda reply: with_members(reply, sessionId="a-new-session"),
        ),
        "expectation",
        frozenset({"GE-CONTINUE"}),
        "send sessionId as",
    ),
]
