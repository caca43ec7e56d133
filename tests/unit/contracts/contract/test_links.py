"""The links of the contract as Schemathesis reads them."""

from contracts.contract.links import with_link_bodies, without_cookies
from tests.support.harness.contract import CONTRACT

DATA = CONTRACT.data


def links(document):
    return document["components"]["responses"]["Engagement"]["links"]


def test_a_link_hands_on_each_member_of_its_body():
    bodies = {name: link.get("requestBody") for name, link in links(with_link_bodies(DATA)).items()}

    assert bodies == {
        "continueAtJsDoor": {"vid": "$response.body#/visitorId", "sid": "$response.body#/sessionId"},
        "continueAtRestDoor": None,
        "update": {"pageId": "$response.body#/pageId", "impAttributes": []},
    }


def test_the_contract_itself_says_nothing_that_generators_refuse():
    assert [name for name, link in links(DATA).items() if "requestBody" in link] == []


def test_all_else_stays_as_it_is():
    assert with_link_bodies(DATA)["paths"] == DATA["paths"]
    assert with_link_bodies(DATA)["x-clauses"] == DATA["x-clauses"]


def test_the_cookies_of_a_reply_are_left_to_readers_that_tell_one_from_another():
    headers = without_cookies(DATA)["components"]["responses"]["Engagement"]["headers"]

    assert headers.keys() == DATA["components"]["responses"]["Engagement"]["headers"].keys() - {"Set-Cookie"}
