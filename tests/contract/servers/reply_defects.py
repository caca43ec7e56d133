"""Servers whose replies are wrong in a way that used to be told without a clause, or taken for right."""

import json
import re
from dataclasses import replace

from tests.contract.servers.defects import BrokenServer
from tests.contract.servers.tampering import body_of, changing, of, refused_for, with_header, with_members


def _cookies(*values):
    """Set these cookies in place of the visitor's."""

    def change(reply):
        others = tuple(pair for pair in reply.headers if pair[0].lower() != "set-cookie")
        return replace(reply, headers=(*others, *(("Set-Cookie", value) for value in values)))

    return change


def _sets_cookies(_call, reply):
    return reply.header("Set-Cookie") is not None


def _scripts(call, reply):
    return of(call, "getDomainScript", "listDomainsScript") and reply.status == 200


def _look_ups(call, reply):
    return of(call, "getDomain", "listDomains") and reply.status == 200


def _script(change):
    """Change what a script hands to its function."""

    def changed(reply):
        function, handed = re.fullmatch(rb"([\w$.]+)\((.*)\);", reply.body).groups()
        return replace(reply, body=function + b"(" + json.dumps(change(json.loads(handed))).encode() + b");")

    return changed


def _everywhere(value, change):
    """Change each text in *value*."""
    if isinstance(value, dict):
        return {name: _everywhere(part, change) for name, part in value.items()}
    if isinstance(value, list):
        return [_everywhere(part, change) for part in value]
    return change(value) if isinstance(value, str) else value


SCRIPTS = ("getDomainScript", "listDomainsScript")

REPLY_DEFECTS = [
    BrokenServer(
        "the visitor's cookie is forgotten where another one is set",
        changing(_sets_cookies, _cookies("AWSALB=a; Path=/")),
        "expectation",
        frozenset({"GE-COOKIE"}),
        "send the cookie LPVID",
        operations=("getEngagement",),
    ),
    BrokenServer(
        "the visitor's cookie stands inside another one",
        changing(_sets_cookies, _cookies('other="a, LPVID=b"; Path=/', "more=LPVID=c")),
        "expectation",
        frozenset({"GE-COOKIE"}),
        "send the cookie LPVID",
        operations=("getEngagement",),
    ),
    BrokenServer(
        "the visitor's cookie has a name in small letters",
        changing(_sets_cookies, lambda reply: with_header(reply, "Set-Cookie", "lpvid=a")),
        "expectation",
        frozenset({"GE-COOKIE"}),
        "send the cookie LPVID",
        operations=("getEngagement",),
    ),
    BrokenServer(
        "hosts in a script come with their scheme",
        changing(
            _scripts,
            _script(
                lambda handed: _everywhere(handed, lambda text: re.sub(r"^.*:\d+|^localhost", r"http://\g<0>", text))
            ),
        ),
        "expectation",
        frozenset({"DOM-JSONP", "DOM-JSONP-ALL"}),
        "lpServer as text that fits",
        operations=SCRIPTS,
    ),
    BrokenServer(
        "a script calls another function than cb names",
        changing(_scripts, lambda reply: replace(reply, body=b"x" + reply.body)),
        "expectation",
        frozenset({"DOM-JSONP", "DOM-JSONP-ALL"}),
        "send the body as text that fits",
        operations=SCRIPTS,
    ),
    BrokenServer(
        "a script hands over the hosts without what is around them",
        changing(_scripts, _script(lambda handed: handed["ResultSet"])),
        "expectation",
        frozenset({"DOM-JSONP", "DOM-JSONP-ALL"}),
        "among ResultSet.lpData.baseURIs",
        operations=SCRIPTS,
    ),
    BrokenServer(
        "a wrong appType is unprocessable",
        changing(lambda _, reply: refused_for(reply, "JS-400-APPTYPE"), lambda reply: replace(reply, status=422)),
        "documented_status",
        frozenset({"JS-400-APPTYPE", "ERR-MESSAGE", "ERR-400"}),
        "answer with a documented status instead of 422",
        operations=("getEngagement",),
    ),
    BrokenServer(
        "an update is answered 204",
        changing(
            lambda call, reply: of(call, "updateSession") and reply.status == 200,
            lambda reply: replace(reply, status=204),
        ),
        "documented_status",
        frozenset({"US-200"}),
        "answer with a documented status instead of 204",
        operations=("updateSession",),
    ),
    BrokenServer(
        "look-ups are declared as bytes",
        changing(_look_ups, lambda reply: with_header(reply, "Content-Type", "application/octet-stream")),
        "media_type",
        frozenset({"REP-TYPE"}),
        "send Content-Type: application/json",
        operations=("getDomain", "listDomains"),
    ),
    BrokenServer(
        "a script is declared as JSON",
        changing(_scripts, lambda reply: with_header(reply, "Content-Type", "application/json")),
        "media_type",
        frozenset({"REP-TYPE"}),
        "send Content-Type: application/javascript",
        operations=SCRIPTS,
    ),
    BrokenServer(
        "errors do not say that they are JSON",
        changing(lambda _, reply: reply.status == 400, lambda reply: with_header(reply, "Content-Type", None)),
        "media_type",
        frozenset({"REP-TYPE"}),
        "send Content-Type: application/json",
        operations=("createSession",),
    ),
    BrokenServer(
        "the time of an error is text with milliseconds",
        changing(
            lambda _, reply: reply.status == 401, lambda reply: with_members(reply, time=str(body_of(reply)["time"]))
        ),
        "error_entity",
        frozenset({"ERR-ENTITY"}),
        "send time as integer",
        operations=("createSession",),
    ),
]
