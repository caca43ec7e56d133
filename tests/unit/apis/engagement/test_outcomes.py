import pytest

from mockserver.apis.engagement.outcomes import Offer
from mockserver.apis.engagement.outcomes.error import NAMED_ERRORS
from mockserver.scenarios.outcomes import ContractError
from tests.support.scenario_fakes import DEFAULT_ENGAGEMENT, outcome, refusal


class TestOffer:
    def test_an_empty_offer_is_the_default_engagement(self):
        assert outcome({"offer": {}}) == Offer(DEFAULT_ENGAGEMENT)

    def test_members_override_the_default_in_place_and_others_follow_the_contract_then_the_document(self):
        details = outcome({"offer": {"zebra": 1, "connectorId": "5", "apple": 2, "language": "de-DE"}}).details

        assert details["language"] == "de-DE"
        assert list(details) == [*DEFAULT_ENGAGEMENT, "connectorId", "zebra", "apple"]

    def test_null_removes_a_member(self):
        details = outcome({"offer": {"skillId": None, "skillName": None}}).details

        assert list(details) == list(DEFAULT_ENGAGEMENT)[:-2]

    def test_null_for_a_member_that_the_default_lacks_removes_nothing(self):
        assert outcome({"offer": {"connectorId": None}}).details == DEFAULT_ENGAGEMENT

    def test_a_deviation_on_purpose_is_offered(self):
        offered = outcome({"offer": {"skillId": "many", "skill_name": "x"}, "off_contract": True})

        assert offered == Offer({**DEFAULT_ENGAGEMENT, "skillId": "many", "skill_name": "x"}, off_contract=True)

    @pytest.mark.parametrize(
        ("then", "message"),
        [
            pytest.param(
                {"offer": {"skillId": "many"}},
                "stubs[0].then.offer: the offer breaks the contract: skillId is no number. "
                "Mend it, or put off_contract: true beside offer if it is meant",
                id="against the contract",
            ),
            pytest.param(
                {"offer": dict.fromkeys(list(DEFAULT_ENGAGEMENT)[:5])},
                "stubs[0].then.offer: the offer breaks the contract: campaignId is missing; engagementId is missing; "
                "contextId is missing; and 2 more. Mend it, or put off_contract: true beside offer if it is meant",
                id="against the contract in many places",
            ),
            pytest.param(
                {"offer": {"skill_name": "Sales"}},
                "stubs[0].then.offer.skill_name: the contract spells this member 'skillName'; "
                "if another member is meant, put off_contract: true beside offer",
                id="another spelling",
            ),
            pytest.param(
                {"offer": {"skilName": None}},
                "stubs[0].then.offer.skilName: there is no 'skilName' to remove; did you mean 'skillName'? "
                "Valid members: "
                "campaignId, engagementId, contextId, windowId, language, engagementRevision, validForSeconds, "
                "skillId, "
                "skillName, connectorId",
                id="nothing to remove",
            ),
            pytest.param({"offer": []}, "stubs[0].then.offer: wanted a mapping, got a list", id="no mapping"),
        ],
    )
    def test_an_offer_that_is_not_meant_is_refused(self, then, message):
        assert refusal({"then": then}) == message


class TestError:
    @pytest.mark.parametrize("name", NAMED_ERRORS)
    def test_an_error_goes_by_its_name(self, name):
        assert outcome({"error": name}) == NAMED_ERRORS[name]

    @pytest.mark.parametrize(
        ("message", "read"),
        [
            pytest.param({}, None, id="left out"),
            pytest.param({"message": None}, None, id="null"),
            pytest.param({"message": "Ouch"}, "Ouch", id="text"),
        ],
    )
    def test_an_error_is_spelt_out(self, message, read):
        assert outcome({"error": {"status": 500, "internalCode": 18, **message}}) == ContractError(500, 18, read)

    @pytest.mark.parametrize(
        ("stub", "message"),
        [
            pytest.param(
                {"then": {"error": "lodaing"}},
                "stubs[0].then.error: unknown error 'lodaing'; did you mean 'loading'? "
                "Valid values: loading, internal, unavailable, unknown_account, no_engagement",
                id="unknown name",
            ),
            pytest.param(
                {"then": {"error": {"status": 418, "internalCode": 1}}},
                "stubs[0].then.error.status: "
                "the contract documents no status 418 for getEngagement, only 200, 400, 401, "
                "404, 413, 415, 500, 503; to send it all the same, use reply with off_contract: true",
                id="undocumented status",
            ),
            pytest.param(
                {"when": {"operation": "getDomain"}, "then": {"error": "unavailable"}},
                "stubs[0].then.error: the contract documents no status 503 for getDomain, only 200, 400, 401; "
                "to send it all the same, use reply with off_contract: true",
                id="status that this operation does not have",
            ),
            pytest.param(
                {"then": {"error": {"status": 200, "internalCode": 1}}},
                "stubs[0].then.error.status: wanted a whole number from 400 to 599, got the number 200",
                id="status that is no error",
            ),
            pytest.param(
                {"then": {"error": {"status": 500, "internal_code": 1}}},
                "stubs[0].then.error.internal_code: unknown key 'internal_code'; did you mean 'internalCode'? "
                "Valid keys: status, internalCode, message",
                id="another spelling",
            ),
            pytest.param(
                {"then": {"error": "loading", "off_contract": True}},
                "stubs[0].then.off_contract: off_contract belongs beside offer or reply",
                id="off_contract beside an error",
            ),
        ],
    )
    def test_an_error_that_the_contract_does_not_have_is_refused(self, stub, message):
        assert refusal(stub) == message
