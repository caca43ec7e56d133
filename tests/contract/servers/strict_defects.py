"""Servers whose replies only a patient client reads, and servers that are strict about capitals."""

import gzip
from dataclasses import replace

from tests.contract.servers.planted import Planted, answered, at, refused, with_text, with_time
from tests.contract.servers.tampering import misreading, with_header
from tests.support.serving.subject_server import framed

#: The checks that the servers below are found by, each under a clause that no other check knows.
STRICT_CHECKS = {"strict_json", "content_coding", "whole_reply", "head_body"}

_HOUR_MS = 3_600_000


def _without_header(*names):
    return lambda call: replace(call, headers={key: value for key, value in call.headers.items() if key not in names})


def _printed_otherwise(name):
    """Say whether a call has the header *name*, but not in these letters."""
    return lambda call: name not in call.headers and name.lower() in {key.lower() for key in call.headers}


def _deaf_to(name):
    """Make a defect that knows the header *name* by these letters only."""

    def without(call):
        others = [key for key in call.headers if key.lower() == name.lower()]
        return _without_header(*others)(call)

    return misreading(_printed_otherwise(name), without)


def _as_text(call):
    return replace(call, headers={**call.headers, "Content-Type": "text/plain"})


def _asks_to_close(call):
    return call.headers.get("Connection") == "close"


def _cut_short(call, reply):
    return framed(reply, length=len(reply.body) + 5 * _asks_to_close(call)) + reply.body


def _without_last_chunk(call, reply):
    if not _asks_to_close(call):
        return framed(reply) + reply.body
    chunked = with_header(reply, "Transfer-Encoding", "chunked")
    return framed(chunked) + b"%x\r\n%s\r\n" % (len(reply.body), reply.body)


def _with_a_line_after(_call, reply):
    return framed(reply) + reply.body + b"\r\n"


def _with_a_body_for_head(call, reply):
    return framed(reply) + (b"{}" if call.method == "HEAD" else reply.body)


def _compressed(_call, reply):
    packed = replace(with_header(reply, "Content-Encoding", "gzip"), body=gzip.compress(reply.body))
    return framed(packed) + packed.body


STRICT_SERVERS = [
    Planted(
        "replies begin with a byte order mark",
        "getEngagement",
        "REP-JSON",
        at("getEngagement", with_text(lambda body: b"\xef\xbb\xbf" + body)),
    ),
    Planted(
        "replies are written in UTF-16",
        "getDomain",
        "REP-JSON",
        at("getDomain", with_text(lambda body: body.decode().encode("utf-16"))),
    ),
    Planted(
        "refusals name their code twice",
        "updateSession",
        "REP-JSON",
        at("updateSession", with_text(lambda body: body.replace(b"{", b'{"internalCode":1,', 1)), refused),
    ),
    Planted(
        "a comment stands behind the JSON",
        "createSession",
        "REP-JSON",
        at("createSession", with_text(lambda body: body + b"\n// served by eu-west-1"), answered),
    ),
    Planted(
        "a member that nobody listed is written in Latin-1",
        "listDomains",
        "REP-JSON",
        at("listDomains", with_text(lambda body: body.replace(b"{", b'{"city":"K\xf6ln",', 1)), answered),
    ),
    Planted(
        "the time of an error is in microseconds",
        "createFirstSession",
        "ERR-TIME",
        at("createFirstSession", with_time(lambda time: time * 1000), refused),
    ),
    Planted(
        "the time of an error is the one that is printed in the documents",
        "updateSession",
        "ERR-TIME",
        at("updateSession", with_time(lambda _time: 1469543282471), refused),
    ),
    Planted(
        "the time of an error is local time",
        "listDomainsScript",
        "ERR-TIME",
        at("listDomainsScript", with_time(lambda time: time + _HOUR_MS), refused),
    ),
    Planted(
        "the media type is looked for under its printed name",
        "createSession",
        "REQ-HEADER-NAMES",
        _deaf_to("Content-Type"),
    ),
    Planted(
        "the overridden method is looked for under its printed name",
        "updateSession",
        "REQ-HEADER-NAMES",
        _deaf_to("X-HTTP-Method-Override"),
    ),
    Planted(
        "a media type in capitals is another one",
        "createFirstSession",
        "REQ-415",
        misreading(lambda call: call.headers.get("Content-Type", "").partition(";")[0].isupper(), _as_text),
    ),
    Planted("HEAD is answered with a body", "outside", "REP-HEAD", framing=_with_a_body_for_head),
    Planted("an empty line follows the body", "getDomainScript", "REP-WHOLE", framing=_with_a_line_after),
    Planted("the body is shorter than its length", "listDomains", "REP-WHOLE", framing=_cut_short),
    Planted("the last chunk is missing", "createFirstSession", "REP-WHOLE", framing=_without_last_chunk),
    Planted("replies are compressed unasked", "getDomain", "REP-CODING", framing=_compressed),
]
