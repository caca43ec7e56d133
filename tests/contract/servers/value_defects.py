"""Servers that misread one member, or answer a look-up wrongly: each with what must be found."""

from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote

from contracts.server_suite.bench import EXPECTATION
from contracts.server_suite.near.runs import LOOKUP
from tests.contract.servers.tampering import (
    Defect,
    body_of,
    changing,
    misreading,
    of,
    refused_for,
    with_body,
    with_members,
)


@dataclass(frozen=True)
class MisreadingServer:
    """One defect with the only thing that may be found."""

    sentence: str
    operation: str
    defect: Defect
    rules: frozenset[str]
    #: The member, as the place of some finding names it.
    member: str
    check: str = field(default=EXPECTATION)


def everywhere(value, change):
    """Change each value of a body from the inside out; *change* is told the member's name."""

    def changed(name, part):
        if isinstance(part, dict):
            part = {key: changed(key, inner) for key, inner in part.items()}
        elif isinstance(part, list):
            part = [changed(name, inner) for inner in part]
        return change(name, part)

    return changed("", value)


def reading(operation, change):
    """Make a defect that reads the members of *operation* otherwise than they stand."""

    def read(call):
        body = body_of(call)
        other = everywhere(body, change)
        return call if repr(other) == repr(body) else with_body(call, other)  # repr tells 1 from True

    return misreading(lambda call: of(call, operation), read)


def member(name, change):
    """Change the values of the members of this name that are text."""
    return lambda key, value: change(value) if key == name and isinstance(value, str) else value


def items(name, change):
    """Change the lists of this name."""
    return lambda key, value: change(value) if key == name and isinstance(value, list) else value


def number_of(text):
    try:
        return float(text)
    except ValueError:
        return text


def query(operation, name, change):
    """Make a defect that reads the parameter *name* otherwise than it stands."""

    def read(call):
        return replace(call, query=tuple((key, change(value) if key == name else value) for key, value in call.query))

    return misreading(lambda call: of(call, operation), read)


def segment(operation, place, change):
    """Make a defect that reads one segment of the path otherwise than it stands."""

    def read(call):
        parts = call.path.split("/")
        parts[place] = quote(change(unquote(parts[place])), safe="")
        return replace(call, path="/".join(parts))

    return misreading(lambda call: of(call, operation), read)


def replying(operation, change):
    """Make a defect that changes the good replies of *operation*."""
    return changing(lambda call, reply: of(call, operation) and reply.status == 200, change)


def another(old, new):
    return lambda reply: replace(reply, body=reply.body.replace(old, new))


def _known_context_only(name, value):
    """Forget the contexts that were not handed out, as a server does that does not look at them."""
    return [] if name == "eContext" else value


def _nothing_expanded(_name, value):
    """Read nothing in an event whose undocumented members are null."""
    null = isinstance(value, dict) and any(
        value.get(name, "") is None for name in ("expanded", "userInit", "actionableItems")
    )
    return {} if null else value


def _unlisted_refused(call):
    return with_body(call, []) if b"unlistedMember" in call.body else call


def _stranger_refused(answer):
    def worse(call):
        unlisted = of(call, "updateSession") and "unlisted" in dict(call.query)
        return answer(replace(call, query=())) if unlisted else answer(call)

    return worse


def _first_segment(reply):
    first = body_of(reply)["message"].split(".")[0]
    return with_members(reply, message=first)


def _no_null(_name, value):
    """Take null for a member that was left out."""
    return {key: part for key, part in value.items() if part is not None} if isinstance(value, dict) else value


def rule(*names):
    return frozenset(names)


ACCOUNT_AT, VISITOR_AT, SERVICE_AT = 3, 7, 5

