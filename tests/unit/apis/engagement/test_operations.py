import orjson
import pytest

from mockserver.apis.engagement.operations import OPERATIONS
from mockserver.apis.engagement.outcomes import NotAvailable, Offer
from mockserver.apis.engagement.outcomes.error import NAMED_ERRORS
from mockserver.apis.engagement.sessions import Sessions
from mockserver.engine.api import CallContext
from mockserver.errors import Refused
from mockserver.scenarios.outcomes import Verbatim
from mockserver.stores.memory import MemoryStore
from tests.support.builders import ACCOUNT, CONTRACT, NOW_MS, OFFER, a_valid_call, a_world

ENGAGEMENT = OPERATIONS["getEngagement"]
UPDATE = OPERATIONS["updateSession"]
NO_IDS = {}


@pytest.fixture
def sessions():
    """Make sessions that are kept in memory."""
    return Sessions(MemoryStore())


def a_context(sessions, call=None, **world):
    return CallContext(call or a_valid_call(), a_world(**world), sessions.store, CONTRACT)


def body(answer):
    return orjson.loads(answer.reply.body)


def test_both_doors_share_one_handler():
    doors = [OPERATIONS[name] for name in ("getEngagement", "createFirstSession", "createSession")]

    assert len({(door.objections, door.authorize, door.answer) for door in doors}) == 1


def test_an_offer_becomes_a_reply_of_the_session(sessions):
    answer = ENGAGEMENT.answer(a_context(sessions), OFFER, NO_IDS)

    assert body(answer)["engagementDetails"] == OFFER.details
    assert (answer.visitor_id, answer.session_id) == (body(answer)["visitorId"], body(answer)["sessionId"])
    assert sessions.find("default", ACCOUNT, answer.session_id)["contexts"] == {"1": NOW_MS + 900_000}


def test_an_answer_without_an_offer_hands_out_no_context(sessions):
    answer = ENGAGEMENT.answer(a_context(sessions), NotAvailable(), NO_IDS)

    assert body(answer)["status"] == "NotAvailable"
    assert sessions.find("default", ACCOUNT, answer.session_id)["contexts"] == {}


def test_numeric_ids_that_are_no_digits_stay_what_they_are(sessions):
    offer = Offer({**OFFER.details, "campaignId": "x", "engagementId": "0042", "connectorId": 7}, off_contract=True)

    details = body(ENGAGEMENT.answer(a_context(sessions, id_type="number"), offer, NO_IDS))["engagementDetails"]

    assert (details["campaignId"], details["engagementId"], details["connectorId"]) == ("x", 42, 7)


def test_a_loading_account_keeps_the_vid_of_the_caller(sessions):
    with pytest.raises(Refused, match="Loading account: 56072331, vid: 123"):
        ENGAGEMENT.answer(a_context(sessions, a_valid_call(vid="123")), NAMED_ERRORS["loading"], NO_IDS)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>", id="no JSON"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"visitorId":"a"}', id="one id"),
        pytest.param(b'{"visitorId":1,"sessionId":2}', id="ids of the wrong type"),
    ],
)
def test_a_verbatim_reply_without_ids_opens_no_session(sessions, text):
    answer = ENGAGEMENT.answer(a_context(sessions), Verbatim(200, (), text), NO_IDS)

    assert answer.reply.body == text
    assert (answer.visitor_id, sessions.listing("default", NOW_MS)) == (None, [])


def test_a_verbatim_error_opens_no_session_whatever_it_says(sessions):
    text = b'{"visitorId":"a","sessionId":"b"}'

    ENGAGEMENT.answer(a_context(sessions), Verbatim(500, (), text), NO_IDS)

    assert sessions.listing("default", NOW_MS) == []


@pytest.mark.parametrize("vid", ["a\nb", "a;b", "日本"])
def test_an_id_that_no_header_can_carry_becomes_no_cookie(sessions, vid):
    text = orjson.dumps({"visitorId": vid, "sessionId": "s"})

    answer = ENGAGEMENT.answer(a_context(sessions), Verbatim(200, (), text), NO_IDS)

    assert "Set-Cookie" not in dict(answer.reply.headers)


def test_authorizing_and_objecting_change_nothing(sessions):
    context = a_context(sessions, a_valid_call(vid="123", sid="456"))
    ENGAGEMENT.objections(context)
    ENGAGEMENT.authorize(context)

    assert sessions.listing("default", NOW_MS) == []
    assert not sessions.knows_visitor("default", ACCOUNT, "123")


def an_update(answer, **members):
    return a_valid_call(
        "updateSession", vid=answer.visitor_id, sid=answer.session_id, body={"pageId": "9", **members}
    )  # fmt: skip


@pytest.mark.parametrize(("status", "updates"), [(200, 1), (500, 0)])
def test_only_an_update_that_succeeds_is_noted(sessions, status, updates):
    opened = ENGAGEMENT.answer(a_context(sessions), OFFER, NO_IDS)

    UPDATE.answer(a_context(sessions, an_update(opened)), Verbatim(status), NO_IDS)

    assert sessions.find("default", ACCOUNT, opened.session_id)["updates"] == updates


def test_every_context_that_was_never_offered_is_told(sessions):
    opened = ENGAGEMENT.answer(a_context(sessions), OFFER, NO_IDS)
    events = [
        {"type": "impDisplay", "eContext": [{"id": "1"}, {"id": "2"}]},
        {"type": "impClose"},
        {"eContext": [{"id": "3"}]},
    ]

    with pytest.raises(Exception, match=r"impAttributes.0.eContext.1.id, impAttributes.2.eContext.0.id") as refused:
        UPDATE.authorize(a_context(sessions, an_update(opened, impAttributes=events)))

    assert [v.clause for v in refused.value.violations] == ["US-400-CONTEXT"] * 2
