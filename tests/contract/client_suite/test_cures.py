"""Each planted defect is found by its own clause, and goes when the client does what the finding says."""

import re

import pytest

from contracts.judging.calls.policies import load_policy
from contracts.mock.own_mock import mock_at
from tests.contract.clients.planted import Client
from tests.contract.clients.playing import SITUATIONS, patient, play

DOCUMENTED = load_policy("documented")
SECOND_SESSION = ["session-lost"]
FAILING = ["first-503-with-message", "first-500-recovers-after-1"]
LOADING = ["loading-1", "first-500-recovers-after-1"]
#: Good replies in every shape, and as the mock gives them.
SHAPES = [*(name for name in SITUATIONS if name.startswith("available-")), "session-lost", "second-not-available"]

#: The defect, its door, its clause, the words of the cure that lead to the mended client, and where it shows.
PLANTED = [
    ("drop-sid", "rest", "GE-401-SID", r"send the latest sessionId as query\.sid", ()),
    ("drop-sid", "js", "GE-401-SID", r"send the latest sessionId as body\.sid", ()),
    ("drop-vid", "rest", "GE-401-VID", r"send the visitorId in the path with the sid", ()),
    ("drop-vid", "js", "GE-401-VID", r"send vid with the sid", ()),
    ("drop-both", "rest", "CL-IDS-CARRIED", r"save visitorId and sessionId and send both", ()),
    ("change-vid", "rest", "GE-401-FOREIGN", r"send vid and sid of the same reply", ()),
    ("made-up-sid", "js", "CL-IDS-CARRIED", r"replace the saved visitorId and sessionId by those of every reply", ()),
    ("keep-old-sid", "rest", "CL-IDS-CARRIED", r"by those of every reply", SECOND_SESSION),
    ("made-up-context", "rest", "US-400-CONTEXT", r"send the contextId in engagementDetails of the latest reply", ()),
    ("context-of-the-session-before", "rest", "US-400-CONTEXT", r"contextId .* of the latest reply", SECOND_SESSION),
    ("retry-4xx", "rest", "CL-RETRY-4XX", r"do not call again .* refused \(4xx\)", ["first-400-with-message"]),
    ("retry-not-available", "rest", "CL-NOTAVAILABLE-FINAL", r"do not call again .* not available", ["not-available"]),
    ("no-retry", "rest", "CL-RETRY-5XX", r"call again after 5 s, 3 times at most", FAILING),
    ("dies-of-5xx", "rest", "CL-RETRY-5XX", r"call again after 5 s, 3 times at most", LOADING),
    ("short-pauses", "rest", "CL-RETRY-5XX", r"wait 5 s before retry 1", FAILING),
    ("too-many-retries", "rest", "CL-RETRY-5XX", r"give up after retry 3", FAILING),
    ("hasty-429", "rest", "CL-RETRY-429", r"wait at least 1 s before retry 1", ["first-429-once"]),
    ("loading-without-vid", "rest", "CL-RETRY-LOADING", r"vid from the message .* send it as path\.visitorId", LOADING),
    ("loading-without-vid", "js", "CL-RETRY-LOADING", r"vid from the message .* send it as body\.vid", LOADING),
    ("loading-stale-sid", "rest", "CL-RETRY-LOADING", r"leave query\.sid out until a reply has brought a", LOADING),
    ("loading-is-not-available", "rest", "GE-LOADING-NO-STATUS", r"look at the HTTP status first", LOADING),
    ("unknown-is-available", "rest", "CL-UNKNOWN-STATUS", r"neither Available nor NotAvailable", ["status-unknown"]),
    ("closed-reply", "rest", "GE-200-OPEN", r"ignore members that are not known", SHAPES),
    ("numeric-ids", "rest", "GE-200-ID-TYPES", r"accept campaignId as text and as a number", SHAPES),
    ("text-ids", "rest", "GE-200-ID-TYPES", r"accept engagementId as text and as a number", SHAPES),
    ("skill-required", "rest", "GE-200-SKILL", r"skillId and skillName as optional", SHAPES),
    ("connector-forbidden", "rest", "GE-200-CONNECTOR", r"connectorId .* may be there", SHAPES),
    ("message-required", "rest", "ERR-ENTITY", r"message with a default", [
        "first-400-with-message", "first-401-without-message", "second-500-without-message", *FAILING,
    ]),
    ("app-type-wrong", "rest", "REST-400-APPTYPE", r"send appType as .*'EXTERNAL'", ()),
    ("app-type-missing", "rest", "REST-400-APPTYPE", r"send appType", ()),
    ("app-type-wrong", "js", "JS-400-APPTYPE", r"send appType as 'EXTERNAL'", ()),
    ("os-wrong", "js", "GE-400-DETAILS", r"send appDetails\.os as .*'LINUX'", ()),
    ("sections-as-text", "rest", "GE-400-SECTIONS", r"send consumerSections as array", ()),
    ("v-missing", "rest", "REST-400-VERSION", r"add v=1\.0 to the query", ()),
    ("v-wrong", "rest", "REST-400-VERSION", r"send v as '1\.0'|v fit .*1", ()),
    ("v-twice", "rest", "REQ-400-REPEATED", r"send v once", ()),
    ("singular-path", "rest", "REST-SINGULAR-PATH", r"write visitors instead of visitor", ()),
    ("get", "rest", "REQ-405", r"use POST", ()),
    ("content-type", "rest", "REQ-415", r"send Content-Type: application/json", ()),
    ("impression-as-attribute", "rest", "GE-400-IMPRESSION", r"impAttributes of Update Session", ()),
    ("page-missing", "rest", "US-400-PAGE", r"send pageId", ()),
    ("update-without-sid", "rest", "US-400-SID", r"add sid=\{sessionId of the latest reply\}", ()),
    ("override-always", "rest", "REQ-405", r"leave X-HTTP-Method-Override out", ()),
    ("override-always", "js", "REQ-405", r"leave X-HTTP-Method-Override out", ()),
    ("body-too-large", "rest", "REQ-413", r"send a body that is no larger", ()),
    ("update-by-post", "rest", "US-TUNNEL", r"send Update Session with PUT", ()),
    ("engagement-by-put", "rest", "REST-PATH", r"send Create Session with POST", ()),
    ("prefers", "rest", "REQ-400-PREFER", r"leave the header Prefer out", ()),
]  # fmt: skip


@pytest.fixture(scope="module")
def mock_url():
    with mock_at(None) as url:
        yield url


def findings_of(mock_url, door, defect, names):
    kind = patient(Client)
    verdict = play(mock_url, lambda url, account: kind(url, account, door, defect), DOCUMENTED, names)
    return (*verdict.findings, *verdict.doubts)


@pytest.mark.parametrize("planted", PLANTED, ids=[f"{defect} at {door}" for defect, door, *_ in PLANTED])
def test_a_client_that_does_what_a_finding_says_is_found_right(mock_url, planted):
    defect, door, clause, words, names = planted
    names = ["available-1", *(name for name in names if name != "available-1")]
    found = findings_of(mock_url, door, defect, names)
    mended = any(re.search(words, one.cure) for one in found if one.rule == clause)
    left = findings_of(mock_url, door, "" if mended else defect, names)

    assert {one.rule for one in found} == {clause}, [(one.rule, one.where, one.got) for one in found]
    assert [(one.rule, one.where, one.cure) for one in left] == []