MISREADING_SERVERS = [
    # Too widely, in bodies
    MisreadingServer(
        "os is read in any case",
        "getEngagement",
        reading("getEngagement", member("os", str.upper)),
        rule("GE-400-DETAILS"),
        "body.appDetails.os",
    ),
    MisreadingServer(
        "appType may be a list of one",
        "getEngagement",
        reading("getEngagement", items("appType", lambda several: several[0])),
        rule("JS-400-APPTYPE"),
        "body.appType",
    ),
    MisreadingServer(
        "only the first of the sections is looked at",
        "getEngagement",
        reading("getEngagement", items("consumerSections", lambda several: several[:1])),
        rule("GE-400-SECTIONS"),
        "body.consumerSections.1",
    ),
    MisreadingServer(
        "a service may have status 14",
        "getEngagement",
        reading("getEngagement", lambda name, value: 13 if name == "status" and value == 14 else value),
        rule("GE-400-ATTRIBUTES"),
        "body.engagementAttributes.1.service.status = 14",
    ),
    MisreadingServer(
        "blanks around the device family are cut off",
        "createFirstSession",
        reading("createFirstSession", member("deviceFamily", str.strip)),
        rule("GE-400-DETAILS"),
        "body.appDetails.deviceFamily",
    ),
    MisreadingServer(
        "the first attribute alone is looked at",
        "createFirstSession",
        reading("createFirstSession", items("engagementAttributes", lambda several: several[:1])),
        rule("GE-400-ATTRIBUTES", "GE-400-IMPRESSION", "GE-400-SEARCHINFO-MSDK"),
        "body.engagementAttributes.1.type",
    ),
    MisreadingServer(
        "an IPv6 address may have a zone",
        "createSession",
        reading("createSession", member("ipAddress", lambda text: text.partition("%")[0])),
        rule("GE-400-DETAILS"),
        "body.appDetails.ipAddress",
    ),
    MisreadingServer(
        "a truth counts as a number",
        "createSession",
        reading("createSession", lambda _, value: int(value) if value is True else value),
        rule("GE-400-ATTRIBUTES"),
        "body.engagementAttributes.1.total = true",
    ),
    MisreadingServer(
        "null counts as left out",
        "createSession",
        reading("createSession", _no_null),
        rule("GE-400-DETAILS", "GE-400-SECTIONS", "GE-400-ATTRIBUTES"),
        "body.appDetails.os = null",
    ),
    MisreadingServer(
        "a campaign may be a number as text",
        "updateSession",
        reading("updateSession", member("campaign", number_of)),
        rule("US-400-IMPRESSION"),
        "body.impAttributes.1.campaign",
    ),
    MisreadingServer(
        "contexts of impressions are not looked at",
        "updateSession",
        reading("updateSession", _known_context_only),
        rule("US-400-IMPRESSION", "US-400-CONTEXT"),
        "body.impAttributes.1.eContext.1.id",
    ),
    MisreadingServer(
        "the page may be a number",
        "updateSession",
        reading("updateSession", lambda name, value: str(value) if name == "pageId" and value == 7 else value),
        rule("US-400-PAGE"),
        "body.pageId = 7",
    ),
    MisreadingServer(
        "the country of a language may be in small letters",
        "updateSession",
        reading("updateSession", member("language", lambda text: text[:-2] + text[-2:].upper())),
        rule("GE-400-ATTRIBUTES"),
        "body.engagementAttributes.1.personal.language",
    ),
    # Too narrowly, in bodies
    MisreadingServer(
        "a visitor id of 128 characters is refused",
        "getEngagement",
        reading("getEngagement", member("vid", lambda text: "" if len(text) == 128 else text)),
        rule("GE-401-MALFORMED"),
        "body.vid",
    ),
    MisreadingServer(
        "an unlisted member refuses the call",
        "createFirstSession",
        misreading(lambda call: of(call, "createFirstSession"), _unlisted_refused),
        rule("GE-APPDETAILS-OPEN"),
        "unlistedMember",
    ),
    MisreadingServer(
        "channel 0 counts as none",
        "createSession",
        reading("createSession", lambda name, value: None if name == "channel" and value in (0, "0") else value),
        rule("GE-400-ATTRIBUTES"),
        "body.engagementAttributes.1.info.channel = 0",
    ),
    MisreadingServer(
        "what an expanded window reports may not be null",
        "updateSession",
        reading("updateSession", _nothing_expanded),
        rule("US-400-IMPRESSION"),
        "body.impAttributes.1.expanded = null",
    ),
    # Parameters
    MisreadingServer(
        "a version is read as a number",
        "createFirstSession",
        query("createFirstSession", "v", lambda text: "1.0" if number_of(text) == 1 else text),
        rule("REST-400-VERSION"),
        'query.v = "1."',
    ),
    MisreadingServer(
        "a visitor id of 129 characters is cut off",
        "createSession",
        segment("createSession", VISITOR_AT, lambda text: text[:128]),
        rule("GE-401-MALFORMED"),
        "path.visitorId",
    ),
    MisreadingServer(
        "an unlisted parameter refuses the update",
        "updateSession",
        _stranger_refused,
        rule("GE-EXTRA-REQUEST"),
        "query.unlisted",
    ),
    # Look-ups
    MisreadingServer(
        "an account may have a dash",
        "listDomains",
        segment("listDomains", ACCOUNT_AT, lambda text: text.replace("-", "_")),
        rule("DOM-400-ACCOUNT"),
        "path.accountId",
    ),
    MisreadingServer(
        "version 1 is not 1.0",
        "listDomains",
        query("listDomains", "version", lambda text: "2.0" if text == "1" else text),
        rule("DOM-400-VERSION"),
        'query.version = "1"',
    ),
    MisreadingServer(
        "the port of the host is forgotten",
        "listDomains",
        replying("listDomains", another(b":8080", b"")),
        rule("DOM-OWN-HOST"),
        "header.Host",
    ),
    MisreadingServer(
        "one of the services is not known",
        "getDomain",
        segment("getDomain", SERVICE_AT, lambda text: "unknown" if text == "rtbf" else text),
        rule("DOM-400-SERVICE"),
        'path.serviceName = "rtbf"',
    ),
    MisreadingServer(
        "every look-up is for the account of the example",
        "getDomain",
        replying("getDomain", lambda reply: with_members(reply, account="56072331")),
        rule("DOM-ONE"),
        "path.accountId",
        LOOKUP,
    ),
    MisreadingServer(
        "blanks around a version are cut off",
        "getDomain",
        query("getDomain", "version", str.strip),
        rule("DOM-400-VERSION"),
        'query.version = "1.0 "',
    ),
    MisreadingServer(
        "a callback may be longer than 128 characters",
        "listDomainsScript",
        query("listDomainsScript", "cb", lambda text: text[:128]),
        rule("DOM-400-CALLBACK"),
        "query.cb",
    ),
    MisreadingServer(
        "the hosts in a script have a scheme",
        "listDomainsScript",
        replying("listDomainsScript", another(b'"baseURI":"', b'"baseURI":"https://')),
        rule("DOM-BARE-HOST"),
        "query.version",
        LOOKUP,
    ),
    MisreadingServer(
        "smt is not among the services of a script",
        "listDomainsScript",
        replying("listDomainsScript", another(b'"smt"', b'"tms"')),
        rule("DOM-JSONP-ALL"),
        "path.accountId",
        LOOKUP,
    ),
    MisreadingServer(
        "services are found in any case",
        "getDomainScript",
        segment("getDomainScript", SERVICE_AT, lambda text: "msdkgw" if text.lower() == "msdkgw" else text),
        rule("DOM-400-SERVICE"),
        'path.serviceName = "MSDKGW"',
    ),
    MisreadingServer(
        "a callback of an object is not called",
        "getDomainScript",
        query("getDomainScript", "cb", lambda text: text.replace(".", " ")),
        rule("DOM-400-CALLBACK"),
        "query.cb",
    ),
    MisreadingServer(
        "the script calls one function for everybody",
        "getDomainScript",
        replying("getDomainScript", lambda reply: replace(reply, body=b"lpCb0" + reply.body[reply.body.index(b"(") :])),
        rule("DOM-JSONP"),
        "query.cb",
        LOOKUP,
    ),
    # The refusal itself
    MisreadingServer(
        "a refusal names the outermost member only",
        "createSession",
        changing(
            lambda call, reply: of(call, "createSession") and refused_for(reply, "GE-400-DETAILS"), _first_segment
        ),
        rule("ERR-MESSAGE"),
        "body.appDetails.os",
    ),
]
